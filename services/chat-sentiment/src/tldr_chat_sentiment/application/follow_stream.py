"""What becomes of a stream elsewhere, as far as it concerns its chat."""

from dataclasses import dataclass, replace

from tldr_chat_sentiment.application.ports import Work
from tldr_chat_sentiment.domain.memory import ChatMemory
from tldr_contracts.ids import StreamId


@dataclass(frozen=True, slots=True)
class FollowStream:
    """Keep up with what the gateway decided."""

    work: Work

    async def requested(self, wanted: StreamId, *, priority: int, attempt: int) -> None:
        """The stream was submitted."""
        stream = await self.work.streams.take(wanted)
        await self.work.streams.put(replace(stream, priority=priority, attempt=max(stream.attempt, attempt)))

    async def retried(self, wanted: StreamId, attempt: int) -> None:
        """Go on, with what came meanwhile."""
        stream = (await self.work.streams.take(wanted)).retried(attempt)
        await self.work.streams.put(stream)
        if stream.works:
            await self.work.measuring.ask(stream)

    async def failed(self, wanted: StreamId) -> None:
        """Rest. What came is kept: ingest goes on after it if the stream is retried."""
        await self.work.measuring.cancel(wanted)
        await self.work.streams.put((await self.work.streams.take(wanted)).failed())
        await self.work.announcements.close(wanted)

    async def over(self, wanted: StreamId) -> None:
        """Completed, cancelled or deleted: forget what was written and who wrote; only the stream's own row stays, so that
        late events find it over.
        """
        await self.work.measuring.cancel(wanted)
        await self.work.streams.put((await self.work.streams.take(wanted)).over())
        await self.work.streams.remember(wanted, ChatMemory())
        await self.work.arrivals.drop(wanted)
        await self.work.announcements.close(wanted)
