"""Cut the clip of a highlight."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

from tldr_contracts.ids import HighlightId
from tldr_highlight_store.application.ports import CutImpossible, Cutter
from tldr_highlight_store.application.work import Work
from tldr_highlight_store.domain.highlights.edits import Trim
from tldr_highlight_store.domain.highlights.highlight import ClipState, Highlight
from tldr_highlight_store.domain.streams.segment import Segment
from tldr_highlight_store.domain.streams.window import unbroken
from tldr_streams.transactions import Transactions
from tldr_streams.values import Failure, StoredObject

Outcome: TypeAlias = tuple[StoredObject, StoredObject | None] | Failure
"""A stored clip and its picture, or why there is none."""


SEGMENTS_GONE = Failure("segments_gone", "The recording is not kept any longer, so there is no clip of this moment.")


@dataclass(frozen=True, slots=True)
class CutHighlight:
    """Cut, store, announce and settle. Nothing is held open while the clip is being cut."""

    cutter: Cutter

    async def __call__(
        self, wanted: HighlightId, transactions: Transactions[Work], *, revision: int, token: int
    ) -> None:
        """`token`: a later try of the same cut has a greater one."""
        async with transactions.look() as work:
            known = await work.highlights.get(wanted)
            highlight = known.to_cut(revision) if known else None
            if highlight is None:
                return
            stream = await work.streams.get(highlight.stream)
            if stream.dropped:
                return
            segments = await work.segments.around(highlight.stream, highlight.start_ms, highlight.end_ms)
            start_ms, end_ms = highlight.start_ms, highlight.end_ms
            if stream.trimmed_until_ms > start_ms and not unbroken(segments, start_ms, end_ms):
                segments = ()
        if not stream.read_to(highlight.end_ms):
            return  # a retry has begun meanwhile; FollowSource asks again when its source was read so far
        outcome = await self._cut(highlight, segments, token) if segments else SEGMENTS_GONE
        async with transactions.finish() as work:
            await conclude(work, highlight, outcome)

    async def _cut(self, highlight: Highlight, segments: Sequence[Segment], token: int) -> Outcome:
        try:
            return await self.cutter.cut(highlight, segments, token=token)
        except CutImpossible as error:
            return error.failure


async def conclude(work: Work, seen: Highlight, outcome: Outcome) -> None:
    """Write down what became of a clip, unless the highlight has changed meanwhile. Of one that may still change nothing is
    told: what is ready or failed does not change any more.
    """
    # Before reading: a later revision must not be overwritten, and of two clips that end at once the second settles.
    await work.streams.lock(seen.stream)
    current = await work.highlights.get(seen.id)
    if current and current.trim and current.trim.awaited(seen.revision):
        await _trimmed(work, current, current.trim, outcome)
        return
    if current is None or current.revision != seen.revision:
        return
    if isinstance(outcome, Failure):
        done = replace(current, cut=ClipState.FAILED, failure=outcome)
        await work.highlights.put(done)
        if done.final:
            await work.announcements.failed(done)
    else:
        clip, thumbnail = outcome
        done = replace(current, cut=ClipState.READY, clip=clip, thumbnail=thumbnail, failure=None)
        await work.highlights.put(done)
        if done.final:
            await work.announcements.ready(done)
    if done.final:
        await work.settle(done.run)


async def _trimmed(work: Work, before: Highlight, trim: Trim, outcome: Outcome) -> None:
    """The highlight as the customer would have it, from now on; or as it was, with why."""
    if isinstance(outcome, Failure):
        await work.highlights.put(replace(before, trim=replace(trim, failure=outcome)))
        return
    clip, thumbnail = outcome
    done = replace(before.trimmed(trim), cut=ClipState.READY, clip=clip, thumbnail=thumbnail, failure=None)
    await work.highlights.put(done)
    await work.clips.replaced(before)
    await work.announcements.ready(done)
    await work.settle(done.run)
