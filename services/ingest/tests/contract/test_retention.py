"""What was kept long enough goes, objects first."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from tldr_database import driver
from tldr_ingest.adapters.streams.tables import OF_STREAMS, streams
from tldr_ingest.entrypoints.background import Retention
from tldr_storage import bucket_of
from tldr_streams.retention import StreamRetention


@dataclass
class Bucket:
    """An object store that notes what is deleted, and whether the row was still there."""

    desk: Any
    deleted: list[tuple[str, str]] = field(default_factory=list)

    async def delete(self, bucket: str, prefix: str) -> int:
        if self.desk.stream in prefix:
            assert await self.desk.record() is not None
            self.deleted.append((bucket, prefix.removeprefix(f"streams/{self.desk.stream}/")))
        return 1


@dataclass(frozen=True)
class Later:
    """The time so many days from now."""

    days: float

    def now(self) -> datetime:
        return datetime.now(UTC) + timedelta(days=self.days)


async def sweep(desk: Any, days: float) -> list[tuple[str, str]]:
    bucket = Bucket(desk)
    retention = StreamRetention(desk.database, streams, OF_STREAMS)
    await Retention(retention, bucket, Later(days), timedelta(days=30))()  # type: ignore[arg-type]
    return bucket.deleted


async def test_a_stream_that_failed_goes_with_all_that_was_made_of_it(desk: Any) -> None:
    await desk.tell("requested")
    await desk.tell("failed")
    assert await sweep(desk, 29) == []
    bucket = bucket_of(desk.organization)
    assert await sweep(desk, 31) == [(bucket, "segments/"), (bucket, "chat/")]
    assert await desk.record() is None


async def test_segments_of_a_completed_stream_are_kept_by_plan_elsewhere(desk: Any) -> None:
    await desk.tell("requested")
    await desk.tell("completed")
    assert await sweep(desk, 31) == [(bucket_of(desk.organization), "chat/")]
    assert await desk.record() is None


async def test_a_stream_that_never_ended_goes_after_three_times_as_long(desk: Any) -> None:
    await desk.tell("requested")
    assert await sweep(desk, 89) == []
    assert await sweep(desk, 91) != []
    assert await desk.record() is None


async def test_the_tables_of_tenants_are_closed_to_others(desk: Any) -> None:
    query = "SELECT relname FROM pg_class WHERE relrowsecurity AND relforcerowsecurity"
    async with desk.database.system() as transaction:
        found = {row["relname"] for row in await (await driver(transaction)).fetch(query)}
    assert {"streams", "segments", "gaps", "jobs"} <= found
