"""Migrations at start."""

import asyncio
from pathlib import Path

import asyncpg
import pytest

from tldr_database import DatabaseAddress, Outdated, outdated, provision, upgrade

_MIGRATION = '''
"""A migration."""

from alembic import op

revision = "{revision}"
down_revision = {before}
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("{statement}")
'''


@pytest.fixture
async def address(postgres_admin: str, request: pytest.FixtureRequest) -> DatabaseAddress:
    return await provision(postgres_admin, "database-migrations", "secret", database=f"m{abs(hash(request.node.name))}")


def write(folder: Path, revision: str, before: str | None, statement: str) -> None:
    content = _MIGRATION.format(revision=revision, before=repr(before), statement=statement)
    (folder / f"{revision}.py").write_text(content)


async def fetch(dsn: str, query: str) -> list[object]:
    connection = await asyncpg.connect(dsn)
    rows = await connection.fetch(query)
    await connection.close()
    return [row[0] for row in rows]


async def test_replicas_that_start_together_migrate_once(address: DatabaseAddress, tmp_path: Path) -> None:
    write(tmp_path, "0001", None, "CREATE TABLE runs (name text)")
    write(tmp_path, "0002", "0001", "INSERT INTO runs VALUES ('second')")
    await asyncio.gather(*(upgrade(address.owner, tmp_path) for _ in range(3)))
    await upgrade(address.owner, tmp_path)
    assert await fetch(address.owner, "SELECT name FROM runs") == ["second"]


async def test_a_migration_that_fails_leaves_the_version_before_all_of_them(
    address: DatabaseAddress, tmp_path: Path
) -> None:
    write(tmp_path, "0001", None, "CREATE TABLE runs (name text)")
    write(tmp_path, "0002", "0001", "SELECT * FROM nothing_of_this_name")
    with pytest.raises(Exception, match="nothing_of_this_name"):
        await upgrade(address.owner, tmp_path)
    assert await fetch(address.owner, "SELECT to_regclass('runs')::text") == [None]
    write(tmp_path, "0002", "0001", "INSERT INTO runs VALUES ('repaired')")
    await upgrade(address.owner, tmp_path)
    assert await fetch(address.owner, "SELECT name FROM runs") == ["repaired"]


async def test_a_service_sees_that_its_tables_are_too_old_and_when_they_are_not(
    address: DatabaseAddress, tmp_path: Path
) -> None:
    write(tmp_path, "0001", None, "CREATE TABLE runs (name text)")
    assert await outdated(address.service, tmp_path) == Outdated(None, "0001")
    await upgrade(address.owner, tmp_path)
    assert await outdated(address.service, tmp_path) is None
    write(tmp_path, "0002", "0001", "INSERT INTO runs VALUES ('second')")
    assert await outdated(address.service, tmp_path) == Outdated("0001", "0002")


async def test_tables_newer_than_the_code_are_good_enough(address: DatabaseAddress, tmp_path: Path) -> None:
    write(tmp_path, "0001", None, "CREATE TABLE runs (name text)")
    write(tmp_path, "0002", "0001", "INSERT INTO runs VALUES ('second')")
    await upgrade(address.owner, tmp_path)
    (tmp_path / "0002.py").unlink()
    assert await outdated(address.system, tmp_path) is None


async def test_a_database_that_was_up_to_date_before_services_could_see_it_becomes_visible(
    address: DatabaseAddress, tmp_path: Path
) -> None:
    write(tmp_path, "0001", None, "CREATE TABLE runs (name text)")
    await upgrade(address.owner, tmp_path)
    owner = await asyncpg.connect(address.owner)
    await owner.execute("REVOKE SELECT ON alembic_version FROM PUBLIC")
    await owner.close()
    assert await outdated(address.service, tmp_path) == Outdated(None, "0001")
    await asyncio.gather(*(upgrade(address.owner, tmp_path) for _ in range(3)))
    assert await outdated(address.service, tmp_path) is None
