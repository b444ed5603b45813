"""Bring a service's database to the newest version of its tables, once, and see from a service whether it is there."""

import asyncio
import threading
from dataclasses import dataclass
from pathlib import Path

import asyncpg
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory

_ENVIRONMENT = Path(__file__).parent / "alembic"
# `alembic.context` is one global for the process; services hosted together would take it from each other.
_ONE_AT_A_TIME = threading.Lock()
_LOCK = 7_161_003
_HIDDEN = """
    SELECT NOT has_table_privilege('public', to_regclass('alembic_version'), 'SELECT')
    WHERE to_regclass('alembic_version') IS NOT NULL
"""


async def upgrade(owner: str, versions: Path) -> None:
    """Run the migrations in the folder `versions` as the owner; replicas that start together take turns.

    A database that is already at the newest version costs two queries.
    """
    config = _config(versions)
    config.attributes["dsn"] = owner
    head = ScriptDirectory.from_config(config).get_current_head()
    if head is not None and await _current(owner) != head:
        await asyncio.to_thread(_run, config)
    await _show_version(owner)


async def _show_version(owner: str) -> None:
    """Let the service's roles see which version there is; nobody else can enter the database.

    Looked at at each time: databases of an earlier version are at the newest version without it.
    """
    connection = await asyncpg.connect(owner, timeout=10)
    try:
        async with connection.transaction():
            await connection.execute("SELECT pg_advisory_xact_lock($1)", _LOCK)
            if await connection.fetchval(_HIDDEN):
                await connection.execute("GRANT SELECT ON alembic_version TO PUBLIC")
    finally:
        await connection.close(timeout=5)


@dataclass(frozen=True, slots=True)
class Outdated:
    """The version of the tables there is, None when there are none, and the one that is needed."""

    found: str | None
    needed: str


async def outdated(role: str, versions: Path) -> Outdated | None:
    """None when the tables are as the folder `versions` wants them, or newer; seen as any of the service's roles.

    A version that the folder does not know is a newer one: during an upgrade the migrations go first, and what runs goes on.
    """
    scripts = ScriptDirectory.from_config(_config(versions))
    head = scripts.get_current_head()
    if head is None:
        return None
    found = await _current(role)
    known = {script.revision for script in scripts.walk_revisions()}
    return Outdated(found, head) if found is None or (found in known and found != head) else None


def _config(versions: Path) -> Config:
    config = Config()
    config.set_main_option("script_location", str(_ENVIRONMENT))
    config.set_main_option("version_locations", str(versions))
    config.set_main_option("path_separator", "newline")
    return config


def _run(config: Config) -> None:
    with _ONE_AT_A_TIME:
        command.upgrade(config, "head")


async def _current(role: str) -> str | None:
    connection = await asyncpg.connect(role, timeout=10)
    try:
        if await connection.fetchval("SELECT to_regclass('alembic_version')") is None:
            return None
        version = await connection.fetchval("SELECT version_num FROM alembic_version")
        return str(version) if version is not None else None
    except asyncpg.InsufficientPrivilegeError:
        return None  # tables of a time when only the owner might ask
    finally:
        await connection.close(timeout=5)
