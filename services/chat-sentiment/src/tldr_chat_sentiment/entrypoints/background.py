"""What this service does by itself: it forgets in time."""

from dataclasses import dataclass
from datetime import timedelta

from tldr_chat_sentiment.adapters.retention_postgres import PostgresRetention
from tldr_service import Clock


@dataclass(frozen=True, slots=True)
class Forgetting:
    """One pass over what was kept long enough."""

    kept: PostgresRetention
    clock: Clock
    messages: timedelta
    streams: timedelta

    async def __call__(self) -> None:
        """Messages of failed streams first, then whole streams."""
        now = self.clock.now()
        await self.kept.expire_messages(now - self.messages)
        await self.kept.forget_streams(now - self.streams)
