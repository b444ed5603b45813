"""Cuts what a live feed gives into self-contained segments. Blocking; memory holds a segment and a piece."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Iterator
from dataclasses import replace

from tldr_ingest.adapters.live.parts_pyav import Part, PieceTimed, parts_of
from tldr_ingest.adapters.live.piece_pyav import DemuxedPiece, PieceDamaged, demuxed
from tldr_ingest.adapters.live.run_pyav import Numbering, Run, Template
from tldr_ingest.adapters.live.tracks_pyav import TrackWatch
from tldr_ingest.adapters.media.tracks_pyav import describe
from tldr_ingest.domain.live.clock import STEP_MS, LiveClock, Placement
from tldr_ingest.domain.live.cursor import Going, Pieces, placed_at
from tldr_ingest.domain.live.events import (
    LiveEvent,
    LiveOpened,
    PieceRead,
    SourceInterruption,
    SourceResumption,
    TimePassed,
)
from tldr_ingest.domain.live.feed import FeedEnded, FeedEvent, Interrupted, Missing, Piece, PieceMark
from tldr_ingest.domain.media.cutting import DecodeChain, SegmentRule
from tldr_ingest.domain.media.source import Modality, ReadGap, SourceEnded

LIVE_RULE = SegmentRule(target_ms=2_000, max_ms=6_000)
# A piece that lasts so much longer than its source says has broken timestamps, and so has one in which they leap so often.
_LONGER_MS = 10_000
_PARTS = 3
# A stream may begin with pieces that do not say how their picture is coded; with more of them it has none.
_BEGINNING = 10

_JUMPED = ("source_jumped", "The source goes on later; what lay between did not come.")
_DAMAGED = ("piece_damaged", "A part of the source is damaged.")
_NO_KEY = ("keyframe_missing", "The source does not say how its picture is coded before its next keyframe.")


class LiveCutter:
    """Takes what a feed gives, one after the other."""

    def __init__(
        self, going: Going, now_ms: Callable[[], int], rule: SegmentRule = LIVE_RULE, *, recorded: bool = False
    ) -> None:
        after = going.after
        self._now_ms = now_ms
        self._rule = rule
        self._modalities = tuple(Modality(name) for name in going.modalities)
        self._after = after
        self._clock = LiveClock(after.clock if after else None, recorded=recorded)
        self._pieces = Pieces(after)
        self._numbering = Numbering()
        self._chain = DecodeChain(after.anchor if after else 0)
        self._watch = TrackWatch()
        self._template: Template | None = None
        self._run: Run | None = None
        self._gap = _JUMPED
        self._interrupted = False
        self._skipped = 0
        if after is not None:
            self._numbering = Numbering(after.index + 1, max(after.end_ms, going.told_ms))
            if going.told_ms > after.end_ms:
                self._clock.give_up_to(going.told_ms)

    def take(self, event: FeedEvent) -> Iterator[LiveEvent]:
        """The next thing the feed gave."""
        match event:
            case Piece():
                yield from self._read(event)
            case Missing():
                yield from self._miss(event.start_ms, event.end_ms, (event.code, event.reason))
            case Interrupted():
                yield from self._finish_run()
                if self._clock.running and not self._interrupted:
                    self._interrupted = True
                    yield SourceInterruption(self._numbering.told_ms, event.code, event.reason)
            case FeedEnded():
                yield from self.rest()
                yield SourceEnded(self._numbering.told_ms, self._numbering.index, event.code, event.reason)

    def rest(self) -> Iterator[LiveEvent]:
        """All that was read and not yielded yet."""
        yield from self._finish_run()
        if self._clock.in_gap:
            yield from self._pass(self._clock.state.position_ms)

    def close(self) -> None:
        """Nothing more will be taken."""
        if self._template is not None:
            self._template.close()
            self._template = None

    def _read(self, piece: Piece) -> Iterator[LiveEvent]:
        mark = piece.mark
        if self._lies_before(mark):
            return
        try:
            found = demuxed(piece, self._template.tracks if self._template else None)
        except PieceDamaged:
            yield from self._lose(mark, _DAMAGED)
            return
        try:
            yield from self._cut(mark, found)
        finally:
            if self._template is None or self._template.piece is not found:
                found.close()

    def _cut(self, mark: PieceMark, found: DemuxedPiece) -> Iterator[LiveEvent]:
        changed = self._watch.changed(found, mark.duration_ms, self._template, self._modalities)
        if changed and not self._says_enough(found):
            yield from self._lose(mark, _NO_KEY)
            return
        parts = parts_of(found, self._clock.expected_ms) if found.packets else []
        lasts_ms = sum(part.end_ms - part.first_ms for part in parts)
        if not parts or len(parts) > _PARTS or lasts_ms > mark.duration_ms + _LONGER_MS:
            yield from self._lose(mark, _DAMAGED)
            return
        otherwise = changed and (self._after is None or self._after.coding != found.coding.short)
        first = self._place(mark, parts[0], otherwise)
        if first is None:
            yield from self._lose(mark, self._gap)
            return
        self._after = None
        if changed:
            yield from self._adopt(found)
        yield from self._add(mark, parts, first)
        if found.broken and mark.duration_ms - lasts_ms > STEP_MS:
            yield from self._miss(mark.wall_ms + lasts_ms, mark.wall_ms + mark.duration_ms, _DAMAGED)
        yield PieceRead(self._clock.state.position_ms)

    def _add(self, mark: PieceMark, parts: list[Part], first: Placement) -> Iterator[LiveEvent]:
        packets = [packet for part in parts for packet in part.packets]
        pictures = sum(packet.video for packet in packets)
        stored = list(self._pieces.stored(mark))
        placed, wall_ms = first, mark.wall_ms
        before = placed_at(self._clock.state, first.start_ms)
        number = self._pieces.read(mark, before, self._clock.state, pictures, len(packets) - pictures)
        for part in parts:
            if part is not parts[0]:
                placed = self._place(replace(mark, wall_ms=wall_ms), part, False) or placed
                self._pieces.behind(number, self._clock.state)
            wall_ms += part.end_ms - part.first_ms
            run = yield from self._run_for(placed)
            yield from run.add(_not_stored(part.placed(placed.offset_ms), number, stored))
            run.keyed = run.keyed and (part.begins_with_key or part is not parts[0])
        yield from run.joint()

    def _place(self, mark: PieceMark, part: Part, changed: bool) -> Placement | None:
        told_ms = self._numbering.told_ms
        if not self._clock.in_gap:
            self._gap = _JUMPED
        return self._clock.place(mark, part.first_ms, part.end_ms, self._now_ms(), told_ms, changed=changed)

    def _run_for(self, placed: Placement) -> Generator[LiveEvent, None, Run]:
        """The run that goes on, or another one behind what is told of in between."""
        if placed.joined and self._run is not None:
            return self._run
        yield from self._finish_run()
        if placed.hole is not None:
            yield from self._pass(placed.hole[1])
        if self._interrupted:
            self._interrupted = False
            yield SourceResumption(self._numbering.told_ms)
        if not placed.joined:
            self._chain = DecodeChain(self._numbering.index)
        assert self._template is not None  # noqa: S101 - adopted with the first piece
        self._run = Run(
            self._template,
            self._rule,
            self._numbering,
            self._pieces,
            self._chain,
            self._clock,
            self._modalities,
            placed.offset_ms,
            fresh=not placed.joined,
        )
        return self._run

    def _finish_run(self) -> Iterator[LiveEvent]:
        run, self._run = self._run, None
        if run is not None:
            yield from run.finish()

    def _adopt(self, found: DemuxedPiece) -> Iterator[LiveEvent]:
        """Segments are written by this piece from now on."""
        yield from self._finish_run()
        self.close()
        self._template = Template(found)
        if not self._modalities:
            info = replace(describe(found.container, found.tracks), claimed_duration_ms=0)
            self._modalities = info.modalities
            state = self._clock.state
            yield LiveOpened(info, state.wall_zero_ms, state.uncertainty_ms)

    def _says_enough(self, found: DemuxedPiece) -> bool:
        if not found.coding.complete and not self._clock.running:
            self._skipped += 1
            if self._skipped > _BEGINNING:
                found.keep(video=False, audio=True)
        return bool(found.packets) and found.coding.complete

    def _lies_before(self, mark: PieceMark) -> bool:
        """Whether a piece was over before what was read first; a feed that is told of no piece begins where it likes."""
        after = self._after
        return after is not None and after.mark is None and mark.wall_ms < after.clock.wall_ms - STEP_MS

    def _lose(self, mark: PieceMark, gap: tuple[str, str]) -> Iterator[LiveEvent]:
        yield from self._miss(mark.wall_ms, mark.wall_ms + mark.duration_ms, gap)

    def _miss(self, start_ms: int, end_ms: int, gap: tuple[str, str]) -> Iterator[LiveEvent]:
        yield from self._finish_run()
        if self._clock.in_gap and gap != self._gap:
            yield from self._pass(self._clock.state.position_ms)
        self._gap = gap
        passed = self._clock.miss(start_ms, end_ms, self._now_ms(), self._numbering.told_ms)
        if passed is not None:
            yield from self._pass(passed[1])

    def _pass(self, until_ms: int) -> Iterator[LiveEvent]:
        start_ms, (code, reason) = self._numbering.told_ms, self._gap
        if until_ms > start_ms:
            self._numbering.told_ms = until_ms
            gaps = (ReadGap(modality, start_ms, until_ms, code, reason) for modality in self._modalities)
            yield TimePassed(until_ms, tuple(gaps))


def _not_stored(packets: Iterable[PieceTimed], number: int, stored: list[int]) -> Iterator[PieceTimed]:
    """The packets of a piece behind the first few pictures and sounds that lie in segments already."""
    for packet in packets:
        kind = 0 if packet.video else 1
        packet.piece = number
        if stored[kind]:
            stored[kind] -= 1
        else:
            yield packet
