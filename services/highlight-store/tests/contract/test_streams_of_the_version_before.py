"""Streams that the version before wrote are followed from where they stand."""

from sqlalchemy import text

from tldr_contracts.ids import RunId, StreamId
from tldr_highlight_store.adapters.streams.streams_postgres import PostgresStreams
from tldr_highlight_store.bootstrap import DEFINITION
from tldr_highlight_store.domain.streams.stream import Stream
from tldr_streams.state import StreamState
from tldr_testing.databases import upgraded

_BEFORE = """
    INSERT INTO streams (
        organization_id, stream_id, lane, priority, attempt, dropped, read_until_ms, ended_attempt, default_run, closed_at,
        segments_deleted
    ) VALUES
        ('org_1', 'str_at_work', 5, 20, 2, false, 4000, 1, NULL, NULL, false),
        ('org_1', 'str_closed', 5, 0, 1, false, 8000, 1, 'run_1', '2026-01-01T00:00:00Z', true),
        ('org_1', 'str_dropped', 5, 0, 1, true, 0, 0, NULL, '2026-01-01T00:00:00Z', false)
"""
_NOW = {
    Stream(StreamId("str_at_work"), StreamState.ACTIVE, 2, 20, 4000, 1),
    Stream(StreamId("str_closed"), StreamState.FAILED, 1, 0, 8000, 1, RunId("run_1"), segments_deleted=True),
    Stream(StreamId("str_dropped"), StreamState.CANCELLED),
}
_ENDS = "SELECT stream_id FROM streams WHERE ended_at = '2026-01-01T00:00:00Z' ORDER BY stream_id"


async def test_a_stream_of_the_version_before_keeps_its_state_its_figures_and_the_time_of_its_end(
    postgres_admin: str,
) -> None:
    async with (
        upgraded(postgres_admin, DEFINITION, "0004", _BEFORE) as database,
        database.tenant("org_1") as transaction,
    ):
        streams = PostgresStreams(transaction, "org_1", 5)
        assert {await streams.get(stream.id) for stream in _NOW} == _NOW
        ended = [row.stream_id for row in await transaction.execute(text(_ENDS))]
        assert ended == ["str_closed", "str_dropped"]
        closed = await streams.lock(StreamId("str_closed"))
        await streams.put(closed.finished(StreamState.COMPLETED))
        assert (await streams.get(closed.id)).state is StreamState.COMPLETED, "its word was still to come"
