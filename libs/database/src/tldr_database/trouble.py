"""Tell trouble with the database, which passes, from a statement that is wrong."""

from enum import StrEnum
from types import TracebackType

import asyncpg
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout


class Trouble(StrEnum):
    """away: no connection, a restart, no resources, or this transaction was chosen to give way; waited out, and nobody is to
    blame. slow: a statement or a lock took longer than it may. A loaded database passes; a statement that is always slow does
    not, so this is tried again with patience and counts.
    """

    AWAY = "away"
    SLOW = "slow"


class DatabaseUnavailable(Exception):
    """No connection could be had: the server does not answer, or the pool is used up."""


# SQLSTATE classes: connection, rollback for serialization or deadlock, resources, operator or restart, system.
_CLASSES = {"08": Trouble.AWAY, "40": Trouble.AWAY, "53": Trouble.AWAY, "57": Trouble.AWAY, "58": Trouble.AWAY}
_CODES = {
    "25006": Trouble.AWAY,  # read-only: connected to a standby in the moment of a failover
    "25P03": Trouble.AWAY,  # the process stood still for longer than a transaction may be idle
    "55P03": Trouble.SLOW,  # lock_timeout
    "57014": Trouble.SLOW,  # statement_timeout
}


def trouble_of(error: BaseException) -> Trouble | None:
    """Which trouble an error came from; None where it is a fault of the work.

    Looks at the error and at what it was raised from.
    """
    found: BaseException | None = error
    seen: set[int] = set()
    while found is not None and id(found) not in seen:
        seen.add(id(found))
        if (trouble := _of_one(found)) is not None:
            return trouble
        found = found.orig if isinstance(found, DBAPIError) and found.orig is not None else found.__cause__
    return None


def is_trouble(error: BaseException) -> bool:
    """Whether the same work may succeed later without a change."""
    return trouble_of(error) is not None


def _of_one(error: BaseException) -> Trouble | None:
    if isinstance(error, (DatabaseUnavailable, PoolTimeout)):
        return Trouble.AWAY
    if isinstance(error, DBAPIError) and error.connection_invalidated:
        return Trouble.AWAY
    # The driver's state is confused after its connection was killed between two messages; and it has no class for what a
    # closed connection answers to every call.
    if isinstance(error, asyncpg.InternalClientError):
        return Trouble.AWAY
    if isinstance(error, asyncpg.InterfaceError) and "closed" in str(error):
        return Trouble.AWAY
    if isinstance(error, TimeoutError) and _is_of_the_driver(error.__traceback__):
        return Trouble.SLOW
    code = getattr(error, "sqlstate", None)
    return _CODES.get(code, _CLASSES.get(code[:2])) if isinstance(code, str) else None


def _is_of_the_driver(traceback: TracebackType | None) -> bool:
    """Whether asyncpg raised it: its time-out for a command is the plain TimeoutError, which anything may raise."""
    while traceback is not None:
        if traceback.tb_frame.f_globals.get("__name__", "").startswith("asyncpg."):
            return True
        traceback = traceback.tb_next
    return False
