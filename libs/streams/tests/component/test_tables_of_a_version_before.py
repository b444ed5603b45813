"""Tables `streams` of a version before become those of this one, with what is in them."""

from collections.abc import AsyncIterator

import asyncpg
import pytest_asyncio

from tldr_database import provision
from tldr_database.schema import open_schema, tenant_table
from tldr_streams.schema import end_instead_of_touch, name_states
from tldr_streams.state import StreamState

SERVICE = "streams-component"
FORMER = {"open": StreamState.ACTIVE, "paused": StreamState.FAILED, "over": StreamState.COMPLETED}


@pytest_asyncio.fixture
async def owner(postgres_admin: str) -> AsyncIterator[asyncpg.Connection]:
    """The owner of a table with a stream of each state, of several organizations: under FORCE it sees none of them."""
    address = await provision(postgres_admin, SERVICE, "secret")
    owner = await asyncpg.connect(address.owner)
    statements: list[str] = []
    open_schema(statements.append, SERVICE)
    statements += [
        "CREATE TABLE streams (organization_id text, stream_id text PRIMARY KEY,"
        " standing text NOT NULL CHECK (standing IN ('open', 'paused', 'over')),"
        " touched_at timestamptz NOT NULL DEFAULT now())",
        "CREATE INDEX streams_by_age ON streams (touched_at)",
        "INSERT INTO streams VALUES ('org_1', 'a', 'open'), ('org_2', 'b', 'paused'), ('org_3', 'c', 'over')",
    ]
    tenant_table(statements.append, SERVICE, "streams")
    for statement in statements:
        await owner.execute(statement)
    yield owner
    await owner.execute("DROP TABLE streams")
    await owner.close()


async def test_states_and_ends_of_every_organization_are_taken_over(owner: asyncpg.Connection) -> None:
    statements: list[str] = []
    name_states(statements.append, FORMER)
    end_instead_of_touch(statements.append)
    for statement in statements:
        await owner.execute(statement)
    await owner.execute("ALTER TABLE streams DISABLE ROW LEVEL SECURITY")
    rows = await owner.fetch("SELECT state, ended_at IS NOT NULL AS ended FROM streams ORDER BY stream_id")
    assert [tuple(row) for row in rows] == [("active", False), ("failed", True), ("completed", True)]
