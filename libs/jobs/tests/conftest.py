"""A service's database with the table of jobs, pools that are always stopped, and waiting by deadline."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from time import monotonic

import asyncpg
import pytest

from tldr_database import Database, DatabaseAddress, Roles, provision
from tldr_database.schema import open_schema, tenant_table
from tldr_jobs import Worker, WorkerPool, schema


@pytest.fixture(scope="session")
async def address(postgres_admin: str) -> DatabaseAddress:
    """A database with `jobs`, and `effects` to see what handlers wrote."""
    service = "jobs-contract"
    address = await provision(postgres_admin, service, "secret")
    statements: list[str] = []
    open_schema(statements.append, service)
    schema.create(statements.append, service)
    schema.lease_fairly(statements.append)
    schema.lease_by_age(statements.append)
    statements.append("CREATE TABLE effects (place serial, organization_id text, subject text, note text)")
    tenant_table(statements.append, service, "effects")
    roles = Roles.of(service)
    statements.append(f'GRANT USAGE ON SEQUENCE effects_place_seq TO "{roles.service}", "{roles.system}"')
    owner = await asyncpg.connect(address.owner)
    for statement in statements:
        await owner.execute(statement)
    await owner.close()
    return address


@pytest.fixture
async def database(address: DatabaseAddress) -> AsyncIterator[Database]:
    """The database, with nothing in it."""
    owner = await asyncpg.connect(address.owner)
    await owner.execute("TRUNCATE jobs, effects")
    await owner.close()
    database = Database.connect(address)
    yield database
    await database.close()


@pytest.fixture
async def start_pool(database: Database) -> AsyncIterator[Callable[..., WorkerPool]]:
    """Start a pool of the workers given; `WorkerPool`'s own options by name."""
    started: list[tuple[WorkerPool, asyncio.Task[None]]] = []

    def start(*workers: Worker, **options: object) -> WorkerPool:
        pool = WorkerPool(database, workers, **options)  # type: ignore[arg-type]
        started.append((pool, asyncio.create_task(pool.run())))
        return pool

    yield start
    for pool, task in started:
        await pool.stop()
        await task


@pytest.fixture
def eventually() -> Callable[..., Awaitable[None]]:
    """Wait until a condition holds, which may be a plain or an async function; fail after `seconds`."""

    async def wait(condition: Callable[[], object], seconds: float = 15.0) -> None:
        deadline = monotonic() + seconds
        while True:
            holds = condition()
            if await holds if asyncio.iscoroutine(holds) else holds:
                return
            assert monotonic() < deadline, f"did not come true within {seconds} s"
            await asyncio.sleep(0.02)

    return wait
