"""A provisional highlight did not hold."""

from dataclasses import dataclass, replace

from tldr_contracts.ids import HighlightId
from tldr_highlight_store.application.ports import Announcements, Highlights, Streams
from tldr_highlight_store.domain.highlights.highlight import HighlightState


@dataclass(frozen=True, slots=True)
class RetractHighlight:
    """Take a highlight back and say so; an older revision changes nothing."""

    streams: Streams
    highlights: Highlights
    announcements: Announcements

    async def __call__(self, highlight: HighlightId, revision: int) -> None:
        """Retract it."""
        known = await self.highlights.get(highlight)
        if (
            known is None
            or known.deleted
            or known.revision >= revision
            or (await self.streams.get(known.stream)).dropped
        ):
            return
        retracted = replace(known, revision=revision, state=HighlightState.RETRACTED)
        await self.highlights.put(retracted)
        await self.announcements.withdrawn(retracted)
