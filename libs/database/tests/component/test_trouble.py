"""What is waited out, what is tried again with patience, and what is a fault of the work: one table for bus and jobs."""

from typing import Any

import asyncpg
import pytest
from sqlalchemy.exc import DBAPIError, ProgrammingError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from tldr_database import DatabaseUnavailable, Trouble, trouble_of


def coded(code: str) -> Exception:
    """An error of the server with this SQLSTATE."""
    return asyncpg.PostgresError.new({"C": code, "M": "a sentence"})


@pytest.mark.parametrize(
    ("code", "trouble"),
    [
        ("08006", Trouble.AWAY),  # connection_failure
        ("25006", Trouble.AWAY),  # read_only_sql_transaction
        ("25P03", Trouble.AWAY),  # idle_in_transaction_session_timeout
        ("40001", Trouble.AWAY),  # serialization_failure
        ("40P01", Trouble.AWAY),  # deadlock_detected
        ("53100", Trouble.AWAY),  # disk_full
        ("53300", Trouble.AWAY),  # too_many_connections
        ("55P03", Trouble.SLOW),  # lock_not_available
        ("57014", Trouble.SLOW),  # query_canceled
        ("57P01", Trouble.AWAY),  # admin_shutdown
        ("57P03", Trouble.AWAY),  # cannot_connect_now
        ("58030", Trouble.AWAY),  # io_error
        ("22003", None),  # numeric_value_out_of_range
        ("23505", None),  # unique_violation
        ("42501", None),  # insufficient_privilege
        ("42P01", None),  # undefined_table
        ("54000", None),  # program_limit_exceeded
    ],
)
def test_what_the_server_says(code: str, trouble: Trouble | None) -> None:
    error = coded(code)
    assert trouble_of(error) is trouble
    assert trouble_of(DBAPIError("SELECT 1", {}, error)) is trouble
    outer = RuntimeError("in a use case")
    outer.__cause__ = error
    assert trouble_of(outer) is trouble


@pytest.mark.parametrize(
    ("error", "trouble"),
    [
        (DatabaseUnavailable("no connection"), Trouble.AWAY),
        (PoolTimeout("QueuePool limit"), Trouble.AWAY),
        (asyncpg.InterfaceError("connection is closed"), Trouble.AWAY),
        (asyncpg.InternalClientError("cannot switch to state 12; another operation (2) is in progress"), Trouble.AWAY),
        (asyncpg.InterfaceError("cannot perform operation: another operation is in progress"), None),
        (ProgrammingError("SELECT", {}, asyncpg.UndefinedTableError("no such table")), None),
        (TimeoutError("of something else"), None),
        (ConnectionRefusedError("some other server"), None),
        (ValueError("cannot take it"), None),
    ],
)
def test_what_the_driver_says(error: Exception, trouble: Trouble | None) -> None:
    assert trouble_of(error) is trouble


async def test_the_drivers_time_out_is_told_from_any_other(postgres_admin: str) -> None:
    connection: Any = await asyncpg.connect(postgres_admin, command_timeout=0.05)
    with pytest.raises(TimeoutError) as raised:
        await connection.execute("SELECT pg_sleep(5)")
    assert trouble_of(raised.value) is Trouble.SLOW
    connection.terminate()
