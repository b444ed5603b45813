"""Cut the clip of a highlight."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, replace
from typing import Protocol

from tldr_contracts.ids import HighlightId
from tldr_highlight_store.application.ports import (
    Announcements,
    CutImpossible,
    Cutter,
    Highlights,
    Segments,
    SegmentsNotThere,
    Streams,
)
from tldr_highlight_store.application.settle_run import SettleRun
from tldr_highlight_store.domain.highlight import ClipState, Failure, Highlight, Stored
from tldr_highlight_store.domain.segment import Segment


class Work(Protocol):
    """The repositories of one transaction."""

    @property
    def streams(self) -> Streams:
        """The organization's streams."""

    @property
    def highlights(self) -> Highlights:
        """Its highlights."""

    @property
    def segments(self) -> Segments:
        """Its segments."""

    @property
    def announcements(self) -> Announcements:
        """What others are told."""

    @property
    def settle(self) -> SettleRun:
        """Settles runs."""


@dataclass(frozen=True, slots=True)
class CutHighlight:
    """Cut, store, announce and settle. Nothing is held open while the clip is being cut."""

    cutter: Cutter

    async def __call__(
        self,
        wanted: HighlightId,
        *,
        token: int,
        look: Callable[[], AbstractAsyncContextManager[Work]],
        finish: Callable[[], AbstractAsyncContextManager[Work]],
    ) -> None:
        """`look` opens a transaction to read in, `finish` one that also ends the job."""
        async with look() as work:
            found = await _prepare(work, wanted)
        if found is None:
            return
        highlight, segments = found
        try:
            clip, thumbnail = await self.cutter.cut(highlight, segments, token=token)
            outcome: tuple[Stored, Stored | None] | Failure = (clip, thumbnail)
        except CutImpossible as error:
            outcome = error.failure
        async with finish() as work:
            await conclude(work, highlight, outcome)


async def conclude(work: Work, seen: Highlight, outcome: tuple[Stored, Stored | None] | Failure) -> None:
    """Write down what became of a clip, unless the highlight has changed meanwhile."""
    current = await work.highlights.get(seen.id)
    if current is None or current.revision != seen.revision:
        return
    if isinstance(outcome, Failure):
        done = replace(current, cut=ClipState.FAILED, failure=outcome)
        await work.highlights.put(done)
        await work.announcements.failed(done)
    else:
        clip, thumbnail = outcome
        done = replace(current, cut=ClipState.READY, clip=clip, thumbnail=thumbnail, failure=None)
        await work.highlights.put(done)
        await work.announcements.ready(done)
    await work.settle(done.run)


async def _prepare(work: Work, wanted: HighlightId) -> tuple[Highlight, tuple[Segment, ...]] | None:
    highlight = await work.highlights.get(wanted)
    if highlight is None or not highlight.worth_cutting:
        return None
    stream = await work.streams.get(highlight.stream)
    if stream.dropped:
        return None
    if stream.read_until_ms < highlight.end_ms and not stream.ended:
        raise SegmentsNotThere
    around = await work.segments.around(highlight.stream, highlight.start_ms, highlight.end_ms)
    return highlight, tuple(around)
