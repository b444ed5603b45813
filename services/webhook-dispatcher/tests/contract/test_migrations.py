"""What was stored by the version before is brought along."""

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
import pytest_asyncio

from tldr_database import Database
from tldr_secrets import Sealer
from tldr_testing.contents import everything_in
from tldr_testing.databases import upgraded
from tldr_testing.hosting import SEALING_KEY
from tldr_webhook_dispatcher.adapters.endpoints.endpoints_postgres import PostgresEndpoints
from tldr_webhook_dispatcher.adapters.endpoints.plain_addresses_postgres import PlainAddresses
from tldr_webhook_dispatcher.adapters.endpoints.secrets_sealed import SealedSecrets
from tldr_webhook_dispatcher.adapters.messages.messages_postgres import PostgresMessages
from tldr_webhook_dispatcher.bootstrap import DEFINITION
from tldr_webhook_dispatcher.domain.messages.message import Attempt, Deliveries, DeliveryState

SECRETS = SealedSecrets(Sealer(SEALING_KEY))
URL = "https://hooks.example.com/in?token=hush_4711"
_BEFORE = f"""
    WITH endpoint AS (
        INSERT INTO endpoints (endpoint_id, organization_id, url, description, types, enabled, sealed_secret, created_at)
        VALUES ('whe_1', 'org_1', '{URL}', '', '{{}}', true, '{SECRETS.seal("whsec_x")}'::bytea, now())
    )
    INSERT INTO messages (message_id, organization_id, endpoint_id, type, stream_id, lane, body, created_at, state, attempts)
    VALUES ('msg_1', 'org_1', 'whe_1', 'highlight.ready', 'str_1', 1, '{{"data":{{"id":"hl_1"}}}}', now(), 'pending', 0),
           ('msg_2', 'org_1', 'whe_1', 'stream.failed', 'str_1', 1, '{{"data":{{"id":"hl_2"}}}}', now(), 'pending', 0)"""


@pytest_asyncio.fixture
async def database(postgres_admin: str) -> AsyncIterator[Database]:
    """What the version before sealing stored, brought to the present tables."""
    async with upgraded(postgres_admin, DEFINITION, "0003", _BEFORE) as database:
        yield database


async def test_who_was_told_of_a_highlight_before_still_hears_that_it_is_withdrawn(database: Database) -> None:
    async with database.tenant("org_1") as transaction:
        messages = PostgresMessages(transaction, "org_1")
        assert await messages.notified("hl_1") == {"whe_1": 0}
        assert await messages.notified("hl_2") == {}
    async with database.tenant("org_2") as transaction:
        assert await PostgresMessages(transaction, "org_2").notified("hl_1") == {}


async def test_a_message_of_before_is_kept_under_its_id_alone(database: Database) -> None:
    async with database.tenant("org_1") as transaction:
        messages = PostgresMessages(transaction, "org_1")
        found = await messages.get("whe_1", "msg_1")
        assert found is not None
        assert await messages.get("whe_2", "msg_1") is None
        tried = Attempt(found.created_at, 200, None, 7)
        await messages.record(found, tried)
        await messages.save(replace(found, state=DeliveryState.DELIVERED, attempts=1))
        page = await messages.page("whe_1", Deliveries(state=DeliveryState.DELIVERED), before=None, limit=9)
    assert [(message.id, list(log)) for message, log in page] == [("msg_1", [tried])]


@pytest.mark.parametrize("rounds", [1, 2])
async def test_an_address_that_was_kept_in_clear_is_sealed(database: Database, rounds: int) -> None:
    assert "hush_4711" in await everything_in(database)
    for _ in range(rounds):
        await PlainAddresses(database, SECRETS).seal()
    assert "hush_4711" not in await everything_in(database)
    async with database.tenant("org_1") as transaction:
        (endpoint,) = await PostgresEndpoints(transaction).all()
    assert SECRETS.open(endpoint.address.sealed) == URL
    assert endpoint.address.shown == "https://hooks.example.com/in?…"
    assert SECRETS.open(endpoint.sealed_secret) == "whsec_x"
