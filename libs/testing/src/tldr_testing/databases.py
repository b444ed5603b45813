"""Databases of services, made for tests."""

import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import uuid4

from tldr_database import Database, DatabaseAddress, Transaction, provision, upgrade
from tldr_service import Definition


async def new_database(admin: str, definition: Definition) -> DatabaseAddress:
    """A database of its own for a service, with nothing in it; `admin` is a role's address that may do everything."""
    name = f"{definition.name.replace('-', '_')}_{uuid4().hex[:8]}"
    return await provision(admin, definition.name, "test", database=name)


@asynccontextmanager
async def migrated(admin: str, definition: Definition) -> AsyncIterator[Database]:
    """A new database with the service's tables and nobody at work on it."""
    address = await new_database(admin, definition)
    await upgrade(address.owner, definition.migrations)
    database = Database.connect(address, service_connections=4, system_connections=2)
    yield database
    await database.close()


@asynccontextmanager
async def upgraded(admin: str, definition: Definition, version: str, statement: str) -> AsyncIterator[Database]:
    """A database of that version ("0004"), in which `org_1` carried out a statement, brought to the present one."""
    address = await new_database(admin, definition)
    with TemporaryDirectory() as folder:
        for migration in definition.migrations.glob("0*.py"):
            if migration.name[:4] <= version:
                shutil.copy(migration, folder)
        await upgrade(address.owner, Path(folder))
    database = Database.connect(address, service_connections=1, system_connections=1)
    try:
        async with database.tenant("org_1") as transaction:
            await transaction.exec_driver_sql(statement)
        await upgrade(address.owner, definition.migrations)
        yield database
    finally:
        await database.close()


class _Undone(Exception):
    """Rolls a transaction back."""


@asynccontextmanager
async def undone(database: Database, organization: str) -> AsyncIterator[Transaction]:
    """An organization's transaction that is rolled back: golden messages are all about one stream."""
    try:
        async with database.tenant(organization) as transaction:
            yield transaction
            raise _Undone
    except _Undone:
        return
