"""Forget jobs that ended long enough ago."""

from tldr_database import Transaction, driver

_BATCH = 2000
# Each state by itself, so that both are found in the index on (state, finished_at).
_SWEEP = """
DELETE FROM jobs WHERE id = ANY (
    ARRAY(SELECT id FROM jobs WHERE state = 'done' AND finished_at < now() - interval '1 hour'
          LIMIT $1 FOR UPDATE SKIP LOCKED)
    ||
    ARRAY(SELECT id FROM jobs WHERE state = 'failed' AND finished_at < now() - interval '7 days'
          LIMIT $1 FOR UPDATE SKIP LOCKED)
)
"""


async def sweep(transaction: Transaction, batch: int = _BATCH) -> int:
    """Delete jobs done for 1 h and jobs failed for 7 days, at most `batch` of each. How many; repeat until none."""
    status = await (await driver(transaction)).execute(_SWEEP, batch)
    return int(status.rpartition(" ")[2])
