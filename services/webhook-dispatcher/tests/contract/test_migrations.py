"""What was stored by the version before is brought along."""

import shutil
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import pytest_asyncio

from tldr_database import Database, upgrade
from tldr_secrets import Sealer
from tldr_testing.contents import everything_in
from tldr_testing.databases import new_database
from tldr_testing.hosting import SEALING_KEY
from tldr_webhook_dispatcher.adapters.endpoints_postgres import PostgresEndpoints
from tldr_webhook_dispatcher.adapters.messages_postgres import PostgresMessages
from tldr_webhook_dispatcher.adapters.plain_addresses_postgres import PlainAddresses
from tldr_webhook_dispatcher.adapters.secrets_sealed import SealedSecrets
from tldr_webhook_dispatcher.bootstrap import DEFINITION

SECRETS = SealedSecrets(Sealer(SEALING_KEY))
URL = "https://hooks.example.com/in?token=hush_4711"
_ENDPOINT = """
    INSERT INTO endpoints (endpoint_id, organization_id, url, description, types, enabled, sealed_secret, created_at)
    VALUES ('whe_1', 'org_1', $1, '', '{}', true, $2, now())"""
_MESSAGES = """
    INSERT INTO messages (message_id, organization_id, endpoint_id, type, stream_id, lane, body, created_at, state, attempts)
    VALUES ('msg_1', 'org_1', 'whe_1', 'highlight.ready', 'str_1', 1, '{"data":{"id":"hl_1"}}'::bytea, now(), 'pending', 0),
           ('msg_2', 'org_1', 'whe_1', 'stream.failed', 'str_1', 1, '{"data":{"id":"hl_2"}}'::bytea, now(), 'pending', 0)"""


@dataclass(frozen=True, slots=True)
class Before:
    """A database with what the first version stored in it."""

    database: Database

    async def migrate(self) -> None:
        await upgrade(self.database.address.owner, DEFINITION.migrations)


@pytest_asyncio.fixture
async def before(postgres_admin: str, tmp_path: Path) -> AsyncIterator[Before]:
    for version in DEFINITION.migrations.glob("000[123]_*.py"):
        shutil.copy(version, tmp_path)
    address = await new_database(postgres_admin, DEFINITION)
    await upgrade(address.owner, tmp_path)
    database = Database.connect(address, service_connections=1, system_connections=1)
    async with database.tenant("org_1") as transaction:
        await transaction.exec_driver_sql(_ENDPOINT, (URL, SECRETS.seal("whsec_x").encode()))
        await transaction.exec_driver_sql(_MESSAGES)
    yield Before(database)
    await database.close()


async def test_who_was_told_of_a_highlight_before_still_hears_that_it_is_withdrawn(before: Before) -> None:
    await before.migrate()
    async with before.database.tenant("org_1") as transaction:
        messages = PostgresMessages(transaction, "org_1")
        assert await messages.notified("hl_1") == {"whe_1"}
        assert await messages.notified("hl_2") == set()
    async with before.database.tenant("org_2") as transaction:
        assert await PostgresMessages(transaction, "org_2").notified("hl_1") == set()


@pytest.mark.parametrize("rounds", [1, 2])
async def test_an_address_that_was_kept_in_clear_is_sealed(before: Before, rounds: int) -> None:
    await before.migrate()
    assert "hush_4711" in await everything_in(before.database)
    for _ in range(rounds):
        await PlainAddresses(before.database, SECRETS).seal()
    assert "hush_4711" not in await everything_in(before.database)
    async with before.database.tenant("org_1") as transaction:
        (endpoint,) = await PostgresEndpoints(transaction).all()
    assert SECRETS.open(endpoint.address.sealed) == URL
    assert endpoint.address.shown == "https://hooks.example.com/in?…"
    assert SECRETS.open(endpoint.sealed_secret) == "whsec_x"
