"""The lock on a subject: whoever works on a stream holds it until the end of the transaction."""

from collections.abc import Iterable

import asyncpg

from tldr_database import Transaction, driver

_LOCK = "SELECT pg_advisory_xact_lock(hashtextextended(subject, 0)) FROM unnest($1::text[]) AS subject"


async def lock_subjects(transaction: Transaction, *subjects: str) -> None:
    """Wait for the locks of these subjects and hold them until the transaction ends. Re-entrant.

    They are taken in sorted order, so that two callers never wait for each other; a transaction that calls this twice
    may, and is then ended by the database (SQLSTATE 40P01), which counts as trouble with the database.
    """
    await lock_with(await driver(transaction), subjects)


async def lock_with(connection: asyncpg.Connection, subjects: Iterable[str]) -> None:
    """The same, on the driver's connection."""
    await connection.fetch(_LOCK, sorted(set(subjects)))
