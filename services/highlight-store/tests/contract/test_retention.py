"""Segments and highlights are kept as long as an organization's plan says, and of a stream at work nothing goes."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest

from tldr_contracts.ids import StreamId
from tldr_database import Database
from tldr_highlight_store.adapters.streams.organizations_postgres import PostgresOrganizations
from tldr_highlight_store.adapters.streams.retention_postgres import PostgresRetention
from tldr_highlight_store.adapters.streams.streams_postgres import PostgresStreams
from tldr_highlight_store.domain.streams.stream import Stream
from tldr_highlight_store.entrypoints.background import Retention
from tldr_streams.state import StreamState
from tldr_testing import FixedClock


@dataclass
class Bucket:
    """An object store that notes what is deleted."""

    deleted: list[str] = field(default_factory=list)

    async def delete(self, bucket: str, prefix: str) -> int:
        self.deleted.append(prefix)
        return 1


@dataclass
class Kept:
    """One organization's stream, and the days that pass."""

    database: Database
    organization: str
    id: StreamId

    async def put(self, state: StreamState, attempt: int = 1) -> None:
        async with self.database.tenant(self.organization) as transaction:
            await PostgresStreams(transaction, self.organization, 5).put(Stream(self.id, state, attempt))

    async def plan(self, *, segments: int, highlights: int) -> None:
        async with self.database.tenant(self.organization) as transaction:
            plans = PostgresOrganizations(transaction, self.organization)
            await plans.put(1, segment_days=segments, highlight_days=highlights)

    async def after(self, days: float) -> list[str]:
        """What of the stream is deleted so many days from now."""
        bucket, clock = Bucket(), FixedClock(datetime.now(UTC) + timedelta(days=days))
        await Retention(PostgresRetention(self.database), bucket, clock)()  # type: ignore[arg-type]
        stem = f"streams/{self.id}/"
        return [prefix.removeprefix(stem) for prefix in bucket.deleted if prefix.startswith(stem)]


@pytest.fixture
async def kept(database: Database, organization: str, stream: str) -> AsyncIterator[Kept]:
    yield Kept(database, organization, StreamId(stream))
    async with database.tenant(organization) as transaction:
        await transaction.exec_driver_sql("DELETE FROM streams")


async def test_segments_go_when_the_plan_says_once_and_highlights_later(kept: Kept) -> None:
    await kept.plan(segments=2, highlights=10)
    await kept.put(StreamState.COMPLETED)
    assert await kept.after(1.9) == []
    assert await kept.after(2.1) == ["segments/"]
    assert await kept.after(9.9) == []
    assert await kept.after(10.1) == [""]
    assert await kept.after(20) == []


async def test_without_a_plan_segments_are_kept_for_a_week(kept: Kept) -> None:
    await kept.put(StreamState.FAILED)
    assert await kept.after(6.9) == []
    assert await kept.after(7.1) == ["segments/"]


async def test_a_clip_that_is_ready_late_does_not_keep_a_stream_longer(kept: Kept) -> None:
    await kept.put(StreamState.COMPLETED)
    async with kept.database.tenant(kept.organization) as transaction:
        await transaction.exec_driver_sql("UPDATE streams SET ended_at = ended_at - interval '7 days'")
    await kept.put(StreamState.COMPLETED)
    assert await kept.after(0.1) == ["segments/"]


async def test_a_retry_keeps_its_segments_however_old_the_stream_is(kept: Kept) -> None:
    await kept.put(StreamState.FAILED)
    await kept.put(StreamState.ACTIVE, attempt=2)
    assert await kept.after(8) == []
    assert await kept.after(179) == []


async def test_a_stream_whose_end_was_never_heard_of_goes_after_three_times_as_long(kept: Kept) -> None:
    await kept.plan(segments=2, highlights=10)
    await kept.put(StreamState.ACTIVE)
    assert await kept.after(29) == []
    assert await kept.after(31) == [""]
