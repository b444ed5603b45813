"""Streams that ended long ago are forgotten."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tldr_database import driver
from tldr_streams.retention import StreamRetention
from tldr_video_analysis.adapters.streams.tables import OF_STREAMS, streams
from tldr_video_analysis.entrypoints.background import Forgetting


class StoppedClock:
    def __init__(self, now: datetime) -> None:
        self._now = now

    def now(self) -> datetime:
        return self._now


@pytest.mark.parametrize(("days", "kept"), [(29, 1), (31, 0)])
async def test_a_stream_is_kept_for_thirty_days_after_its_end(desk: Any, recording: Any, days: int, kept: int) -> None:
    await desk.tell(recording.requested(), recording.opened(), *recording.segments(0, 1, 2), recording.gap(0, 100))
    await desk.tell(recording.decided("failed"))
    async with desk.database.system() as transaction:
        statement = "UPDATE streams SET ended_at = now() - make_interval(days => $2) WHERE stream_id = $1"
        await (await driver(transaction)).execute(statement, recording.stream, days)
    clock = StoppedClock(datetime.now(UTC))
    await Forgetting(StreamRetention(desk.database, streams, OF_STREAMS, batch=1), clock, timedelta(days=30))()
    for table, rows in (("streams", 1), ("segments", 3), ("windows", 1), ("gaps", 1)):
        found = await desk.fetch(f"SELECT FROM {table} WHERE stream_id = $1", recording.stream)
        assert len(found) == rows * kept, table
