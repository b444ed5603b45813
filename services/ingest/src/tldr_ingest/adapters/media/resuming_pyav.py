"""Finds the place in a source where an earlier attempt stopped, without reading what lies before."""

from __future__ import annotations

from collections.abc import Iterator

import av.error

from tldr_ingest.adapters.media.packets_pyav import PacketFeed
from tldr_ingest.adapters.media.source_pyav import OpenedSource
from tldr_ingest.adapters.media.tracks_pyav import ChosenTracks
from tldr_ingest.domain.media.cutting import Timed
from tldr_ingest.domain.media.source import ResumeCursor

# Containers whose seek finds the same packets again with the same timestamps.
_SEEKABLE = ("mov,mp4,m4a,3gp,3g2,mj2", "matroska,webm")
# DTS that a demuxer makes up are right only some pictures after a seek.
_PREROLL_MS = 5_000


class CursorLost(Exception):
    """The place to resume at was not found by seeking; reading from the start finds it."""


def packets_after(found: OpenedSource, tracks: ChosenTracks, feed: PacketFeed, after: ResumeCursor) -> Iterator[Timed]:
    if found.container.format.name not in _SEEKABLE or not found.file.seekable():
        raise CursorLost
    leader = tracks.video or tracks.audio
    assert leader is not None  # noqa: S101 - choose_tracks has raised otherwise
    clock = feed.clocks[leader.index]
    try:
        feed.seek(clock, max(0, clock.ticks(after.end_ms + feed.timeline.zero_ms - _PREROLL_MS)))
    except av.error.FFmpegError as error:
        raise CursorLost from error
    feed.holes.begin_at(after.end_ms)
    return _behind(iter(feed), after)


def _behind(packets: Iterator[Timed], after: ResumeCursor) -> Iterator[Timed]:
    reached = False
    preroll = False
    for packet in packets:
        if packet.video and not reached:
            reached = packet.pts == after.video_pts if after.video_pts is not None else packet.start_ms >= after.end_ms
            if not reached:
                preroll = True
                continue
        elif not packet.video and packet.start_ms < after.end_ms:
            preroll = True
            continue
        if not preroll:
            # The seek went too far; what lies before cannot be known to be complete.
            raise CursorLost
        yield packet
