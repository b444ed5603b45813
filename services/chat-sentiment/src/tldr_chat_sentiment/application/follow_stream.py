"""What becomes of a stream elsewhere, as far as it concerns its chat."""

from dataclasses import dataclass, replace

from tldr_chat_sentiment.application.ports import Streams, Work
from tldr_chat_sentiment.domain.arrivals.chat_stream import ChatStream
from tldr_chat_sentiment.domain.measuring.memory import ChatMemory
from tldr_contracts.ids import StreamId
from tldr_streams.following import StreamFollower


@dataclass(frozen=True, slots=True)
class FollowStream(StreamFollower[ChatStream, int]):
    """Keep up with what the gateway decided; of a request only the priority matters here."""

    work: Work

    @property
    def streams(self) -> Streams:
        """The streams of the transaction at hand."""
        return self.work.streams

    async def requested(self, stream: StreamId, attempt: int, request: int) -> None:
        """The stream was submitted, with this priority."""
        before = await self.streams.lock(stream)
        await self.streams.put(replace(before.at_attempt(attempt), priority=request))

    async def resume(self, before: ChatStream, now: ChatStream) -> None:
        """Go on, with what came meanwhile."""
        await self.streams.put(now)
        await self.work.measuring.ask(now)

    async def take_back(self, stream: StreamId) -> None:
        """Measure it no more."""
        await self.work.measuring.cancel(stream)

    async def on_end(self, ended: ChatStream) -> None:
        """Forget what was written and who wrote, unless the stream may be retried."""
        if ended.over:
            await self.streams.remember(ended.id, ChatMemory())
            await self.work.arrivals.drop(ended.id)

    async def close(self, stream: StreamId) -> None:
        """Let its events go."""
        await self.work.announcements.close(stream)
