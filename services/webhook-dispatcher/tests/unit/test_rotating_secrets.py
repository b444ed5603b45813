"""A secret is replaced: for a while messages verify with both, then with the new one alone."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from standardwebhooks import Webhook, WebhookVerificationError

from tldr_secrets import Sealer
from tldr_testing.hosting import SEALING_KEY
from tldr_webhook_dispatcher.adapters.endpoints.secrets_sealed import SealedSecrets
from tldr_webhook_dispatcher.adapters.messages.receiver_http import signed_headers
from tldr_webhook_dispatcher.application.endpoints.rotate_secret import RotateSecret
from tldr_webhook_dispatcher.domain.endpoints.endpoint import Endpoint

SECRETS = SealedSecrets(Sealer(SEALING_KEY))


async def rotated(memory: Any, endpoint: Endpoint, overlap: timedelta) -> tuple[Endpoint, str]:
    memory.endpoints.rows[endpoint.id] = endpoint
    return await RotateSecret(memory.endpoints, SECRETS, memory.clock)(endpoint.id, overlap)


def opened(endpoint: Endpoint, at: Any) -> list[str]:
    return [SECRETS.open(sealed) for sealed in endpoint.sealed_secrets(at)]


async def test_both_secrets_sign_until_the_overlap_is_over_the_new_one_first(memory: Any) -> None:
    old = SECRETS.new()
    endpoint, new = await rotated(memory, memory.endpoint(sealed_secret=SECRETS.seal(old)), timedelta(hours=1))
    assert memory.endpoints.rows[endpoint.id] == endpoint
    now = memory.clock.now()
    assert opened(endpoint, now) == opened(endpoint, now + timedelta(seconds=3599)) == [new, old]
    assert opened(endpoint, now + timedelta(hours=1)) == [new]
    again, newest = await rotated(memory, endpoint, timedelta(hours=1))
    assert opened(again, now) == [newest, new], "not the one before that"
    at_once, last = await rotated(memory, again, timedelta())
    assert opened(at_once, now) == [last]
    assert at_once.replaced_secret is None


async def test_any_library_of_the_standard_verifies_with_either(memory: Any) -> None:
    old, new, now = SECRETS.new(), SECRETS.new(), datetime.now(UTC)
    message = memory.message(memory.endpoint())
    headers = signed_headers([new, old], message, now)
    assert len(headers["webhook-signature"].split(" ")) == 2
    for secret in (old, new):
        Webhook(secret).verify(b"{}", headers)
    with pytest.raises(WebhookVerificationError):
        Webhook(old).verify(b"{}", signed_headers([new], message, now))
