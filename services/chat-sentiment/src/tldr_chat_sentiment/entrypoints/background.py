"""What this service does by itself: it forgets in time."""

from dataclasses import dataclass
from datetime import timedelta

from tldr_chat_sentiment.adapters.retention_postgres import ChatRetention
from tldr_service import Clock
from tldr_streams.retention import StreamRetention


@dataclass(frozen=True, slots=True)
class Forgetting:
    """One pass over what was kept long enough."""

    chat: ChatRetention
    streams: StreamRetention
    clock: Clock
    chat_kept: timedelta
    streams_kept: timedelta

    async def __call__(self) -> None:
        """Messages of failed streams first, then whole streams."""
        now = self.clock.now()
        await self.chat.expire(now - self.chat_kept)
        await self.streams.sweep(now, self.streams_kept)
