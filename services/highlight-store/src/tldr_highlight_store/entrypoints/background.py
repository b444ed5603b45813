"""What this service does by itself: it deletes what was kept long enough."""

from dataclasses import dataclass

from tldr_highlight_store.adapters.retention_postgres import PostgresRetention
from tldr_storage import ObjectStore, bucket_of


@dataclass(frozen=True, slots=True)
class Retention:
    """Deletes objects first and rows after: a row without objects is found again, objects without a row never."""

    kept: PostgresRetention
    objects: ObjectStore

    async def __call__(self) -> None:
        """One pass over the expired."""
        for expired in await self.kept.segments_expired():
            await self.objects.delete(bucket_of(expired.organization), f"streams/{expired.stream}/segments/")
            await self.kept.segments_deleted(expired)
        for expired in await self.kept.highlights_expired():
            await self.objects.delete(bucket_of(expired.organization), f"streams/{expired.stream}/")
            await self.kept.highlights_deleted(expired)
