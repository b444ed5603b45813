"""A customer says whether a highlight was one."""

from dataclasses import dataclass

from tldr_contracts.ids import HighlightId
from tldr_fusion_detector.application.errors import EndsBeforeItStarts, HighlightNotFound, VerdictNotFound
from tldr_fusion_detector.application.learning.feedback_ports import Learning, Verdicts
from tldr_fusion_detector.application.learning.verdict import Opinion, Verdict
from tldr_fusion_detector.application.moments.found_highlight import FoundState
from tldr_fusion_detector.application.ports import Announcements, FoundHighlights, Runs, Streams


@dataclass(frozen=True, slots=True)
class RecordVerdict:
    """Keep a verdict with the figures of the highlight, so that it can be learned from when the signals are gone; and say so."""

    streams: Streams
    runs: Runs
    found: FoundHighlights
    verdicts: Verdicts
    learning: Learning
    announcements: Announcements

    async def __call__(
        self, highlight: HighlightId, opinion: Opinion, *, start_ms: int | None, end_ms: int | None
    ) -> Verdict:
        """Keep it in place of an earlier one. HighlightNotFound, EndsBeforeItStarts."""
        known = await self.found.find(highlight)
        run = await self.runs.get(known[0]) if known else None
        if known is None or run is None or known[1].state is FoundState.RETRACTED:
            raise HighlightNotFound
        figures = known[1].highlight
        start = figures.start_ms if start_ms is None else start_ms
        end = figures.end_ms if end_ms is None else end_ms
        if end <= start:
            raise EndsBeforeItStarts(start, end)
        published = figures.confidence
        verdict = Verdict(
            highlight,
            run.stream,
            opinion,
            start_ms,
            end_ms,
            figures.score,
            published,
            run.recalibration.undo(published) if run.recalibration else published,
            run.scored_by,
        )
        await self.streams.lock(run.stream)
        kept = await self.verdicts.put(verdict)
        await self._tell(kept, kept.opinion)
        await self.learning.wake()
        return kept

    async def withdraw(self, highlight: HighlightId) -> None:
        """Forget it. VerdictNotFound."""
        known = await self.verdicts.get(highlight)
        if known is None:
            raise VerdictNotFound
        await self.streams.lock(known.stream)
        if not await self.verdicts.delete(highlight):
            raise VerdictNotFound
        await self._tell(known, None)
        await self.learning.wake()

    async def _tell(self, verdict: Verdict, opinion: Opinion | None) -> None:
        lane = await self.streams.lane_of(verdict.stream)
        await self.announcements.judged(verdict.stream, verdict.highlight, opinion, lane=lane)
