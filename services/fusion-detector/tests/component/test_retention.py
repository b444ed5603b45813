"""Streams that ended long ago are forgotten."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tldr_database import driver
from tldr_fusion_detector.adapters.retention_postgres import PostgresRetention


@pytest.mark.parametrize(("days", "kept"), [(29, True), (31, False)])
async def test_a_stream_is_kept_for_thirty_days_after_its_end(
    service: Any, stream: str, broadcast_of: Any, days: int, kept: bool
) -> None:
    broadcast = broadcast_of(stream)
    await service.tell(*broadcast.whole())
    await service.advance(stream)
    await service.tell(broadcast.decided("completed"))
    async with service.database.system() as transaction:
        await (await driver(transaction)).execute(
            "UPDATE streams SET ended_at = now() - make_interval(days => $2) WHERE stream_id = $1", stream, days
        )
    await PostgresRetention(service.database).forget(datetime.now(UTC), timedelta(days=30))
    for table in ("streams", "signals", "runs", "highlights"):
        assert bool(await service.fetch(f"SELECT 1 FROM {table} WHERE stream_id = $1", stream)) is kept, table
