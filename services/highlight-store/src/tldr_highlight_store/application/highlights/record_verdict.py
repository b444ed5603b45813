"""A customer said of a highlight whether it was one."""

from dataclasses import dataclass, replace

from tldr_contracts.ids import HighlightId
from tldr_highlight_store.application.work import Work
from tldr_highlight_store.domain.highlights.edits import Verdict


@dataclass(frozen=True, slots=True)
class RecordVerdict:
    """Keep it beside the highlight, so that lists can be filtered by it; who learns from it keeps the verdict itself."""

    work: Work

    async def __call__(self, judged: HighlightId, verdict: Verdict | None) -> None:
        """None: it was taken back."""
        known = await self.work.highlights.get(judged)
        if known is None:
            return
        stream = await self.work.streams.lock(known.stream)
        known = await self.work.highlights.get(judged)
        if known and not known.deleted and not stream.dropped:
            await self.work.highlights.put(replace(known, verdict=verdict))
