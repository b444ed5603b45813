"""Runs a handler under its deadline and says what its failure means."""

import asyncio
from collections.abc import Awaitable

import asyncpg

from tldr_database import Database, Trouble, trouble_of
from tldr_secrets import struck
from tldr_telemetry import following

_ERROR_LIMIT = 2000
_ANSWER_S = 3.0


class HandlerFailed(Exception):
    """The handler raised, or met its deadline: an attempt was used. The reason is kept, and quotes no address's secrets."""

    def __init__(self, reason: str, *, late: bool = False) -> None:
        super().__init__(struck(reason.replace("\x00", ""))[:_ERROR_LIMIT])
        self.late = late


class DatabaseTrouble(Exception):
    """The database was away or busy; nothing is known about the handler, and no attempt was used."""


async def run_handler(handling: Awaitable[None], traceparent: str | None, deadline: float, database: Database) -> None:
    """Await a handler, for `deadline` seconds, in this trace.

    Raises HandlerFailed or DatabaseTrouble; the caller's transaction is to be rolled back then.
    """
    try:
        async with asyncio.timeout(deadline) as limit:
            with following(traceparent):
                await handling
    except Exception as error:
        trouble = trouble_of(error)
        if trouble is Trouble.AWAY:
            raise DatabaseTrouble(repr(error)) from error
        if trouble is None and not limit.expired():
            raise HandlerFailed(f"{type(error).__name__}: {error}") from error
        # A database that hangs makes handlers late, and that is not their fault.
        if not await _answers(database):
            raise DatabaseTrouble("the database does not answer") from error
        why = f"not done after {deadline:g} s" if limit.expired() else f"{type(error).__name__}: {error}"
        raise HandlerFailed(why, late=True) from error


async def _answers(database: Database) -> bool:
    # On a connection of its own: the pool may be full of handlers that hang.
    try:
        connection = await asyncpg.connect(database.address.service, timeout=_ANSWER_S)
        await connection.close(timeout=_ANSWER_S)
    except Exception:
        return False
    return True
