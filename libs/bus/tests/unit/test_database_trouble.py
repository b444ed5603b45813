"""What is waited out and what is counted as a failed attempt."""

import asyncpg
import pytest
from sqlalchemy.exc import DBAPIError, ProgrammingError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from tldr_bus.database_trouble import is_database_trouble, is_database_trouble_outside


def wrapped(error: BaseException) -> Exception:
    """As SQLAlchemy hands a driver's error on."""
    return DBAPIError("SELECT 1", {}, error)


@pytest.mark.parametrize(
    "error",
    [
        asyncpg.AdminShutdownError("terminating connection"),
        asyncpg.ConnectionDoesNotExistError("connection was closed in the middle of operation"),
        asyncpg.CannotConnectNowError("the database system is starting up"),
        asyncpg.TooManyConnectionsError("sorry, too many clients already"),
        asyncpg.DeadlockDetectedError("deadlock detected"),
        asyncpg.LockNotAvailableError("canceling statement due to lock timeout"),
        asyncpg.InterfaceError("connection is closed"),
        asyncpg.InternalClientError("cannot switch to state 12; another operation (2) is in progress"),
        wrapped(asyncpg.AdminShutdownError("terminating connection")),
        PoolTimeout("QueuePool limit"),
    ],
)
def test_a_database_that_is_away_or_busy_is_trouble(error: Exception) -> None:
    assert is_database_trouble(error)
    outer = RuntimeError("in a use case")
    outer.__cause__ = error
    assert is_database_trouble(outer)


@pytest.mark.parametrize(
    "error",
    [
        ValueError("cannot take it"),
        ConnectionRefusedError("some other server"),
        asyncpg.UniqueViolationError("duplicate key"),
        asyncpg.InsufficientPrivilegeError("row-level security"),
        asyncpg.InterfaceError("cannot perform operation: another operation is in progress"),
        ProgrammingError("SELECT", {}, asyncpg.UndefinedTableError("no such table")),
    ],
)
def test_a_handler_that_fails_is_not(error: Exception) -> None:
    assert not is_database_trouble(error)


def test_around_a_handler_a_refused_connection_is_the_databases() -> None:
    assert is_database_trouble_outside(ConnectionRefusedError())
    assert is_database_trouble_outside(TimeoutError())
