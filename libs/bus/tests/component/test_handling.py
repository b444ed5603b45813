"""What an error in a handler means."""

from collections.abc import AsyncIterator, Awaitable, Callable

import asyncpg
import pytest

from tldr_bus.effects.handling import DatabaseTrouble, HandlerFailed, run_handler
from tldr_database import Database, DatabaseAddress


@pytest.fixture
async def database(new_database: Callable[[str], Awaitable[DatabaseAddress]]) -> AsyncIterator[Database]:
    database = Database.connect(await new_database("gateway"))
    yield database
    await database.close()


async def raising(error: Exception) -> None:
    raise error


@pytest.mark.parametrize(
    "error", [asyncpg.QueryCanceledError("statement timeout"), asyncpg.LockNotAvailableError("lock")]
)
async def test_a_statement_that_is_always_too_slow_uses_attempts_up(database: Database, error: Exception) -> None:
    with pytest.raises(HandlerFailed) as failed:
        await run_handler(raising(error), None, 5.0, database)
    assert failed.value.late


async def test_an_error_that_quotes_an_address_is_kept_without_its_secrets(database: Database) -> None:
    error = LookupError("https://ann:hush@example.com/a.mp4?token=hush is not there")
    with pytest.raises(HandlerFailed, match=r"^LookupError: https://example.com/a.mp4\?… is not there$"):
        await run_handler(raising(error), None, 5.0, database)


async def test_a_database_that_is_away_uses_none(database: Database) -> None:
    with pytest.raises(DatabaseTrouble):
        await run_handler(raising(asyncpg.AdminShutdownError("restart")), None, 5.0, database)


async def test_a_slow_database_that_does_not_answer_uses_none() -> None:
    nowhere = Database.connect(DatabaseAddress(*["postgresql://nobody@127.0.0.1:1/nothing"] * 3))
    with pytest.raises(DatabaseTrouble):
        await run_handler(raising(asyncpg.QueryCanceledError("statement timeout")), None, 5.0, nowhere)
