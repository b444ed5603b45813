"""Roles, tenants and transactions on a real server."""

import asyncio
from collections.abc import AsyncIterator
from urllib.parse import urlsplit

import asyncpg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from tldr_database import Database, DatabaseAddress, DatabaseUnavailable, Passwords, driver, is_trouble, provision
from tldr_database.schema import let_the_owner_migrate, open_schema, shared_table, tenant_table

SERVICE = "database-component"


@pytest.fixture(scope="module")
async def address(postgres_admin: str) -> DatabaseAddress:
    address = await provision(postgres_admin, SERVICE, "secret")
    statements: list[str] = []
    open_schema(statements.append, SERVICE)
    statements.append("CREATE TABLE things (organization_id text, name text)")
    tenant_table(statements.append, SERVICE, "things")
    statements.append("CREATE TABLE shared (name text)")
    shared_table(statements.append, SERVICE, "shared")
    owner = await asyncpg.connect(address.owner)
    for statement in statements:
        await owner.execute(statement)
    await owner.close()
    return address


@pytest.fixture
async def database(address: DatabaseAddress) -> AsyncIterator[Database]:
    database = Database.connect(address)
    async with database.system() as transaction:
        await transaction.execute(text("DELETE FROM things"))
    for organization in ("a", "b"):
        async with database.tenant(organization) as transaction:
            await transaction.execute(text("INSERT INTO things VALUES (:o, :o)"), {"o": organization})
    yield database
    await database.close()


async def seen_as(database: Database, organization: str) -> list[str]:
    async with database.tenant(organization) as transaction:
        return [row.name for row in await transaction.execute(text("SELECT name FROM things ORDER BY name"))]


async def cut_connections(admin: str, database: str) -> None:
    connection = await asyncpg.connect(admin)
    await connection.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1", database)
    await connection.close()


async def test_a_tenant_sees_its_own_rows(database: Database) -> None:
    assert await seen_as(database, "a") == ["a"]
    assert await seen_as(database, "b") == ["b"]


async def test_without_a_tenant_there_are_no_rows(database: Database) -> None:
    async with database.untenanted() as transaction:
        assert (await transaction.execute(text("SELECT * FROM things"))).all() == []


async def test_a_tenant_does_not_stay_on_the_connection(address: DatabaseAddress) -> None:
    database = Database.connect(address, service_connections=1)
    for _ in range(3):
        async with database.tenant("a"):
            pass
        async with database.untenanted() as transaction:
            assert (await transaction.execute(text("SELECT * FROM things"))).all() == []
    await database.close()


async def test_a_tenant_cannot_write_for_another(database: Database) -> None:
    with pytest.raises(DBAPIError, match="row-level security"):
        async with database.tenant("a") as transaction:
            await transaction.execute(text("INSERT INTO things VALUES ('b', 'forged')"))
    async with database.tenant("a") as transaction:
        assert (await transaction.execute(text("DELETE FROM things WHERE name = 'b'"))).rowcount == 0


async def test_the_system_role_sees_every_organization(database: Database) -> None:
    async with database.system() as transaction:
        rows = (await transaction.execute(text("SELECT name FROM things ORDER BY name"))).scalars().all()
    assert rows == ["a", "b"]


async def test_the_service_role_owns_nothing(database: Database) -> None:
    with pytest.raises(DBAPIError, match="must be owner"):
        async with database.tenant("a") as transaction:
            await transaction.execute(text("ALTER TABLE things DISABLE ROW LEVEL SECURITY"))
    with pytest.raises(DBAPIError, match="permission denied"):
        async with database.tenant("a") as transaction:
            await transaction.execute(text("CREATE TABLE own (x int)"))


async def test_no_role_of_another_service_can_connect(postgres_admin: str, address: DatabaseAddress) -> None:
    other = await provision(postgres_admin, "database-component-other", "secret")
    for dsn in (other.owner, other.service, other.system):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await asyncpg.connect(urlsplit(dsn)._replace(path="/database_component").geturl())


async def test_each_role_has_a_password_of_its_own(postgres_admin: str) -> None:
    passwords = Passwords.made()
    made = await provision(postgres_admin, "database-passwords", passwords)
    assert len({passwords.owner, passwords.service, passwords.system}) == 3
    own = {made.owner: passwords.owner, made.service: passwords.service, made.system: passwords.system}
    for address, password in own.items():
        await (await asyncpg.connect(address)).close()
        for other in set(own.values()) - {password}:
            with pytest.raises(asyncpg.InvalidPasswordError):
                await asyncpg.connect(address.replace(password, other))


