"""The relay's view of the outbox: what is to be sent, what was sent, and to which cluster."""

from collections.abc import Mapping, Sequence
from datetime import datetime

import asyncpg

from tldr_bus.events.envelope import headers
from tldr_bus.events.record import Record

_PENDING = """
    SELECT id, ce_id, topic, partition, organization_id, subject, lane, type, traceparent, header_names, header_values,
           payload, created_at
    FROM outbox
    WHERE sent_at IS NULL AND NOT EXISTS (
        SELECT FROM unnest($2::text[], $3::integer[]) AS elsewhere(topic, partition)
        WHERE elsewhere.topic = outbox.topic AND elsewhere.partition = outbox.partition
    )
    ORDER BY id LIMIT $1
"""
_MARK = "UPDATE outbox SET sent_at = now(), sent_cluster = $2 WHERE id = ANY($1::bigint[])"
REFUSED = ".outbox"
"""Ends the name under which a service's dead letters lie that were never sent; they cannot be redriven."""
_REFUSE = """
    WITH refused AS (
        DELETE FROM outbox USING unnest($1::bigint[], $2::text[]) AS why(row_id, error) WHERE id = row_id
        RETURNING outbox.*, why.error
    )
    INSERT INTO dead_letters (
        reader_group, organization_id, subject, ce_id, topic, partition, position, key, value, header_names,
        header_values, attempts, error
    )
    SELECT $3, organization_id, subject, ce_id, topic, partition, -1, NULL, payload, coalesce(header_names, '{}'),
           coalesce(header_values, '{}'), 1, error
    FROM refused
    ON CONFLICT (reader_group, ce_id) DO NOTHING
"""
_KNOWN_CLUSTER = "SELECT cluster_id FROM relay_state"
_REMEMBER = """
    INSERT INTO relay_state (cluster_id) VALUES ($1) ON CONFLICT (one_row) DO UPDATE SET cluster_id = excluded.cluster_id
"""
_REQUEUE = "UPDATE outbox SET sent_at = NULL, sent_cluster = NULL WHERE sent_at IS NOT NULL"
_REPLAY = f"{_REQUEUE} AND created_at >= $1"
_REQUEUE_S = 600.0


async def read_pending(
    connection: asyncpg.Connection, limit: int, without: Sequence[tuple[str, int]] = ()
) -> list[asyncpg.Record]:
    """The oldest rows that are to be sent, in order of id, but for those to some partitions."""
    return await connection.fetch(_PENDING, limit, [topic for topic, _ in without], [number for _, number in without])


async def mark_sent(connection: asyncpg.Connection, ids: Sequence[int], cluster: str) -> None:
    """Say that this cluster has these rows."""
    if ids:
        await connection.execute(_MARK, ids, cluster)


async def refuse(connection: asyncpg.Connection, service: str, reasons: Mapping[int, str]) -> None:
    """Make dead letters of rows that no broker will ever take, so that they are seen and hold up none behind them."""
    ids, errors = list(reasons), list(reasons.values())
    await connection.execute(_REFUSE, ids, errors, f"{service}{REFUSED}")


async def remember_cluster(connection: asyncpg.Connection, cluster: str) -> int:
    """Remember the cluster. Where it is another one than before, its log lacks what was sent: all kept rows become pending,
    in the same transaction. Returns how many.
    """
    known = await connection.fetchval(_KNOWN_CLUSTER)
    if known == cluster:
        return 0
    requeued = 0
    async with connection.transaction():
        await connection.execute("SELECT set_config('statement_timeout', '0', true)")
        if known is not None:
            requeued = _count(await connection.execute(_REQUEUE, timeout=_REQUEUE_S))
        await connection.execute(_REMEMBER, cluster)
    return requeued


async def replay(connection: asyncpg.Connection, since: datetime) -> int:
    """Make the kept rows written since then pending again, by hand. Returns how many; readers drop what had its effect."""
    return _count(await connection.execute(_REPLAY, since, timeout=_REQUEUE_S))


def record_of(row: asyncpg.Record, source: str) -> Record:
    """The row as the record it becomes. Its offset is not known yet."""
    if row["header_names"] is None:
        found = headers(
            id=row["ce_id"],
            type=row["type"],
            source=source,
            time=row["created_at"],
            subject=row["subject"],
            lane=row["lane"],
            traceparent=row["traceparent"],
        )
    else:
        names = (bytes(name).decode() for name in row["header_names"])
        found = list(zip(names, row["header_values"], strict=True))
    return Record(row["topic"], row["partition"], -1, row["organization_id"].encode(), row["payload"], found)


def _count(status: str) -> int:
    return int(status.rpartition(" ")[2])
