"""What this service does by itself: it forgets in time."""

from dataclasses import dataclass
from datetime import timedelta

from tldr_service import Clock
from tldr_video_analysis.adapters.retention_postgres import PostgresRetention


@dataclass(frozen=True, slots=True)
class Forgetting:
    """One pass over what was kept long enough."""

    kept: PostgresRetention
    clock: Clock
    streams: timedelta

    async def __call__(self) -> None:
        """Streams of which nothing was heard for so long, with all that came of them."""
        await self.kept.forget(self.clock.now() - self.streams)
