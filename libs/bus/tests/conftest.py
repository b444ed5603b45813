"""A PostgreSQL and a broker of each kind, databases with the bus's tables, and waiting by deadline."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from time import monotonic
from typing import Any, Literal
from uuid import uuid4

import asyncpg
import pytest

from tldr_bus import Broker, schema
from tldr_database import DatabaseAddress, Roles, provision
from tldr_database.schema import open_schema, tenant_table
from tldr_embedded import Servers, start


@pytest.fixture(scope="session", params=["tansu", pytest.param("apache", marks=pytest.mark.delivery)])
async def servers(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Servers]:
    """PostgreSQL and a broker of each kind."""
    kind: Literal["tansu", "apache"] = request.param
    servers = await start(tmp_path_factory.mktemp(kind), kind, progress=lambda _: None)
    yield servers
    await servers.stop()


@pytest.fixture(scope="session")
def broker(servers: Servers) -> Broker:
    return Broker(servers.addresses.kafka, servers.addresses.idempotent)


@pytest.fixture(scope="session")
async def another_broker(servers: Servers, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Broker]:
    """A broker of the same kind whose log is empty."""
    kind: Literal["tansu", "apache"] = "apache" if servers.addresses.idempotent else "tansu"
    folder: Path = tmp_path_factory.mktemp(f"another-{kind}")
    others = await start(folder, kind, progress=lambda _: None)
    yield Broker(others.addresses.kafka, others.addresses.idempotent)
    await others.stop()


@pytest.fixture(scope="session")
def new_database(servers: Servers) -> Callable[[str], Awaitable[DatabaseAddress]]:
    """Make a database for a service, with the bus's tables and a table `effects`."""

    async def create(service: str) -> DatabaseAddress:
        address = await provision(
            servers.addresses.postgres, service, "secret", database=f"{service}_{uuid4().hex[:8]}"
        )
        statements: list[str] = []
        open_schema(statements.append, service)
        schema.create(statements.append, service)
        statements.append("CREATE TABLE effects (place serial, organization_id text, subject text, note text)")
        tenant_table(statements.append, service, "effects")
        roles = Roles.of(service)
        statements.append(f'GRANT USAGE ON SEQUENCE effects_place_seq TO "{roles.service}", "{roles.system}"')
        owner = await asyncpg.connect(address.owner)
        for statement in statements:
            await owner.execute(statement)
        await owner.close()
        return address

    return create


@pytest.fixture
def stream() -> str:
    return f"str_{uuid4().hex}"


@pytest.fixture(scope="session")
def eventually() -> Callable[..., Awaitable[None]]:
    """Wait until a condition holds, which may be a plain or an async function; fail after `seconds`."""

    async def wait(condition: Callable[[], Any], seconds: float = 15.0) -> None:
        deadline = monotonic() + seconds
        while True:
            holds = condition()
            if await holds if asyncio.iscoroutine(holds) else holds:
                return
            assert monotonic() < deadline, f"did not come true within {seconds} s"
            await asyncio.sleep(0.02)

    return wait
