"""What was stored by the version before is brought along."""

import shutil
from pathlib import Path

from tldr_database import Database, upgrade
from tldr_testing import NOW
from tldr_testing.databases import new_database
from tldr_webhook_dispatcher.adapters.endpoints_postgres import PostgresEndpoints
from tldr_webhook_dispatcher.adapters.messages_postgres import PostgresMessages
from tldr_webhook_dispatcher.bootstrap import DEFINITION
from tldr_webhook_dispatcher.domain.endpoint import Endpoint

_BEFORE = """
    INSERT INTO messages (message_id, organization_id, endpoint_id, type, stream_id, lane, body, created_at, state, attempts)
    VALUES ('msg_1', 'org_1', 'whe_1', 'highlight.ready', 'str_1', 1, $${"data":{"id":"hl_1"}}$$::bytea, now(), 'pending', 0),
           ('msg_2', 'org_1', 'whe_1', 'stream.failed', 'str_1', 1, $${"data":{"id":"hl_2"}}$$::bytea, now(), 'pending', 0)
"""


async def test_who_was_told_of_a_highlight_before_still_hears_that_it_is_withdrawn(
    postgres_admin: str, tmp_path: Path
) -> None:
    for version in DEFINITION.migrations.glob("000[123]_*.py"):
        shutil.copy(version, tmp_path)
    address = await new_database(postgres_admin, DEFINITION)
    await upgrade(address.owner, tmp_path)
    database = Database.connect(address, service_connections=1, system_connections=1)
    try:
        async with database.tenant("org_1") as transaction:
            endpoint = Endpoint("whe_1", "org_1", "https://example.com", "", (), True, b"sealed", NOW)
            await PostgresEndpoints(transaction).add(endpoint)
            await transaction.exec_driver_sql(_BEFORE)
        await upgrade(address.owner, DEFINITION.migrations)
        async with database.tenant("org_1") as transaction:
            messages = PostgresMessages(transaction, "org_1")
            assert await messages.told("hl_1") == {"whe_1"}
            assert await messages.told("hl_2") == set()
        async with database.tenant("org_2") as transaction:
            assert await PostgresMessages(transaction, "org_2").told("hl_1") == set()
    finally:
        await database.close()
