"""Look at a service's dead letters and send them round again. For tools: runs as the system role, over all organizations."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tldr_bus.effects import inbox
from tldr_bus.effects.locks import lock_with
from tldr_bus.events.record import COLUMNS, Record
from tldr_bus.parked.parking import Queue, park
from tldr_bus.sending.pending import REFUSED
from tldr_database import Database, driver

_FIELDS = f"id, reader_group, organization_id, subject, ce_id::text AS ce_id, {COLUMNS}, attempts, error, died_at"
_LIST = f"""
    SELECT {_FIELDS} FROM dead_letters
    WHERE ($1::text IS NULL OR reader_group = $1) AND ($2::text IS NULL OR subject = $2) ORDER BY id LIMIT $3
"""  # noqa: S608  constants only
_SHOW = f"SELECT {_FIELDS} FROM dead_letters WHERE id = $1"  # noqa: S608
_ADMIT = f"DELETE FROM dead_letters WHERE id = $1 AND reader_group NOT LIKE '%{REFUSED}' RETURNING {_FIELDS}"  # noqa: S608


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """A record that was given up, by which group, and why."""

    id: int
    group: str
    organization: str
    subject: str
    event: str
    record: Record
    attempts: int
    error: str
    died_at: datetime


class NoSuchDeadLetter(LookupError):
    """There is none of that number: it never was, or it was redriven."""


async def list_dead(
    database: Database, *, group: str | None = None, subject: str | None = None, limit: int = 100
) -> Sequence[DeadLetter]:
    """Dead letters, the oldest first; those of a group or of a subject alone, if asked for."""
    async with database.system() as transaction:
        rows: Sequence[Any] = await (await driver(transaction)).fetch(_LIST, group, subject, limit)
    return [_letter(row) for row in rows]


async def show_dead(database: Database, id: int) -> DeadLetter:
    """One of them. Raises NoSuchDeadLetter."""
    async with database.system() as transaction:
        row = await (await driver(transaction)).fetchrow(_SHOW, id)
    if row is None:
        raise NoSuchDeadLetter(id)
    return _letter(row)


async def redrive(database: Database, ids: Sequence[int]) -> int:
    """Queue dead letters to be handled again, behind what waits of their subjects. Returns how many were admitted.

    Only what is dead is admitted, so redriving twice does nothing the second time; what could never be sent is not. A
    running bus of the service tries them within seconds; a record that dies again is a dead letter again, under another
    number.
    """
    return sum([await _redrive_one(database, id) for id in ids])


async def _redrive_one(database: Database, id: int) -> bool:
    async with database.system() as transaction:
        connection = await driver(transaction)
        subject = await connection.fetchval("SELECT subject FROM dead_letters WHERE id = $1", id)
        if subject is None:
            return False
        await lock_with(connection, [subject])
        row: Any = await connection.fetchrow(_ADMIT, id)
        if row is None:
            return False
        letter = _letter(row)
        queue = Queue(letter.group, letter.organization, letter.subject)
        await inbox.set_state(connection, letter.group, letter.event, letter.subject, "parked")
        await park(connection, queue, letter.record, letter.event, attempts=0, error="redriven", delay=0.0)
    return True


def _letter(row: Any) -> DeadLetter:
    return DeadLetter(
        id=row["id"],
        group=row["reader_group"],
        organization=row["organization_id"],
        subject=row["subject"],
        event=row["ce_id"],
        record=Record.from_row(row),
        attempts=row["attempts"],
        error=row["error"],
        died_at=row["died_at"],
    )
