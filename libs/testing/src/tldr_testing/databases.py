"""Databases of services, made for tests."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
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
