"""A run of pieces on one clock, coded alike and without a hole between them: cut and written."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from tldr_ingest.adapters.live.parts_pyav import PieceTimed
from tldr_ingest.adapters.live.piece_pyav import DemuxedPiece
from tldr_ingest.adapters.media.segment_file_pyav import SegmentWriter
from tldr_ingest.adapters.media.tracks_pyav import ChosenTracks
from tldr_ingest.domain.errors import NotWritable
from tldr_ingest.domain.live.clock import STEP_MS, LiveClock
from tldr_ingest.domain.live.cursor import Pieces
from tldr_ingest.domain.media.cutting import DecodeChain, Draft, SegmentCutter, SegmentRule
from tldr_ingest.domain.media.holes import Holes
from tldr_ingest.domain.media.source import CutSegment, Modality, ReadGap
from tldr_ingest.domain.media.timeline import TrackClock

_LEAD_MS = 10_000
"""Decoding begins before stream time 0 where pictures are reordered, and files have no timestamps below 0."""
_AWAY = ("track_away", "The source does not send it at the moment.")


class Template:
    """The first piece that is coded like this: what segments are written by, for as long as pieces are coded alike."""

    def __init__(self, piece: DemuxedPiece) -> None:
        self.piece = piece
        self.tracks: ChosenTracks = piece.tracks
        self.coding = piece.coding
        piece.packets = []
        clocks = {
            stream.index: TrackClock(modality, stream.time_base.numerator, stream.time_base.denominator)
            for modality, stream in ((Modality.VIDEO, self.tracks.video), (Modality.AUDIO, self.tracks.audio))
            if stream is not None and stream.time_base is not None
        }
        self.writer = SegmentWriter(self.tracks, clocks)

    def close(self) -> None:
        """Its tracks are of no more use."""
        self.piece.close()


@dataclass(slots=True)
class Numbering:
    """The index of the next segment, over all runs, and up to where stream time was told of."""

    index: int = 0
    told_ms: int = 0


class Run:
    """Cuts what is added at `offset_ms`. `chain` names where decoding begins; `modalities` are those of the stream. `fresh`:
    nothing before it helps to decode it.
    """

    def __init__(
        self,
        template: Template,
        rule: SegmentRule,
        numbering: Numbering,
        pieces: Pieces,
        chain: DecodeChain,
        clock: LiveClock,
        modalities: Collection[Modality],
        offset_ms: int,
        *,
        fresh: bool,
    ) -> None:
        tracks = template.tracks
        has_video, has_audio = tracks.video is not None, tracks.audio is not None
        self.chain = chain
        self._clock = clock
        self.keyed = True
        self._template = template
        self._numbering = numbering
        self._pieces = pieces
        self._offset_ms = offset_ms
        self._came = set[bool]()
        self._start_ms = numbering.told_ms
        self._cutter = SegmentCutter(rule, has_video, has_audio, numbering.index, numbering.told_ms)
        self._holes = Holes(has_video, has_audio)
        if numbering.told_ms:
            self._holes.begin_at(numbering.told_ms)
        there = {Modality.VIDEO: has_video, Modality.AUDIO: has_audio}
        self._missing = [modality for modality in modalities if not there.get(modality)]
        self._without_key = has_video and fresh

    def add(self, packets: Iterable[PieceTimed]) -> Iterator[CutSegment | ReadGap]:
        """Take packets; the segments that are complete, with the gaps that begin in each before it."""
        for packet in packets:
            self._came.add(packet.video)
            self._holes.add(packet)
            for draft in self._cutter.add(packet):
                yield from self._publish(draft)

    def joint(self) -> Iterator[CutSegment | ReadGap]:
        """A piece is at its end, and the next one probably begins with a keyframe."""
        if self.keyed:
            for draft in self._cutter.joint():
                yield from self._publish(draft)

    def finish(self) -> Iterator[CutSegment | ReadGap]:
        """No more packets come: the rest."""
        drafts = self._cutter.finish()
        for number, draft in enumerate(drafts):
            if number == len(drafts) - 1:
                self._end_with_pictures(draft)
                self._holes.finish(draft.end_ms)
                self._say_empty(draft.end_ms)
            yield from self._publish(draft)

    def _end_with_pictures(self, draft: Draft) -> None:
        # Sound that is read some frames further than the picture does not move what comes behind.
        shown_ms = max((packet.end_ms for packet in draft.packets if packet.video), default=None)
        if shown_ms is not None and 0 < draft.end_ms - shown_ms <= STEP_MS:
            draft.end_ms = max(draft.start_ms + 1, shown_ms)

    def _say_empty(self, end_ms: int) -> None:
        """A track of which nothing came in all of the run; where it is known to be away, each segment says so."""
        for modality in self._there():
            if (modality is Modality.VIDEO) not in self._came and end_ms - self._start_ms > STEP_MS:
                self._holes.gaps.append(ReadGap(modality, self._start_ms, end_ms, *_AWAY))

    def _publish(self, draft: Draft) -> Iterator[CutSegment | ReadGap]:
        draft.index = self._numbering.index
        self._pieces.took((packet.piece, packet.video) for packet in draft.packets)  # type: ignore[attr-defined] # PieceTimed
        gaps = [*self._gaps_before(draft.end_ms), *self._absences(draft)]
        pictures = [packet for packet in draft.packets if packet.video]
        keys = tuple(sorted(packet.start_ms for packet in pictures if packet.key))
        count, anchor = len(draft.packets), self.chain.anchor
        decode_from = self.chain.decode_from(draft)
        try:
            # Players go through a live stream's segments on one clock: that of the stream, which is in none below 0.
            data, moved_ms = self._template.writer.write(draft.packets, base_ms=-self._offset_ms - _LEAD_MS)
        except NotWritable as error:
            if not draft.index:
                raise
            self.chain.anchor = anchor
            self._numbering.told_ms = draft.end_ms
            yield from gaps
            yield from self._of_range(draft, self._there(), "not_writable", error.sentence)
            return
        self._numbering.index, self._numbering.told_ms = draft.index + 1, draft.end_ms
        yield from gaps
        cursor = self._pieces.cursor(draft.index, draft.end_ms, self.chain.anchor, self._template.coding.short)
        yield CutSegment(
            index=draft.index,
            start_ms=draft.start_ms,
            end_ms=draft.end_ms,
            data=data,
            container=self._template.writer.container,
            offset_ms=moved_ms + self._offset_ms,
            decode_from=decode_from,
            has_video=bool(pictures),
            has_audio=count > len(pictures),
            keyframes_ms=keys,
            video_packets=len(pictures),
            cursor=cursor,
            wall_clock_ms=self._clock.state.wall_of(draft.start_ms),
        )

    def _gaps_before(self, end_ms: int) -> list[ReadGap]:
        gaps = self._holes.gaps
        self._holes.gaps = [gap for gap in gaps if gap.start_ms >= end_ms]
        return [gap for gap in gaps if gap.start_ms < end_ms]

    def _absences(self, draft: Draft) -> Iterator[ReadGap]:
        """What the segment has nothing of: tracks that are away, pictures that nothing can be decoded from."""
        if self._missing:
            yield from self._of_range(draft, self._missing, *_AWAY)
        if not self._without_key:
            return
        key_ms = min((packet.start_ms for packet in draft.packets if packet.video and packet.key), default=None)
        self._without_key = key_ms is None
        until_ms = draft.end_ms if key_ms is None else min(key_ms, draft.end_ms)
        if until_ms - draft.start_ms > STEP_MS:
            reason = "The source goes on in the middle of a group of pictures; they cannot be decoded up to its next keyframe."
            yield ReadGap(Modality.VIDEO, draft.start_ms, until_ms, "keyframe_missing", reason)

    def _there(self) -> list[Modality]:
        tracks = self._template.tracks
        return [
            modality
            for modality, stream in ((Modality.VIDEO, tracks.video), (Modality.AUDIO, tracks.audio))
            if stream is not None
        ]

    def _of_range(self, draft: Draft, of: Iterable[Modality], code: str, reason: str) -> Iterator[ReadGap]:
        for modality in of:
            yield ReadGap(modality, draft.start_ms, draft.end_ms, code, reason)
