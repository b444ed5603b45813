"""A live stream keeps a window of its segments while it runs: storage does not grow with its length."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest

from tldr_contracts.ids import HighlightId, RunId, StreamId, new_id
from tldr_database import Database
from tldr_highlight_store.adapters.highlights.highlights_postgres import PostgresHighlights
from tldr_highlight_store.adapters.streams.organizations_postgres import PostgresOrganizations
from tldr_highlight_store.adapters.streams.segments_postgres import PostgresSegments
from tldr_highlight_store.adapters.streams.streams_postgres import PostgresStreams
from tldr_highlight_store.adapters.streams.window_postgres import PostgresWindows
from tldr_highlight_store.domain.highlights.highlight import Highlight, HighlightState
from tldr_highlight_store.domain.streams.segment import Segment
from tldr_highlight_store.domain.streams.stream import Stream
from tldr_highlight_store.domain.streams.window import GRACE_MS
from tldr_highlight_store.entrypoints.background import Trimming

HOUR = 3_600_000
_MANY = """
INSERT INTO segments (
    organization_id, stream_id, index, start_ms, end_ms, bucket, key, size_bytes, container, offset_ms, decode_from
) SELECT '{organization}', '{stream}', n, n * 2000, n * 2000 + 2000, 'bucket', n::text, 1, 'mp4', 0, n
FROM generate_series({first}, {last}) AS n
"""


@dataclass
class Bucket:
    """An object store that notes what is deleted, or is away."""

    deleted: list[str] = field(default_factory=list)
    away: bool = False

    async def delete_all(self, bucket: str, keys: Sequence[str]) -> None:
        if self.away:
            raise OSError("the object store cannot be reached")
        self.deleted += keys


@dataclass
class Broadcast:
    """One organization's stream."""

    database: Database
    organization: str
    id: StreamId
    bucket: Bucket = field(default_factory=Bucket)
    stored: int = 0

    async def reaches(self, end_ms: int, *, live: bool = True) -> None:
        """The stream is read up to here in segments of two seconds."""
        first, self.stored = self.stored, end_ms // 2000
        names = {"organization": self.organization, "stream": self.id, "first": first, "last": self.stored - 1}
        async with self.database.tenant(self.organization) as transaction:
            await transaction.exec_driver_sql(_MANY.format(**names))
            streams = PostgresStreams(transaction, self.organization, 5)
            known = await streams.get(self.id)
            await streams.put(Stream(self.id, read_until_ms=end_ms, live=live, trimmed_until_ms=known.trimmed_until_ms))

    async def plan(self, minutes: int) -> None:
        async with self.database.tenant(self.organization) as transaction:
            plans = PostgresOrganizations(transaction, self.organization)
            await plans.put(1, segment_days=1, highlight_days=1, dvr_minutes=minutes)

    async def highlight(self, start_ms: int, end_ms: int, state: HighlightState) -> Highlight:
        made = Highlight(
            HighlightId(new_id("hl")), self.id, RunId("run_1"), 1, state, start_ms, end_ms, start_ms, {"types": []}
        )
        async with self.database.tenant(self.organization) as transaction:
            await PostgresHighlights(transaction, self.organization).put(made)
        return made

    async def trim(self) -> None:
        await Trimming(PostgresWindows(self.database), self.bucket)()  # type: ignore[arg-type]

    async def kept(self) -> list[int]:
        async with self.database.tenant(self.organization) as transaction:
            rows = await transaction.exec_driver_sql(
                f"SELECT index FROM segments WHERE stream_id = '{self.id}' ORDER BY index"
            )
            return [row[0] for row in rows]

    async def trimmed_until_ms(self) -> int:
        async with self.database.tenant(self.organization) as transaction:
            return (await PostgresStreams(transaction, self.organization, 5).get(self.id)).trimmed_until_ms


@pytest.fixture
async def broadcast(database: Database, organization: str, stream: str) -> AsyncIterator[Broadcast]:
    yield Broadcast(database, organization, StreamId(stream))
    async with database.tenant(organization) as transaction:
        for table in ("streams", "segments", "highlights"):
            await transaction.exec_driver_sql(f"DELETE FROM {table}")


def window(hours: float, minutes: int) -> list[int]:
    last = int(hours * 1800)
    return list(range(last - (minutes * 60_000 + GRACE_MS) // 2000, last))


async def test_twelve_hours_keep_no_more_than_three(broadcast: Broadcast) -> None:
    await broadcast.plan(60)
    for hour in range(1, 13):
        await broadcast.reaches(hour * HOUR)
        await broadcast.trim()
        assert len(await broadcast.kept()) <= (60 * 60_000 + GRACE_MS) // 2000
    assert await broadcast.kept() == window(12, 60)
    assert sorted(map(int, broadcast.bucket.deleted)) == list(range(window(12, 60)[0]))
    assert await broadcast.trimmed_until_ms() == 2000 * window(12, 60)[0]


async def test_without_a_plan_two_hours_are_kept(broadcast: Broadcast) -> None:
    await broadcast.reaches(3 * HOUR)
    await broadcast.trim()
    assert await broadcast.kept() == window(3, 120)


async def test_each_organizations_streams_are_trimmed_by_its_own_plan(broadcast: Broadcast) -> None:
    other = Broadcast(broadcast.database, new_id("org"), StreamId(new_id("str")), broadcast.bucket)
    await broadcast.plan(60)
    await other.plan(30)
    await broadcast.reaches(2 * HOUR)
    await other.reaches(2 * HOUR)
    await broadcast.trim()
    assert (await broadcast.kept(), await other.kept()) == (window(2, 60), window(2, 30))


async def test_a_recording_is_not_trimmed(broadcast: Broadcast) -> None:
    await broadcast.reaches(5 * HOUR, live=False)
    await broadcast.trim()
    assert (len(await broadcast.kept()), broadcast.bucket.deleted) == (9000, [])


@pytest.mark.parametrize("state", [HighlightState.FINAL, HighlightState.PROVISIONAL, HighlightState.RETRACTED])
async def test_what_waits_for_its_clip_keeps_its_segments(broadcast: Broadcast, state: HighlightState) -> None:
    await broadcast.plan(60)
    await broadcast.highlight(600_000, 620_000, state)
    await broadcast.reaches(int(1.4 * HOUR))
    await broadcast.trim()
    needed = [] if state is HighlightState.RETRACTED else list(range(285, 325))
    assert await broadcast.kept() == needed + window(1.4, 60)


async def test_a_store_that_is_away_loses_nothing_and_others_go_on(broadcast: Broadcast) -> None:
    await broadcast.plan(60)
    await broadcast.reaches(2 * HOUR)
    broadcast.bucket.away = True
    await broadcast.trim()
    assert (len(await broadcast.kept()), await broadcast.trimmed_until_ms()) == (3600, 0)
    broadcast.bucket.away = False
    await broadcast.trim()
    assert await broadcast.kept() == window(2, 60)


async def test_where_the_clock_of_segments_breaks_is_counted(broadcast: Broadcast) -> None:
    async with broadcast.database.tenant(broadcast.organization) as transaction:
        segments = PostgresSegments(transaction, broadcast.organization)
        for index, (start_ms, offset_ms) in enumerate([(0, 0), (2000, 0), (4010, 0), (9000, 0), (11_000, 5)]):
            made = Segment(index, start_ms, start_ms + 2000, "b", "k", 1, "mp4", offset_ms, index)
            await segments.add(broadcast.id, made)
        rows: Any = await transaction.exec_driver_sql("SELECT run FROM segments ORDER BY index")
        assert [row.run for row in rows] == [0, 0, 0, 1, 2]
