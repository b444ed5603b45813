"""How deliveries to an endpoint went of late."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from tldr_service import Clock
from tldr_webhook_dispatcher.application.messages.ports import DeliveryStatistics
from tldr_webhook_dispatcher.domain.messages.statistics import Statistics


@dataclass(frozen=True, slots=True)
class ViewStatistics:
    """Count what was made in the last days: whole ones in UTC, today included."""

    statistics: DeliveryStatistics
    clock: Clock

    async def __call__(self, endpoint: str, days: int) -> tuple[list[date], Statistics]:
        """The days, oldest first, and what was counted."""
        today = self.clock.now().astimezone(UTC).date()
        asked = [today - timedelta(days=ago) for ago in reversed(range(days))]
        return asked, await self.statistics.since(endpoint, datetime.combine(asked[0], time(), UTC))
