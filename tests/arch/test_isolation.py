"""No tenant sees another, no service another's database: held for every table of every service."""

from uuid import uuid4

import asyncpg
import pytest

from tldr_database import Roles, provision, upgrade
from tldr_mesh.services import DEFINITIONS
from tldr_service import Definition

_TABLES = """
    SELECT c.relname, c.relrowsecurity, c.relforcerowsecurity,
           (SELECT count(*) FROM pg_policy p WHERE p.polrelid = c.oid) AS policies
    FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
    WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace AND a.attname = 'organization_id'
"""
_OWNED = "SELECT count(*) FROM pg_class WHERE relowner = (SELECT oid FROM pg_roles WHERE rolname = $1)"
each_service = pytest.mark.parametrize("definition", DEFINITIONS, ids=lambda definition: definition.name)


async def _database(admin: str, definition: Definition) -> tuple[str, str, str]:
    name = f"{definition.name.replace('-', '_')}_{uuid4().hex[:8]}"
    address = await provision(admin, definition.name, "test", database=name)
    await upgrade(address.owner, definition.migrations)
    return name, address.owner, address.service


@each_service
async def test_every_table_with_an_organization_has_row_level_security(
    postgres_admin: str, definition: Definition
) -> None:
    _, owner, _ = await _database(postgres_admin, definition)
    connection = await asyncpg.connect(owner)
    try:
        tables = await connection.fetch(_TABLES)
    finally:
        await connection.close()
    assert tables
    bare = [row["relname"] for row in tables if not (row["relrowsecurity"] and row["relforcerowsecurity"])]
    assert not bare
    assert [row["relname"] for row in tables if row["policies"] < 2] == []


@each_service
async def test_the_service_role_owns_nothing_and_cannot_lift_row_level_security(
    postgres_admin: str, definition: Definition
) -> None:
    _, owner, service = await _database(postgres_admin, definition)
    seen = await asyncpg.connect(owner)
    tables = [row["relname"] for row in await seen.fetch(_TABLES)]
    await seen.close()
    connection = await asyncpg.connect(service)
    try:
        assert await connection.fetchval(_OWNED, Roles.of(definition.name).service) == 0
        for table in tables:
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await connection.execute(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY")
    finally:
        await connection.close()


async def test_no_role_of_one_service_may_enter_the_database_of_another(postgres_admin: str) -> None:
    gateway, ingest = DEFINITIONS[0], DEFINITIONS[1]
    name, _, _ = await _database(postgres_admin, gateway)
    _, owner, service = await _database(postgres_admin, ingest)
    for address in (owner, service):
        elsewhere = address.rpartition("/")[0] + f"/{name}"
        with pytest.raises(asyncpg.InsufficientPrivilegeError, match="permission denied for database"):
            await asyncpg.connect(elsewhere)
