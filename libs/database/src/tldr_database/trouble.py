"""Tell trouble with the database, which passes, from a statement that is wrong."""

import asyncpg
from sqlalchemy.exc import DBAPIError

_PASSING = (
    asyncpg.PostgresConnectionError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    asyncpg.CannotConnectNowError,
    asyncpg.InsufficientResourcesError,
    asyncpg.TransactionRollbackError,  # deadlocks and serialization failures: this transaction was chosen to give way
    asyncpg.ReadOnlySQLTransactionError,  # connected to a standby in the moment of a failover
)


class DatabaseUnavailable(Exception):
    """No connection could be had: the server does not answer, or the pool is used up."""


def is_trouble(error: BaseException) -> bool:
    """Whether the same work may succeed later without a change: wait and try again, and blame nobody.

    Looks at the error and at what it was raised from.
    """
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, (DatabaseUnavailable, *_PASSING)):
            return True
        if isinstance(cause, DBAPIError) and cause.connection_invalidated:
            return True
        # asyncpg has no class for it: what a closed connection answers to every call.
        if isinstance(cause, asyncpg.InterfaceError) and "closed" in str(cause):
            return True
        cause = cause.__cause__
    return False
