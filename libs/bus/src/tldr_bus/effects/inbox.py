"""Which events had their effect: one row for each event and group, in the transaction of the effect."""

from collections.abc import Sequence
from typing import Literal

import asyncpg

State = Literal["done", "parked", "dead"]

# An event whose subject has a queue joins it: the subject's lock is held, so the queue cannot change meanwhile.
_ADMIT = """
    INSERT INTO inbox (reader_group, ce_id, subject, state)
    SELECT $1, i, s, CASE WHEN EXISTS (
        SELECT 1 FROM inbox AS queued WHERE queued.reader_group = $1 AND queued.subject = s AND queued.state = 'parked'
    ) THEN 'parked' ELSE 'done' END
    FROM unnest($2::uuid[], $3::text[]) AS event (i, s)
    ON CONFLICT DO NOTHING
    RETURNING ce_id::text AS ce_id, state
"""
_ENTER = """
    INSERT INTO inbox (reader_group, ce_id, subject, state) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING RETURNING true
"""
_SET = """
    INSERT INTO inbox (reader_group, ce_id, subject, state) VALUES ($1, $2, $3, $4)
    ON CONFLICT (reader_group, ce_id) DO UPDATE SET state = excluded.state
"""


async def admit(
    connection: asyncpg.Connection, group: str, ids: Sequence[str], subjects: Sequence[str]
) -> dict[str, State]:
    """Write the rows of events that come for the first time, and return their states: `done` is now to be handled,
    `parked` is to join its subject's queue. Events that came before are not in the answer.
    """
    return {row["ce_id"]: row["state"] for row in await connection.fetch(_ADMIT, group, ids, subjects)}


async def enter(connection: asyncpg.Connection, group: str, ce_id: str, subject: str, state: State) -> bool:
    """Write one event's row; False where it had one."""
    return bool(await connection.fetchval(_ENTER, group, ce_id, subject, state))


async def set_state(connection: asyncpg.Connection, group: str, ce_id: str, subject: str, state: State) -> None:
    """Change an event's state."""
    await connection.execute(_SET, group, ce_id, subject, state)
