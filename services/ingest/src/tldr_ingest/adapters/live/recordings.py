"""Recordings, as a reading process reads them: files by their demuxer, playlists piece by piece."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace

from tldr_ingest.adapters.media.playlists import PlaylistFound
from tldr_ingest.adapters.media.task import read_media
from tldr_ingest.adapters.reading.messages import Item
from tldr_ingest.adapters.reading.places import GuardedAddress, ReadablePlace
from tldr_ingest.domain.errors import NoTracks, SourceChanged
from tldr_ingest.domain.live.cursor import Going, LiveCursor
from tldr_ingest.domain.live.events import LiveOpened, TimePassed
from tldr_ingest.domain.live.feed import FeedEvent, LiveFeed, Missing, PieceMark
from tldr_ingest.domain.media.source import CutSegment, Modality, ReadGap, ResumeCursor, SourceEnded, SourceEvent


def read_recording(place: ReadablePlace, after: ResumeCursor | LiveCursor | None, max_height: int) -> Iterator[Item]:
    """What `cut_source` yields, of a playlist too (of its renditions the highest that is not taller than `max_height`); a
    segment's bytes are the item's data.
    """
    if not isinstance(after, LiveCursor):
        try:
            yield from read_media(place, after)
            return
        except PlaylistFound:
            if after is not None:
                raise SourceChanged(
                    "The reading of this playlist was begun by an earlier version. Submit it as a new stream."
                ) from None
    if not isinstance(place, GuardedAddress):
        raise SourceChanged("The source is another one than when its reading began. Submit it as a new stream.")
    for event in read_playlist(place, after if isinstance(after, LiveCursor) else None, max_height):
        if isinstance(event, CutSegment):
            yield Item(replace(event, data=b""), event.data)
        else:
            yield Item(event)


def read_playlist(place: GuardedAddress, after: LiveCursor | None, max_height: int) -> Iterator[SourceEvent]:
    """SourceInfo first, then segments and gaps in order, then SourceEnded, behind a stored segment when given one.

    Splices are joined without a hole, advertisements and segments that cannot be had are gaps of every track.
    """
    import av.logging

    from tldr_ingest.adapters.hls.feed import HlsFeed, HlsSettings
    from tldr_ingest.adapters.hls.recorded import Recording
    from tldr_ingest.adapters.live.following_pyav import cut_live
    from tldr_ingest.domain.media.cutting import SegmentRule

    av.logging.set_level(av.logging.PANIC)
    recording = Recording()
    settings = HlsSettings(max_height=max_height)
    feed = _Noted(HlsFeed(place.url, place.headers, place.policy, place.limits, settings, recording))
    going = Going(after, after.end_ms if after else 0)
    gaps = _Gaps(going.told_ms)
    for event in cut_live(feed, going, _now_ms, SegmentRule(), recorded=True):
        if isinstance(event, LiveOpened):
            yield replace(event.info, format="hls", claimed_duration_ms=recording.duration_ms)
            gaps.opened(event.info.modalities, feed.last)
        elif isinstance(event, TimePassed):
            gaps.passed(event)
        elif isinstance(event, CutSegment | ReadGap):
            yield from gaps.said()
            yield replace(event, wall_clock_ms=0) if isinstance(event, CutSegment) else event
        elif isinstance(event, SourceEnded):
            yield from gaps.said()
            if not gaps.known and after is None:
                raise NoTracks("Nothing of the playlist's segments could be read.")
            yield SourceEnded(event.duration_ms, event.segments)


class _Gaps:
    """What time passed with nothing to read, one gap for each track where it is told of in parts."""

    def __init__(self, told_ms: int) -> None:
        self.known = False
        self._begun_ms = self._told_ms = told_ms
        self._gaps: list[ReadGap] = []

    def opened(self, modalities: tuple[Modality, ...], missing: Missing) -> None:
        """It is known what there is: what was missing before, behind a stored segment, can be said."""
        if not self.known and self._told_ms > self._begun_ms:
            each = (ReadGap(kind, self._begun_ms, self._told_ms, missing.code, missing.reason) for kind in modalities)
            self._gaps = [*each, *self._gaps]
        self.known = True

    def passed(self, passed: TimePassed) -> None:
        """More of it."""
        self._told_ms = passed.until_ms
        for gap in passed.gaps:
            before = next((b for b in self._gaps if b.modality is gap.modality and b.end_ms == gap.start_ms), None)
            if before is not None and before.code == gap.code:
                self._gaps[self._gaps.index(before)] = replace(before, end_ms=gap.end_ms)
            else:
                self._gaps.append(gap)

    def said(self) -> list[ReadGap]:
        """All of it, once."""
        gaps, self._gaps = self._gaps, []
        return gaps


class _Noted:
    """A feed of which the last that was missing is known."""

    def __init__(self, feed: LiveFeed) -> None:
        self._feed = feed
        self.last = Missing(0, 0, "segment_missing", "A segment could not be had.")

    def follow(self, after: PieceMark | None) -> Iterator[FeedEvent]:
        """See `LiveFeed.follow`."""
        for event in self._feed.follow(after):
            if isinstance(event, Missing):
                self.last = event
            yield event


def _now_ms() -> int:
    return time.time_ns() // 1_000_000
