"""Asking for jobs, in the transaction of whoever asks."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta

from tldr_database import Transaction, driver
from tldr_jobs.job import NewJob

_ENQUEUE = """
WITH asked AS (
    SELECT * FROM unnest(
        $1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::integer[], $7::interval[], $8::boolean[]
    ) WITH ORDINALITY AS asked(kind, organization_id, subject, key, payload, priority, delay, by_age, place)
), added AS (
    INSERT INTO jobs (kind, organization_id, subject, key, payload, priority, due_at, by_age)
    SELECT kind, organization_id, subject, key, payload::jsonb, priority, now() + delay, by_age FROM asked ORDER BY place
    RETURNING kind
)
SELECT pg_notify('tldr_jobs', kind) FROM (SELECT DISTINCT kind FROM added) AS kinds
"""

# The update keeps the waiting job's row locked until the transaction ends, so it is leased after what was written here is
# visible. A lease that came first has taken the row out of the index, and a new row goes in, to run next.
# Notified in either case: a pool that looked while the row was locked has passed it over.
_ARM = """
WITH armed AS (
    INSERT INTO jobs (kind, organization_id, subject, key, payload, priority, due_at, by_age, armed)
    VALUES ($1, $2, $3, $4, $5::text::jsonb, $6, now() + $7::interval, $8, true)
    ON CONFLICT (organization_id, kind, key) WHERE armed AND state = 'waiting' AND token = 0
    DO UPDATE SET generation = jobs.generation + 1, due_at = least(jobs.due_at, excluded.due_at),
                  priority = greatest(jobs.priority, excluded.priority)
    RETURNING kind
)
SELECT pg_notify('tldr_jobs', kind) FROM armed
"""

_CANCEL = """
WITH wanted AS (
    SELECT id FROM jobs WHERE subject = $1 AND state IN ('waiting', 'running') ORDER BY id FOR UPDATE
), cancelled AS (
    DELETE FROM jobs WHERE id IN (SELECT id FROM wanted) RETURNING id
)
SELECT count(*), (SELECT pg_notify('tldr_jobs', '') FROM cancelled LIMIT 1) FROM cancelled
"""

_DEPTH = "SELECT kind, count(*) FROM jobs WHERE state = 'waiting' AND due_at <= now() GROUP BY kind"

_Value = str | int | timedelta | None


class PostgresJobs:
    """`Jobs` in the table `jobs` of the service's own database."""

    async def enqueue(self, transaction: Transaction, *jobs: NewJob) -> None:
        """See `Jobs.enqueue`; one statement for all of them, which are older and younger in the order given."""
        if jobs:
            columns = [list(column) for column in zip(*map(_row, jobs), strict=True)]
            await (await driver(transaction)).execute(_ENQUEUE, *columns)

    async def arm(self, transaction: Transaction, job: NewJob) -> None:
        """See `Jobs.arm`."""
        if job.key is None:
            raise ValueError("an armed job needs a key")
        await (await driver(transaction)).execute(_ARM, *_row(replace(job, by_age=True)))

    async def cancel(self, transaction: Transaction, subject: str) -> int:
        """See `Jobs.cancel`."""
        return int(await (await driver(transaction)).fetchval(_CANCEL, subject))

    async def depth(self, transaction: Transaction) -> Mapping[str, int]:
        """See `Jobs.depth`."""
        rows = await (await driver(transaction)).fetch(_DEPTH)
        return {row["kind"]: row["count"] for row in rows}


def _row(job: NewJob) -> Sequence[_Value]:
    # SQLAlchemy has put its own jsonb codec on the connection; JSON text, cast by the server, means the same under any.
    payload = json.dumps(dict(job.payload), separators=(",", ":"))
    return (job.kind, job.organization, job.subject, job.key, payload, job.priority, job.delay, job.by_age)
