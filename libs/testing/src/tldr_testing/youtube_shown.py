"""What a YouTube on loopback shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum


class VideoState(StrEnum):
    """What a video is; recorded: a finished broadcast. ended: one whose recording is not there yet."""

    LIVE = "live"
    UPCOMING = "upcoming"
    ENDED = "ended"
    RECORDED = "recorded"
    UPLOADED = "uploaded"
    PRIVATE = "private"
    MEMBERS = "members"
    GONE = "gone"


class Offer(StrEnum):
    """What a player is given. apart: playlists of pictures and of sound. file: one with both. tracks: a file of each."""

    PLAYLISTS = "playlists"
    APART = "apart"
    FILE = "file"
    TRACKS = "tracks"


@dataclass(slots=True)
class YoutubeVideo:
    """A video; `segments` of `seconds` each, which a file is made of, too."""

    id: str
    state: VideoState = VideoState.LIVE
    title: str = "A match"
    segments: Sequence[bytes] = (b"segment",)
    seconds: float = 2.0
    offer: Offer = Offer.PLAYLISTS
