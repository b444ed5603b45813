"""Leasing, renewing and settling jobs of every organization, under the system role."""

import json
import math
from collections.abc import Collection, Mapping, Sequence
from datetime import timedelta

import asyncpg

from tldr_jobs.lease import Lease, Room, Settlement

# Between organizations the one that has least for its weight comes first: the nth job at a time of an organization stands at
# n / weight, so nobody takes a further worker while another waits with none. Within one: higher priority, then what goes by
# age, then the older subject (ids grow with time, so its streams finish one after the other), then the older job.
#
# `organization` leaps through the index from one organization to the next, `candidate` reads a few rows of each: what lies
# behind them is not looked at, however many there are. A waiting job with a key is passed over while an older one of its key
# is unfinished, or any is running. Nothing is locked before it is chosen; what another pool has taken meanwhile is made up
# for from a few more candidates than there is room for.
_TAKE = """
WITH RECURSIVE room AS (
    SELECT * FROM unnest($1::text[], $2::integer[], $3::interval[], $5::integer[]) AS room(kind, free, lease, most)
), organization AS (
    SELECT room.kind, (
        SELECT organization_id FROM jobs WHERE jobs.kind = room.kind AND state IN ('waiting', 'running')
        ORDER BY organization_id LIMIT 1
    ) AS id FROM room
    UNION ALL
    SELECT kind, (
        SELECT organization_id FROM jobs
        WHERE jobs.kind = organization.kind AND state IN ('waiting', 'running') AND organization_id > organization.id
        ORDER BY organization_id LIMIT 1
    ) FROM organization WHERE id IS NOT NULL
), busy AS (
    SELECT kind, organization_id, count(*) AS jobs FROM jobs
    WHERE state = 'running' AND due_at > now() AND kind = ANY ($1::text[]) GROUP BY kind, organization_id
), here AS (
    SELECT kind, organization_id, count(*) AS jobs FROM jobs
    WHERE id = ANY ($4::bigint[]) AND state = 'running' GROUP BY kind, organization_id
), candidate AS (
    SELECT room.kind, job.id, job.priority, organization.id AS organization_id,
           row_number() OVER (PARTITION BY room.kind, organization.id ORDER BY job.priority DESC, job.turn, job.id) AS place
    FROM room JOIN organization ON organization.kind = room.kind AND organization.id IS NOT NULL
    CROSS JOIN LATERAL (
        SELECT waiting.id, waiting.priority, CASE WHEN waiting.by_age THEN '' ELSE waiting.subject END AS turn
        FROM jobs AS waiting
        WHERE waiting.kind = room.kind
          AND waiting.organization_id = organization.id
          AND waiting.state IN ('waiting', 'running')
          AND waiting.due_at <= now()
          AND waiting.id <> ALL ($4::bigint[])
          AND (waiting.key IS NULL OR waiting.state = 'running' OR NOT EXISTS (
              SELECT FROM jobs AS other
              WHERE other.organization_id = waiting.organization_id
                AND other.key = waiting.key
                AND other.state IN ('waiting', 'running')
                AND (other.id < waiting.id OR other.state = 'running')
          ))
        ORDER BY waiting.priority DESC, CASE WHEN waiting.by_age THEN '' ELSE waiting.subject END, waiting.id
        LIMIT 2 * room.free
    ) AS job
), ranked AS (
    SELECT candidate.kind, candidate.id, row_number() OVER (
        PARTITION BY candidate.kind
        ORDER BY (coalesce(busy.jobs, 0) + place) / (1 + greatest(priority, 0) / 10.0), priority DESC, candidate.id
    ) AS rank
    FROM candidate JOIN room USING (kind)
    LEFT JOIN busy USING (kind, organization_id) LEFT JOIN here USING (kind, organization_id)
    WHERE coalesce(here.jobs, 0) + place <= room.most
), picked AS MATERIALIZED (
    SELECT job.id, room.lease
    FROM room CROSS JOIN LATERAL (
        SELECT jobs.id FROM ranked JOIN jobs ON jobs.id = ranked.id
        WHERE ranked.kind = room.kind AND jobs.state IN ('waiting', 'running') AND jobs.due_at <= now()
        ORDER BY ranked.rank
        LIMIT room.free
        FOR UPDATE OF jobs SKIP LOCKED
    ) AS job
)
UPDATE jobs
SET state = 'running', attempt = attempt + 1, token = token + 1, due_at = clock_timestamp() + picked.lease
FROM picked
WHERE jobs.id = picked.id
RETURNING jobs.id, jobs.kind, organization_id, subject, key, payload::text, priority, attempt, token, exhausted,
          error_code, error_reason
"""

_NEXT_DUE = """
SELECT extract(epoch FROM min(due_at) - clock_timestamp())::float8
FROM jobs WHERE kind = ANY ($1::text[]) AND state IN ('waiting', 'running') AND due_at > now()
"""

