"""The service's database, and its ports over each technology."""

import shutil
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from tldr_database import Database, upgrade
from tldr_highlight_store.adapters.highlights_postgres import PostgresHighlights
from tldr_highlight_store.adapters.runs_postgres import PostgresRuns
from tldr_highlight_store.adapters.segments_postgres import PostgresSegments
from tldr_highlight_store.adapters.streams_postgres import PostgresStreams
from tldr_highlight_store.bootstrap import DEFINITION
from tldr_testing import migrated
from tldr_testing.databases import new_database


@pytest_asyncio.fixture(scope="session")
async def database(postgres_admin: str) -> AsyncIterator[Database]:
    """The service's database with nobody at work on it."""
    async with migrated(postgres_admin, DEFINITION) as database:
        yield database


@pytest_asyncio.fixture(params=["memory", "postgres"])
async def ports(
    request: pytest.FixtureRequest, organization: str, database: Database, memory: Any
) -> AsyncIterator[Any]:
    """The ports over each technology."""
    if request.param == "memory":
        yield memory
        return
    async with database.tenant(organization) as transaction:
        yield replace(
            memory,
            streams=PostgresStreams(transaction, organization, 37),
            segments=PostgresSegments(transaction, organization),
            runs=PostgresRuns(transaction, organization),
            highlights=PostgresHighlights(transaction, organization),
        )


@pytest.fixture
def upgraded(postgres_admin: str, tmp_path: Path) -> Callable[[str, str], AbstractAsyncContextManager[Database]]:
    """`upgraded("0004", statement)`: a database of that version, in which `org_1` wrote something, brought to this one."""

    @asynccontextmanager
    async def bring_along(version: str, statement: str) -> AsyncIterator[Database]:
        for migration in DEFINITION.migrations.glob("0*.py"):
            if migration.name[:4] <= version:
                shutil.copy(migration, tmp_path)
        address = await new_database(postgres_admin, DEFINITION)
        await upgrade(address.owner, tmp_path)
        database = Database.connect(address, service_connections=1, system_connections=1)
        try:
            async with database.tenant("org_1") as transaction:
                await transaction.exec_driver_sql(statement)
            await upgrade(address.owner, DEFINITION.migrations)
            yield database
        finally:
            await database.close()

    return bring_along
