"""What this service does by itself: it deletes what was kept long enough."""

from dataclasses import dataclass

from tldr_highlight_store.adapters.streams.retention_postgres import PostgresRetention
from tldr_highlight_store.adapters.streams.window_postgres import Overfull, PostgresWindows
from tldr_service import Clock
from tldr_storage import ObjectMissing, ObjectStore, bucket_of
from tldr_streams.retention import Expired
from tldr_telemetry import logger

_log = logger(__name__)


@dataclass(frozen=True, slots=True)
class Retention:
    """Deletes objects first and rows after: a row without objects is found again, objects without a row never."""

    kept: PostgresRetention
    objects: ObjectStore
    clock: Clock

    async def __call__(self) -> None:
        """One pass over the expired."""
        now = self.clock.now()
        for expired in await self.kept.segments_expired(now):
            if await self._deleted(expired, "segments/"):
                await self.kept.segments_deleted(expired)
        for expired in await self.kept.highlights_expired(now):
            if await self._deleted(expired, ""):
                await self.kept.highlights_deleted(expired)

    async def _deleted(self, expired: Expired, below: str) -> bool:
        """Whether the objects are gone; one bucket that cannot be had does not keep the others waiting."""
        try:
            await self.objects.delete(bucket_of(expired.organization), f"streams/{expired.stream}/{below}")
        except (OSError, ObjectMissing) as error:
            _log.warning("objects not deleted", stream=expired.stream, error=repr(error))
            return False
        return True


@dataclass(frozen=True, slots=True)
class Trimming:
    """Deletes what has left the windows of live streams while they run: objects first, as retention does."""

    windows: PostgresWindows
    objects: ObjectStore

    async def __call__(self) -> None:
        """One pass over the live streams."""
        after = ""
        while full := await self.windows.overfull(after):
            for one in full:
                try:
                    await self._trim(one)
                except (OSError, ObjectMissing) as error:
                    _log.warning("segments not deleted", stream=one.stream, error=repr(error))
            after = full[-1].stream

    async def _trim(self, full: Overfull) -> None:
        after: int | None = -1
        while after is not None:
            gone, after = await self.windows.expendable(full, after)
            if gone:
                await self.objects.delete_all(gone[0].bucket, [segment.key for segment in gone])
                await self.windows.deleted(full.stream, gone)
