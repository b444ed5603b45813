"""The published names of the 1 Hz series that this service measures."""

from typing import Final

from tldr_contracts import signals

MOTION: Final = signals.MOTION.name
ACTIVITY: Final = signals.ACTIVITY.name
CUTS: Final = signals.CUTS.name
FLASHES: Final = signals.FLASHES.name
VIDEO: Final = (MOTION, ACTIVITY, CUTS, FLASHES)

LOUDNESS: Final = signals.LOUDNESS.name
ONSETS: Final = signals.ONSETS.name
CROWD: Final = signals.CROWD.name
SPEECH: Final = signals.SPEECH.name
AUDIO: Final = (LOUDNESS, ONSETS, CROWD, SPEECH)