@pytest.mark.parametrize("everyones", ["postgres", "template1"])
async def test_no_role_of_a_service_may_enter_what_every_server_has(address: DatabaseAddress, everyones: str) -> None:
    for dsn in (address.owner, address.service, address.system):
        with pytest.raises(asyncpg.InsufficientPrivilegeError, match="permission denied for database"):
            await asyncpg.connect(urlsplit(dsn)._replace(path=f"/{everyones}").geturl())


async def test_replicas_may_provision_at_the_same_time_and_again(postgres_admin: str) -> None:
    addresses = await asyncio.gather(*(provision(postgres_admin, "database-replicas", "secret") for _ in range(4)))
    assert len(set(addresses)) == 1
    await (await asyncpg.connect(addresses[0].system)).close()


async def test_a_transaction_that_raises_leaves_nothing(database: Database) -> None:
    async def write_and_raise() -> None:
        async with database.tenant("a") as transaction:
            await transaction.execute(text("INSERT INTO things VALUES ('a', 'gone')"))
            raise LookupError

    with pytest.raises(LookupError):
        await write_and_raise()
    assert await seen_as(database, "a") == ["a"]


async def test_a_cancelled_transaction_leaves_nothing_and_gives_its_connection_back(address: DatabaseAddress) -> None:
    database = Database.connect(address, service_connections=1)
    began = asyncio.Event()

    async def hang() -> None:
        async with database.tenant("c") as transaction:
            await transaction.execute(text("INSERT INTO things VALUES ('c', 'gone')"))
            began.set()
            await transaction.execute(text("SELECT pg_sleep(60)"))

    task = asyncio.create_task(hang())
    await began.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert await asyncio.wait_for(seen_as(database, "c"), 5) == []
    await database.close()


async def test_connections_that_died_in_the_pool_are_replaced_unnoticed(
    database: Database, postgres_admin: str
) -> None:
    await asyncio.gather(*(seen_as(database, "a") for _ in range(6)))
    await cut_connections(postgres_admin, "database_component")
    assert await asyncio.gather(*(seen_as(database, "a") for _ in range(6))) == [["a"]] * 6


async def test_a_connection_that_dies_in_a_transaction_is_trouble_on_both_roads(
    database: Database, postgres_admin: str
) -> None:
    async def on_sqlalchemy() -> None:
        async with database.tenant("a") as transaction:
            await cut_connections(postgres_admin, "database_component")
            await transaction.execute(text("SELECT 1"))

    async def on_the_driver() -> None:
        async with database.tenant("a") as transaction:
            await cut_connections(postgres_admin, "database_component")
            await (await driver(transaction)).execute("SELECT 1")

    for road in (on_sqlalchemy, on_the_driver):
        with pytest.raises((DBAPIError, asyncpg.PostgresError, asyncpg.InterfaceError)) as cut:
            await road()
        assert is_trouble(cut.value)
    assert await seen_as(database, "a") == ["a"]


async def test_a_server_that_does_not_answer_is_trouble() -> None:
    nowhere = DatabaseAddress(*["postgresql://nobody@127.0.0.1:1/nothing"] * 3)
    database = Database.connect(nowhere)
    with pytest.raises(DatabaseUnavailable) as refused:
        async with database.system():
            pass
    assert is_trouble(refused.value)


async def test_a_wrong_statement_is_not_trouble(database: Database) -> None:
    with pytest.raises(DBAPIError) as wrong:
        async with database.tenant("a") as transaction:
            await transaction.execute(text("SELECT * FROM nothing_of_this_name"))
    assert not is_trouble(wrong.value)
    assert not is_trouble(ConnectionResetError("some other server"))
    assert is_trouble(asyncpg.DeadlockDetectedError("this one gave way"))


async def test_a_data_migration_changes_the_rows_of_every_organization(
    address: DatabaseAddress, database: Database
) -> None:
    owner = await asyncpg.connect(address.owner)
    assert await owner.execute("UPDATE things SET name = 'new ' || name") == "UPDATE 2"
    await owner.execute("DROP POLICY migration ON things")
    assert await owner.execute("UPDATE things SET name = 'no'") == "UPDATE 0", "a table of a version before"
    statements: list[str] = []
    for _ in range(2):  # safe to repeat
        let_the_owner_migrate(statements.append, SERVICE)
    for statement in statements:
        await owner.execute(statement)
    assert await owner.execute("UPDATE things SET name = name || 'er'") == "UPDATE 2"
    await owner.close()
    assert await seen_as(database, "a") == ["new aer"]
