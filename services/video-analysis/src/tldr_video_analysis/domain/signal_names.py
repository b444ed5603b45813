"""The published names of the 1 Hz series that this service measures."""

from typing import Final

MOTION: Final = "video.motion"
ACTIVITY: Final = "video.activity"
CUTS: Final = "video.cuts"
FLASHES: Final = "video.flashes"
VIDEO: Final = (MOTION, ACTIVITY, CUTS, FLASHES)

LOUDNESS: Final = "audio.loudness"
ONSETS: Final = "audio.onsets"
CROWD: Final = "audio.crowd"
SPEECH: Final = "audio.speech"
AUDIO: Final = (LOUDNESS, ONSETS, CROWD, SPEECH)
