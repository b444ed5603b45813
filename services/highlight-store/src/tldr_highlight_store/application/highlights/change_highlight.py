"""What a customer may change of a highlight: its words, its start and end, and whether there is one."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from tldr_contracts.ids import HighlightId
from tldr_highlight_store.application.highlights.errors import (
    HighlightNotFinal,
    HighlightNotFound,
    HighlightWithdrawn,
    OutsideRecording,
    RecordingGone,
)
from tldr_highlight_store.application.work import Work
from tldr_highlight_store.domain.highlights.edits import Edits, Trim
from tldr_highlight_store.domain.highlights.highlight import Highlight, HighlightState
from tldr_highlight_store.domain.streams.stream import Stream
from tldr_highlight_store.domain.streams.window import unbroken

Seen = Callable[[Highlight], None]
"""Raises where the highlight is not what the customer saw."""


@dataclass(frozen=True, slots=True)
class ChangeHighlight:
    """Each method one wish, under the stream's lock. HighlightNotFound, and HighlightWithdrawn of what was taken back."""

    work: Work

    async def edit(self, wanted: HighlightId, change: Callable[[Edits], Edits], seen: Seen) -> Highlight:
        """Other words; they stay through later revisions."""
        known, _ = await self._held(wanted, seen)
        edited = replace(known, edits=change(known.edits))
        await self.work.highlights.put(edited)
        return edited

    async def trim(self, wanted: HighlightId, start_ms: int, end_ms: int, seen: Seen) -> Highlight:
        """Ask for a clip with another start and end. The highlight stays as it is until that is ready, then it is one revision
        further. A later wish replaces one that is waited for. HighlightNotFinal, RecordingGone, OutsideRecording.
        """
        known, stream = await self._held(wanted, seen)
        if not known.final:
            raise HighlightNotFinal
        segments = await self.work.segments.around(known.stream, start_ms, end_ms)
        if not unbroken(segments, start_ms, end_ms):
            raise RecordingGone if stream.segments_deleted or stream.trimmed_until_ms > start_ms else OutsideRecording
        revision = max(known.revision, known.trim.revision if known.trim else 0) + 1
        asked = replace(known, trim=Trim(revision, start_ms, end_ms))
        await self.work.highlights.put(asked)
        if to_cut := asked.to_cut(revision):
            await self.work.clips.cut(to_cut, priority=stream.priority)
        return asked

    async def delete(self, wanted: HighlightId, seen: Seen) -> None:
        """It goes with its clip and picture, for good: what detection says of it later changes nothing."""
        known, _ = await self._held(wanted, seen)
        gone = known.gone()
        await self.work.highlights.put(gone)
        await self.work.clips.discard(known)
        await self.work.announcements.withdrawn(gone)
        await self.work.settle(gone.run)

    async def _held(self, wanted: HighlightId, seen: Seen) -> tuple[Highlight, Stream]:
        found = await self.work.highlights.get(wanted)
        if found is None:
            raise HighlightNotFound
        stream = await self.work.streams.lock(found.stream)
        found = await self.work.highlights.get(wanted)
        if found is None or found.deleted:
            raise HighlightNotFound
        if found.state is HighlightState.RETRACTED:
            raise HighlightWithdrawn
        seen(found)
        return found, stream
