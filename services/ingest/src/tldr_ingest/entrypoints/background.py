"""What this service does by itself: it deletes what was kept long enough."""

from dataclasses import dataclass
from datetime import timedelta

from tldr_ingest.adapters.readings_jobs import CHAT, SEGMENTS, folder_of
from tldr_ingest.adapters.retention_postgres import PostgresRetention
from tldr_service import Clock
from tldr_storage import ObjectStore, bucket_of


@dataclass(frozen=True, slots=True)
class Retention:
    """Deletes objects first and rows after: a row without objects is found again, objects without a row never."""

    found: PostgresRetention
    objects: ObjectStore
    clock: Clock
    kept: timedelta

    async def __call__(self) -> None:
        """One pass over the expired."""
        while expired := await self.found.expired(self.clock.now(), self.kept):
            for one in expired:
                bucket = bucket_of(one.organization)
                for part in [CHAT] if one.completed else [SEGMENTS, CHAT]:
                    await self.objects.delete(bucket, folder_of(one.stream, part))
            await self.found.forget(expired)
