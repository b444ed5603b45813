"""A highlight was detected."""

from dataclasses import dataclass, replace

from tldr_highlight_store.application.highlights.settle_run import SettleRun
from tldr_highlight_store.application.ports import Announcements, ClipQueue, Highlights, Streams
from tldr_highlight_store.domain.highlights.highlight import ClipState, Highlight, HighlightState


@dataclass(frozen=True, slots=True)
class RecordHighlight:
    """Keep a detected highlight, say so and, once it is final, ask for its clip; an older revision changes nothing. A clip
    that was cut of an earlier revision is kept where it shows the same.

    Topics have no order among them: a highlight may come before the segments it is cut from. It waits then, and
    `FollowSource` asks for its clip.
    """

    streams: Streams
    highlights: Highlights
    clips: ClipQueue
    announcements: Announcements
    settle: SettleRun

    async def __call__(self, detected: Highlight) -> None:
        """Record one revision."""
        stream = await self.streams.lock(detected.stream)
        known = await self.highlights.get(detected.id)
        if stream.dropped or (known and (known.deleted or known.revision >= detected.revision)):
            return
        await self.streams.put(stream)  # its row may be made by this
        highlight = replace(detected, cut=ClipState.WAITING)
        if known:
            highlight = replace(highlight, edits=known.edits, verdict=known.verdict)
        if known and known.cut is ClipState.READY and known.shows_the_same(detected):
            highlight = replace(highlight, cut=ClipState.READY, clip=known.clip, thumbnail=known.thumbnail)
        await self.highlights.put(highlight)
        if known is None or known.state is HighlightState.RETRACTED:
            await self.announcements.detected(highlight)
        else:
            await self.announcements.revised(highlight)
        if highlight.worth_cutting and stream.read_to(highlight.end_ms):
            await self.clips.cut(highlight, priority=stream.priority)
        if highlight.final and highlight.cut is ClipState.READY:
            await self.announcements.ready(highlight)
            await self.settle(highlight.run)
