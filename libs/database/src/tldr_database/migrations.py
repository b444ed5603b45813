"""Bring a service's database to the newest version of its tables, at start, once."""

import asyncio
import threading
from pathlib import Path

import asyncpg
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory

_ENVIRONMENT = Path(__file__).parent / "alembic"
# `alembic.context` is one global for the process; services hosted together would take it from each other.
_ONE_AT_A_TIME = threading.Lock()


async def upgrade(owner: str, versions: Path) -> None:
    """Run the migrations in the folder `versions` as the owner; replicas that start together take turns.

    A database that is already at the newest version costs one query.
    """
    config = Config()
    config.set_main_option("script_location", str(_ENVIRONMENT))
    config.set_main_option("version_locations", str(versions))
    config.set_main_option("path_separator", "newline")
    config.attributes["dsn"] = owner
    head = ScriptDirectory.from_config(config).get_current_head()
    if head is not None and await _current(owner) != head:
        await asyncio.to_thread(_run, config)


def _run(config: Config) -> None:
    with _ONE_AT_A_TIME:
        command.upgrade(config, "head")


async def _current(owner: str) -> str | None:
    connection = await asyncpg.connect(owner, timeout=10)
    try:
        if await connection.fetchval("SELECT to_regclass('alembic_version')") is None:
            return None
        version = await connection.fetchval("SELECT version_num FROM alembic_version")
        return str(version) if version is not None else None
    finally:
        await connection.close(timeout=5)
