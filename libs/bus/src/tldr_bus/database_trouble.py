"""Tells trouble with the database, which is waited out, from a handler that fails, which is counted."""

import asyncpg
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

# SQLSTATE: connections, rollbacks for serialization or deadlock, resources, an operator or a restart, the system.
_CLASSES = frozenset({"08", "40", "53", "57", "58"})
# idle-in-transaction time-out, lock not available
_CODES = frozenset({"25P03", "55P03"})


def is_database_trouble(error: BaseException) -> bool:
    """Whether this error, raised by a handler or around it, came from a database that is away, restarting or overloaded.

    A plain OSError is none: a handler may get one from elsewhere.
    """
    found: BaseException | None = error
    seen: set[int] = set()
    while found is not None and id(found) not in seen:
        seen.add(id(found))
        if isinstance(found, PoolTimeout) or (isinstance(found, DBAPIError) and found.connection_invalidated):
            return True
        # The driver's state is confused after its connection was killed between two messages.
        if isinstance(found, asyncpg.InternalClientError):
            return True
        if isinstance(found, asyncpg.InterfaceError) and "closed" in str(found):
            return True
        code = getattr(found, "sqlstate", None)
        if isinstance(code, str) and (code[:2] in _CLASSES or code in _CODES):
            return True
        found = found.orig if isinstance(found, DBAPIError) and found.orig is not None else found.__cause__
    return False


def is_database_trouble_outside(error: BaseException) -> bool:
    """The same for what the bus itself does around a handler, where an OSError can only come from the database."""
    return isinstance(error, OSError) or is_database_trouble(error)
