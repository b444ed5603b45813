"""Cuts a source into self-contained segments without re-encoding. Blocking; memory holds one segment at a time."""

from __future__ import annotations

from collections.abc import Iterator

from tldr_ingest.adapters.media.audible_pyav import is_silent_beside, loudest
from tldr_ingest.adapters.media.declared_heads import is_whole_flac_frame
from tldr_ingest.adapters.media.packets_pyav import PacketFeed
from tldr_ingest.adapters.media.resuming_pyav import CursorLost, packets_after
from tldr_ingest.adapters.media.segment_file_pyav import SegmentWriter
from tldr_ingest.adapters.media.source_pyav import OpenedSource, Shortfall, Source, opened
from tldr_ingest.adapters.media.tracks_pyav import ChosenTracks, choose_tracks, describe
from tldr_ingest.domain.errors import NotMedia, SourceTruncated
from tldr_ingest.domain.media.cutting import DecodeChain, Draft, SegmentCutter, SegmentRule
from tldr_ingest.domain.media.plausible import check_duration
from tldr_ingest.domain.media.source import CutSegment, Modality, ReadGap, ResumeCursor, SourceEnded, SourceEvent
from tldr_outbound import OutboundError

# The one container with an index of every packet.
_MP4 = "mov,mp4,m4a,3gp,3g2,mj2"
# Tracks of one file end at different times by this much.
_END_SLACK_MS = 1_000


def cut_source(
    source: Source,
    rule: SegmentRule | None = None,
    after: ResumeCursor | None = None,
    salvage: bool = False,
) -> Iterator[SourceEvent]:
    """Yields SourceInfo, then segments in order with each gap before the segment it begins in, then SourceEnded.

    With `after` it goes on behind a stored segment and gives the same segments as the first time. Raises an
    IngestError for a source that cannot be taken in, an OutboundError when an address fails; what was yielded before
    stands, and with `salvage` the unfinished rest is yielded before raising (it cannot be resumed then).
    """
    rule = rule or SegmentRule()
    if after is not None and not after.spliced and not after.away:
        try:
            yield from _cut(source, rule, after, salvage, seeking=True)
            return
        except CursorLost:
            pass
    yield from _cut(source, rule, after, salvage, seeking=False)


def _cut(
    source: Source, rule: SegmentRule, after: ResumeCursor | None, salvage: bool, seeking: bool
) -> Iterator[SourceEvent]:
    with opened(source) as found:
        tracks = choose_tracks(found.container, lambda indexes: loudest(source, indexes))
        info = describe(found.container, tracks)
        feed = PacketFeed(found, tracks)
        if feed.empty:
            raise _nothing_in(found)
        if seeking and after is not None:
            packets = packets_after(found, tracks, feed, after)
            run = _Run(feed, tracks, rule, after, after)
        else:
            packets = iter(feed)
            run = _Run(feed, tracks, rule, after, None)
        yield info
        try:
            for packet in packets:
                for draft in run.cutter.add(packet):
                    yield from run.publish(draft)
        except OutboundError:
            if salvage:
                yield from run.rest()
            raise
        yield from run.rest()
        yield from run.end(_missing_at_end(found, tracks, feed), _silence(source, tracks, run.end_ms))


def _nothing_in(found: OpenedSource) -> Exception:
    if found.container.format.name == _MP4:
        return SourceTruncated("The recording has an index but no picture or sound; it was probably cut off.")
    return NotMedia("The source has no picture or sound that can be read.")


