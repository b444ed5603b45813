"""Queues of records that could not be handled yet, one for each group, organization and subject, in the service's database.

Whoever changes a queue holds the subject's lock. The head alone has a time at which it is tried.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import asyncpg

from tldr_bus.events.record import COLUMNS, Record

_PARK = f"""
    INSERT INTO parked (reader_group, organization_id, subject, ce_id, {COLUMNS}, attempts, error, next_try)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, CASE WHEN NOT EXISTS (
        SELECT FROM parked WHERE reader_group = $1 AND organization_id = $2 AND subject = $3
    ) THEN now() + $14::float8 * interval '1 second' END)
"""  # noqa: S608  constants only
_HEADS = """
    SELECT reader_group, organization_id, subject, extract(epoch FROM next_try - now())::float8 AS wait
    FROM parked WHERE next_try IS NOT NULL ORDER BY next_try LIMIT $1
"""
_HEAD = f"""
    SELECT id, ce_id::text AS ce_id, attempts, {COLUMNS} FROM parked
    WHERE reader_group = $1 AND organization_id = $2 AND subject = $3 AND next_try <= now()
    ORDER BY id LIMIT 1
"""  # noqa: S608
_LEAVE = "DELETE FROM parked WHERE id = $1 AND attempts = $2 RETURNING true"
_PROMOTE = """
    UPDATE parked SET next_try = now() WHERE next_try IS NULL AND id = (
        SELECT min(id) FROM parked WHERE reader_group = $1 AND organization_id = $2 AND subject = $3
    )
"""
_POSTPONE = """
    UPDATE parked SET attempts = $3, error = $4, next_try = now() + $5::float8 * interval '1 second'
    WHERE id = $1 AND attempts = $2
"""


@dataclass(frozen=True, slots=True)
class Queue:
    """Which queue."""

    group: str
    organization: str
    subject: str


@dataclass(frozen=True, slots=True)
class Head:
    """The record of a queue that is tried next."""

    id: int
    ce_id: str
    attempts: int
    record: Record


async def park(
    connection: asyncpg.Connection, queue: Queue, record: Record, ce_id: str, *, attempts: int, error: str, delay: float
) -> None:
    """Put a record at the end of its queue. Where it is the first, it is tried after `delay` seconds.

    The caller writes the inbox row.
    """
    place = (queue.group, queue.organization, queue.subject)
    await connection.execute(_PARK, *place, ce_id, *record.columns(), attempts, error, delay)


async def urgent_heads(connection: asyncpg.Connection, limit: int) -> Sequence[tuple[Queue, float]]:
    """The queues whose heads are next, with the seconds until then; below zero when due. Needs no lock; system role."""
    rows: Sequence[Any] = await connection.fetch(_HEADS, limit)
    return [(Queue(row["reader_group"], row["organization_id"], row["subject"]), row["wait"]) for row in rows]


async def due_head(connection: asyncpg.Connection, queue: Queue) -> Head | None:
    """The head of a queue, if it is due."""
    row = await connection.fetchrow(_HEAD, queue.group, queue.organization, queue.subject)
    return Head(row["id"], row["ce_id"], row["attempts"], Record.from_row(row)) if row is not None else None


async def leave(connection: asyncpg.Connection, queue: Queue, head: Head) -> bool:
    """Take the head away and let the next one be tried. False where somebody else tried the head meanwhile."""
    if not await connection.fetchval(_LEAVE, head.id, head.attempts):
        return False
    await connection.execute(_PROMOTE, queue.group, queue.organization, queue.subject)
    return True


async def postpone(connection: asyncpg.Connection, head: Head, attempts: int, error: str, delay: float) -> None:
    """Write down a failed attempt, unless somebody else tried the head meanwhile."""
    await connection.execute(_POSTPONE, head.id, head.attempts, attempts, error, delay)