# Rows that somebody has locked are passed over, so one long transaction holds up nobody else's lease.
_RENEW = """
WITH wanted AS (
    SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::interval[]) AS wanted(id, token, lease)
), held AS (
    SELECT jobs.id FROM jobs JOIN wanted USING (id, token) WHERE jobs.state = 'running'
), unlocked AS (
    SELECT jobs.id FROM jobs JOIN wanted USING (id, token) WHERE jobs.state = 'running'
    ORDER BY jobs.id FOR UPDATE OF jobs SKIP LOCKED
), renewed AS (
    UPDATE jobs SET due_at = clock_timestamp() + wanted.lease
    FROM wanted JOIN unlocked USING (id) WHERE jobs.id = wanted.id RETURNING jobs.id
)
SELECT id, renewed.id IS NOT NULL AS renewed FROM held LEFT JOIN renewed USING (id)
"""

_SETTLE = """
WITH wanted AS (
    SELECT * FROM unnest(
        $1::bigint[], $2::bigint[], $3::text[], $4::interval[], $5::boolean[], $6::boolean[], $7::text[], $8::text[]
    ) AS wanted(id, token, state, delay, counted, exhausted, code, reason)
), held AS (
    SELECT jobs.id FROM jobs JOIN wanted USING (id, token) WHERE jobs.state = 'running'
), unlocked AS (
    SELECT jobs.id FROM jobs JOIN wanted USING (id, token) WHERE jobs.state = 'running'
    ORDER BY jobs.id FOR UPDATE OF jobs SKIP LOCKED
), settled AS (
    UPDATE jobs
    SET state = wanted.state,
        due_at = clock_timestamp() + wanted.delay,
        attempt = jobs.attempt - CASE WHEN wanted.counted THEN 0 ELSE 1 END,
        exhausted = jobs.exhausted OR wanted.exhausted,
        error_code = coalesce(wanted.code, jobs.error_code),
        error_reason = coalesce(wanted.reason, jobs.error_reason),
        finished_at = CASE WHEN wanted.state = 'done' THEN now() END
    FROM wanted JOIN unlocked USING (id) WHERE jobs.id = wanted.id RETURNING jobs.id
)
SELECT id FROM held EXCEPT SELECT id FROM settled
"""

_ANNOUNCE = "SELECT pg_notify('tldr_jobs', kind) FROM unnest($1::text[]) AS kinds(kind)"


async def take(connection: asyncpg.Connection, rooms: Sequence[Room], own: Collection[int]) -> list[Lease]:
    """Lease what may run, at most `free` of each kind, fairly between organizations.

    Leases that have expired are taken over, except the `own` ones, which are still being run here. Raises
    asyncpg.UniqueViolationError when another pool leased a job of the same key at this moment: begin a new transaction.
    """
    if not rooms:
        return []
    rows = await connection.fetch(
        _TAKE,
        [room.kind for room in rooms],
        [room.free for room in rooms],
        [room.lease for room in rooms],
        list(own),
        [room.most for room in rooms],
    )
    leases = [_lease(row) for row in rows]
    return sorted(leases, key=lambda lease: (-lease.priority, lease.id))


async def next_due(connection: asyncpg.Connection, kinds: Sequence[str]) -> float:
    """Seconds from now until a waiting job of these kinds becomes due or a lease expires; infinite when there is none."""
    seconds: float | None = await connection.fetchval(_NEXT_DUE, list(kinds)) if kinds else None
    return math.inf if seconds is None else max(seconds, 0.0)


async def renew(connection: asyncpg.Connection, leases: Sequence[tuple[Lease, timedelta]]) -> Mapping[int, bool]:
    """Renew leases for the times given with them. The ids that are still held here, and whether each could be renewed now.

    An id that is missing is lost. One that is held but not renewed is locked by a transaction, and safe until that ends.
    """
    if not leases:
        return {}
    columns = zip(*((lease.id, lease.token, length) for lease, length in leases), strict=True)
    rows = await connection.fetch(_RENEW, *map(list, columns))
    return {row["id"]: row["renewed"] for row in rows}


async def settle(connection: asyncpg.Connection, settlements: Collection[Settlement]) -> frozenset[int]:
    """End leases; those lost before are left alone. The ids to be settled later, because somebody has locked their rows."""
    if not settlements:
        return frozenset()
    columns = zip(*map(_settlement_row, settlements), strict=True)
    return frozenset(row["id"] for row in await connection.fetch(_SETTLE, *map(list, columns)))


async def announce(connection: asyncpg.Connection, kinds: Collection[str]) -> None:
    """Wake the pools that run these kinds when the transaction commits."""
    await connection.execute(_ANNOUNCE, list(kinds))


def _lease(row: asyncpg.Record) -> Lease:
    return Lease(
        id=row["id"],
        kind=row["kind"],
        organization=row["organization_id"],
        subject=row["subject"],
        key=row["key"],
        payload=json.loads(row["payload"]),
        priority=row["priority"],
        attempt=row["attempt"],
        token=row["token"],
        exhausted=row["exhausted"],
        code=row["error_code"],
        reason=row["error_reason"],
    )


def _settlement_row(settlement: Settlement) -> tuple[int, int, str, timedelta, bool, bool, str | None, str | None]:
    return (
        settlement.lease.id,
        settlement.lease.token,
        settlement.state,
        settlement.delay,
        settlement.counted,
        settlement.exhausted,
        settlement.code,
        settlement.reason,
    )
