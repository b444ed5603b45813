"""A clip is wanted of a highlight that may still change."""

from dataclasses import dataclass, replace

from tldr_contracts.ids import HighlightId
from tldr_highlight_store.application.work import Work
from tldr_highlight_store.domain.highlights.highlight import ClipState, Highlight, HighlightState

MOST_WANTED = 20
"""Clips of one stream that may be waited for at a time besides those that are cut anyway."""


class TooManyClips(Exception):
    """As many clips of the stream are waited for as may be."""


@dataclass(frozen=True, slots=True)
class AskForClip:
    """Ask for the clip of a highlight's present revision, once; a later revision that shows the same keeps it."""

    work: Work

    async def __call__(self, wanted: HighlightId) -> Highlight | None:
        """The highlight as it is after that, None where there is none. Nothing changes where its clip is there, has failed
        or is asked for already. Raises TooManyClips.
        """
        known = await self.work.highlights.get(wanted)
        if known is None:
            return None
        stream = await self.work.streams.lock(known.stream)
        known = await self.work.highlights.get(wanted)
        if known is None or stream.dropped or known.wanted or known.cut is not ClipState.WAITING:
            return known
        if known.state is not HighlightState.PROVISIONAL:
            return known
        waiting = await self.work.highlights.waiting(known.stream, 0, None)
        if sum(one.wanted for one in waiting) >= MOST_WANTED:
            raise TooManyClips
        asked = replace(known, wanted=True)
        await self.work.highlights.put(asked)
        if stream.read_to(asked.end_ms):
            await self.work.clips.cut(asked, priority=stream.priority)
        return asked
