"""What this service does by itself: it deletes what was kept long enough."""

from dataclasses import dataclass
from datetime import timedelta

from tldr_ingest.adapters.streams.pushed_postgres import PushedRetention
from tldr_ingest.adapters.streams.readings_jobs import CHAT, SEGMENTS, folder_of
from tldr_service import Clock
from tldr_storage import ObjectStore, bucket_of
from tldr_streams.retention import StreamRetention
from tldr_streams.state import StreamState


@dataclass(frozen=True, slots=True)
class Retention:
    """Deletes objects first and rows after: a row without objects is found again, objects without a row never."""

    streams: StreamRetention
    objects: ObjectStore
    clock: Clock
    kept: timedelta

    async def __call__(self) -> None:
        """One pass over the expired."""
        while expired := await self.streams.expired(self.clock.now(), self.kept):
            for one in expired:
                bucket = bucket_of(one.organization)
                for part in [CHAT] if one.state is StreamState.COMPLETED else [SEGMENTS, CHAT]:
                    await self.objects.delete(bucket, folder_of(one.stream, part))
            await self.streams.forget(expired)


@dataclass(frozen=True, slots=True)
class PushedChatRetention:
    """A message is in a window within seconds; what waits for longer belongs to a stream that failed, or to none.

    An id is known for an hour: who tries again does so by then.
    """

    pushed: PushedRetention
    clock: Clock
    kept: timedelta = timedelta(hours=48)
    ids_kept: timedelta = timedelta(hours=1)

    async def __call__(self) -> None:
        """Deletes what is older."""
        now = self.clock.now()
        await self.pushed.sweep(messages=now - self.kept, ids=now - self.ids_kept)
