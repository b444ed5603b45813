"""A service that may not migrate waits for the step that does."""

import asyncio
from pathlib import Path
from typing import Any

import structlog

from tldr_database import DatabaseAddress, provision, upgrade
from tldr_service import Definition, Settings
from tldr_service.schema_version import bring_up_to_date
from tldr_testing import eventually

_MIGRATION = """
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.execute("CREATE TABLE things (name text)")
"""


def _settings(address: DatabaseAddress) -> Settings:
    values: dict[str, Any] = {
        "database_service_url": address.service,
        "database_system_url": address.system,
        "kafka_bootstrap": "127.0.0.1:9",
        "redis_url": "redis://127.0.0.1:9",
        "s3_internal_url": "http://127.0.0.1:9",
        "s3_access_key": "nobody",
        "s3_secret_key": "nothing",
        "internal_secret": "-" * 32,
    }
    return Settings(**values)


def _never_built(_: Any) -> Any:
    raise AssertionError


async def test_a_service_without_the_owners_address_says_that_it_waits_and_goes_on_after_the_migration(
    postgres_admin: str, tmp_path: Path
) -> None:
    (tmp_path / "0001.py").write_text(_MIGRATION)
    address = await provision(postgres_admin, "schema-version", "secret")
    definition = Definition("schema-version", tmp_path, _never_built)
    with structlog.testing.capture_logs() as said:
        waiting = asyncio.create_task(bring_up_to_date(definition, _settings(address)))

        async def warned() -> bool:
            return bool(said)

        await eventually(warned)
        assert not waiting.done()
        await upgrade(address.owner, tmp_path)
        await asyncio.wait_for(waiting, 5)
    assert [(one["log_level"], one["found"], one["needed"]) for one in said] == [("warning", None, "0001")]