class _Run:
    """One pass over the packets: drafts to segments, gaps in between. `start` is where the packets begin."""

    def __init__(
        self,
        feed: PacketFeed,
        tracks: ChosenTracks,
        rule: SegmentRule,
        after: ResumeCursor | None,
        start: ResumeCursor | None,
    ) -> None:
        self._feed = feed
        self._after = after
        self.end_ms, self._segments, anchor = 0, 0, 0
        self._size_bytes = 0
        if start is not None:
            self.end_ms, self._segments, anchor = start.end_ms, start.index + 1, start.anchor
        self._start_ms = self.end_ms
        has_video, has_audio = tracks.video is not None, tracks.audio is not None
        self.cutter = SegmentCutter(rule, has_video, has_audio, self._segments, self.end_ms)
        self._chain = DecodeChain(anchor)
        self._writer = SegmentWriter(tracks, feed.clocks)

    def publish(self, draft: Draft) -> Iterator[SourceEvent]:
        """The gaps that begin before the segment's end, then the segment, unless it was stored before."""
        self._size_bytes += draft.size
        check_duration(draft.end_ms - self._start_ms, self._size_bytes)
        decode_from = self._chain.decode_from(draft)
        self.end_ms, self._segments = draft.end_ms, draft.index + 1
        gaps = self._gaps_before(draft.end_ms)
        if self._after is None or draft.index > self._after.index:
            yield from gaps
            yield self._segment(draft, decode_from)

    def rest(self) -> Iterator[SourceEvent]:
        """What is left when the packets are at their end."""
        for draft in self.cutter.finish():
            yield from self.publish(draft)

    def end(self, missing: list[ReadGap], silence: list[ReadGap]) -> Iterator[SourceEvent]:
        """Gaps at the end and those that are known at the end only, and the end."""
        holes = self._feed.holes
        holes.finish(self.end_ms, [gap.modality for gap in missing])
        holes.gaps += [*missing, *silence]
        end_ms = max([self.end_ms, *(gap.end_ms for gap in holes.gaps)])
        yield from self._gaps_before(end_ms + 1)
        yield SourceEnded(end_ms, self._segments)

    def _gaps_before(self, end_ms: int) -> list[ReadGap]:
        """What was found so far, to be said once."""
        gaps = self._feed.holes.gaps
        self._feed.holes.gaps = [gap for gap in gaps if gap.start_ms >= end_ms]
        return [gap for gap in gaps if gap.start_ms < end_ms]

    def _segment(self, draft: Draft, decode_from: int) -> CutSegment:
        keys = tuple(sorted(packet.start_ms for packet in draft.packets if packet.video and packet.key))
        pictures = draft.pictures
        data, moved_ms = self._writer.write(draft.packets)
        return CutSegment(
            index=draft.index,
            start_ms=draft.start_ms,
            end_ms=draft.end_ms,
            data=data,
            container=self._writer.container,
            offset_ms=moved_ms - self._feed.timeline.zero_ms,
            decode_from=decode_from,
            has_video=pictures > 0,
            has_audio=len(draft.packets) > pictures,
            keyframes_ms=keys,
            video_packets=pictures,
            cursor=ResumeCursor(
                draft.index,
                draft.end_ms,
                draft.next_video_pts,
                self._chain.anchor,
                self._feed.timeline.spliced,
                self._feed.holes.away_at(draft.end_ms),
            ),
        )


def _missing_at_end(found: OpenedSource, tracks: ChosenTracks, feed: PacketFeed) -> list[ReadGap]:
    """An MP4 file has an index of every packet. Of other files the length is a claim, believed where bytes are missing; where
    the claim went with the bytes, it is estimated by their share.
    """
    missing: list[ReadGap] = []
    zero = feed.timeline.zero_ms
    indexed = found.container.format.name == _MP4
    shortfall = None if indexed else found.shortfall
    if not indexed and (shortfall is None or _is_only_a_part(shortfall, feed)):
        return missing
    for modality, stream in ((Modality.VIDEO, tracks.video), (Modality.AUDIO, tracks.audio)):
        if stream is None:
            continue
        clock = feed.clocks[stream.index]
        reached = clock.milliseconds(clock.last_end)
        if shortfall is None:
            promised = clock.milliseconds((stream.start_time or 0) + (stream.duration or 0))
        elif shortfall.timed and found.container.duration:
            promised = ((found.container.start_time or 0) + found.container.duration) // 1000
        else:
            promised = zero + round((reached - zero) / shortfall.share)
        if promised - reached > _END_SLACK_MS:
            missing.append(_gap_at_end(modality, max(0, reached - zero), promised - zero))
    return missing


def _silence(source: Source, tracks: ChosenTracks, end_ms: int) -> list[ReadGap]:
    """Silence is nothing that was found out about a recording whose sound lies on another track."""
    if tracks.audio is None or not tracks.passed_over or not end_ms:
        return []
    if not is_silent_beside(source, tracks.audio.index, tracks.passed_over):
        return []
    reason = (
        "The default track of sound is silent and another one is not. Make that one the default, or leave the silent one out,"
        " and submit the recording again."
    )
    return [ReadGap(Modality.AUDIO, 0, end_ms, "sound_track_silent", reason)]


def _is_only_a_part(shortfall: Shortfall, feed: PacketFeed) -> bool:
    """A FLAC file ends whole although it is too short: FFmpeg copies a part of one with the count of the whole."""
    return shortfall.share == 1.0 and feed.last is not None and is_whole_flac_frame(bytes(feed.last))


def _gap_at_end(modality: Modality, start_ms: int, end_ms: int) -> ReadGap:
    seconds = (end_ms - start_ms) / 1000
    reason = f"The recording ends {seconds:.1f} s before its index says; the rest of its {modality} is missing."
    return ReadGap(modality, start_ms, end_ms, "source_truncated", reason)
