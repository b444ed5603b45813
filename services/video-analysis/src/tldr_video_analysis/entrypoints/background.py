"""What this service does by itself: it forgets in time."""

from dataclasses import dataclass
from datetime import timedelta

from tldr_service import Clock
from tldr_streams.retention import StreamRetention


@dataclass(frozen=True, slots=True)
class Forgetting:
    """One pass over what was kept long enough."""

    streams: StreamRetention
    clock: Clock
    kept: timedelta

    async def __call__(self) -> None:
        """Streams that ended so long ago, with all that came of them."""
        await self.streams.sweep(self.clock.now(), self.kept)
