"""Streams that nothing was heard of for long are forgotten."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tldr_database import driver
from tldr_video_analysis.adapters.retention_postgres import PostgresRetention
from tldr_video_analysis.entrypoints.background import Forgetting


class StoppedClock:
    def __init__(self, now: datetime) -> None:
        self._now = now

    def now(self) -> datetime:
        return self._now


@pytest.mark.parametrize(("days", "kept"), [(29, 1), (31, 0)])
async def test_a_stream_is_kept_for_thirty_days_after_the_last_word_of_it(
    desk: Any, recording: Any, days: int, kept: int
) -> None:
    await desk.tell(recording.requested(), recording.opened(), *recording.segments(0, 1, 2), recording.gap(0, 100))
    async with desk.database.system() as transaction:
        statement = "UPDATE streams SET touched_at = now() - make_interval(days => $2) WHERE stream_id = $1"
        await (await driver(transaction)).execute(statement, recording.stream, days)
    clock = StoppedClock(datetime.now(UTC))
    await Forgetting(PostgresRetention(desk.database, batch=1), clock, timedelta(days=30))()
    for table, rows in (("streams", 1), ("segments", 3), ("windows", 1), ("gaps", 1)):
        found = await desk.fetch(f"SELECT FROM {table} WHERE stream_id = $1", recording.stream)
        assert len(found) == rows * kept, table
