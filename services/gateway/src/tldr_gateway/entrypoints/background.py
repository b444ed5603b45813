"""What the gateway does by itself: it fails streams that do not move, and forgets old records."""

from dataclasses import dataclass
from datetime import timedelta

from tldr_database import Database
from tldr_gateway.adapters.sweeps_postgres import PostgresSweeps
from tldr_gateway.adapters.work_postgres import WorkFactory
from tldr_service import BackgroundTask, Clock


@dataclass(frozen=True, slots=True)
class Background:
    """The background tasks of this service."""

    database: Database
    sweeps: PostgresSweeps
    work: WorkFactory
    clock: Clock
    stalled_after: timedelta
    idempotency: timedelta

    def tasks(self) -> tuple[BackgroundTask, ...]:
        """Each with its interval."""
        return (
            BackgroundTask("fail stalled streams", self.fail_stalled, interval_s=30),
            BackgroundTask("forget old records", self.forget, interval_s=600),
        )

    async def fail_stalled(self) -> None:
        """Fail each stream that has not moved for too long."""
        for organization, stream in await self.sweeps.stalled(self.clock.now() - self.stalled_after):
            async with self.database.tenant(organization) as transaction:
                await self.work(transaction, organization).change.stalled(stream)

    async def forget(self) -> None:
        """Delete what was kept long enough."""
        now = self.clock.now()
        await self.sweeps.forget(answers_before=now - self.idempotency, uploads_before=now - timedelta(days=7))
