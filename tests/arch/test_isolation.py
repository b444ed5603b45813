"""No tenant sees another, no service another's database: held for every table of every service, new or brought along."""

import shutil
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import asyncpg
import pytest
import pytest_asyncio

from tldr_database import DatabaseAddress, Roles, upgrade
from tldr_mesh.services import DEFINITIONS
from tldr_service import Definition
from tldr_testing.databases import new_database

# Tables with tenants' rows, and any other with row-level security.
_TABLES = """
    SELECT c.relname, c.relrowsecurity AND c.relforcerowsecurity AS guarded
    FROM pg_class c
    WHERE c.relkind IN ('r', 'p') AND c.relnamespace = 'public'::regnamespace AND (c.relrowsecurity OR EXISTS (
        SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'organization_id'))
"""
_POLICIES = "SELECT tablename, policyname, roles::text[] AS roles, cmd, qual, with_check FROM pg_policies"
_OWNED = "SELECT count(*) FROM pg_class WHERE relowner = (SELECT oid FROM pg_roles WHERE rolname = $1)"
_OWN = "(organization_id = current_setting('tldr.organization'::text, true))"
each_service = pytest.mark.parametrize("made", DEFINITIONS, ids=lambda definition: definition.name, indirect=True)


@dataclass(frozen=True, slots=True)
class Made:
    """A service's database with all its tables, and the owner's connection to it."""

    definition: Definition
    address: DatabaseAddress
    owner: asyncpg.Connection

    async def tables(self) -> dict[str, bool]:
        """Those that hold rows of tenants, and whether they are guarded, for their owner too."""
        return {row["relname"]: row["guarded"] for row in await self.owner.fetch(_TABLES)}

    async def policies(self) -> set[tuple[str, ...]]:
        """Table, policy, role, command, which rows are seen and which may be written."""
        return {
            (row["tablename"], row["policyname"], *row["roles"], row["cmd"], row["qual"], row["with_check"])
            for row in await self.owner.fetch(_POLICIES)
        }

    async def assert_guarded(self) -> None:
        """Each table has the three policies and no other, each for its role."""
        tables, roles = await self.tables(), Roles.of(self.definition.name)
        assert tables
        assert [name for name, guarded in tables.items() if not guarded] == []
        rows = {"tenant": (roles.service, _OWN), "system": (roles.system, "true"), "migration": (roles.owner, "true")}
        assert await self.policies() == {
            (table, policy, role, "ALL", which, which) for table in tables for policy, (role, which) in rows.items()
        }


@pytest_asyncio.fixture(scope="module")
async def made(request: pytest.FixtureRequest, postgres_admin: str) -> AsyncIterator[Made]:
    definition: Definition = request.param
    address = await new_database(postgres_admin, definition)
    await upgrade(address.owner, definition.migrations)
    owner = await asyncpg.connect(address.owner)
    yield Made(definition, address, owner)
    await owner.close()


@each_service
async def test_every_table_with_an_organization_is_guarded_and_lets_its_owner_migrate(made: Made) -> None:
    await made.assert_guarded()


@each_service
async def test_the_service_role_owns_nothing_and_cannot_lift_row_level_security(made: Made) -> None:
    connection = await asyncpg.connect(made.address.service)
    try:
        assert await connection.fetchval(_OWNED, Roles.of(made.definition.name).service) == 0
        for table in await made.tables():
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await connection.execute(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY")
    finally:
        await connection.close()


@pytest.mark.parametrize("definition", DEFINITIONS, ids=lambda definition: definition.name)
async def test_tables_made_when_owners_had_no_policy_are_brought_along(
    postgres_admin: str, definition: Definition, tmp_path: Path
) -> None:
    address = await new_database(postgres_admin, definition)
    (foundation,) = definition.migrations.glob("*_foundation.py")
    for migration in definition.migrations.glob("*.py"):
        if migration.name < foundation.name:
            shutil.copy(migration, tmp_path)
    await upgrade(address.owner, tmp_path)
    owner = await asyncpg.connect(address.owner)
    try:
        made = Made(definition, address, owner)
        for table in await made.tables():
            await owner.execute(f"DROP POLICY migration ON {table}")
        await upgrade(address.owner, definition.migrations)
        await made.assert_guarded()
    finally:
        await owner.close()


async def test_no_role_of_one_service_may_enter_the_database_of_another(postgres_admin: str) -> None:
    gateway, ingest = [await new_database(postgres_admin, one) for one in DEFINITIONS[:2]]
    for address in (ingest.owner, ingest.service, ingest.system):
        elsewhere = address.rpartition("/")[0] + f"/{gateway.owner.rpartition('/')[2]}"
        with pytest.raises(asyncpg.InsufficientPrivilegeError, match="permission denied for database"):
            await asyncpg.connect(elsewhere)
