"""The service's database, and its ports over each technology."""

from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest
import pytest_asyncio

from tldr_database import Database
from tldr_highlight_store.adapters.highlights.highlights_postgres import PostgresHighlights
from tldr_highlight_store.adapters.highlights.runs_postgres import PostgresRuns
from tldr_highlight_store.adapters.streams.segments_postgres import PostgresSegments
from tldr_highlight_store.adapters.streams.streams_postgres import PostgresStreams
from tldr_highlight_store.bootstrap import DEFINITION
from tldr_testing import migrated


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
