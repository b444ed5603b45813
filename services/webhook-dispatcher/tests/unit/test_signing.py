"""Messages are signed as Standard Webhooks 1.0 says, over the exact bytes sent."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from standardwebhooks import Webhook

from tldr_secrets import Sealer
from tldr_testing.hosting import SEALING_KEY
from tldr_webhook_dispatcher.adapters.endpoints.secrets_sealed import SealedSecrets
from tldr_webhook_dispatcher.adapters.messages.receiver_http import signed_headers
from tldr_webhook_dispatcher.domain.messages.message import Message, body

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
MESSAGE = "msg_p5jXN8AQM9LWM0D4loKWxJek"
AT = datetime.fromtimestamp(1614265330, UTC)
SIGNATURE = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def message(content: bytes) -> Message:
    return Message(MESSAGE, "whe_1", "highlight.ready", "str_1", 37, content, AT)


@pytest.mark.parametrize("zone", [UTC, timezone(timedelta(hours=5, minutes=30)), timezone(timedelta(hours=-8))])
def test_the_standards_own_example_is_signed_as_it_says(zone: timezone) -> None:
    headers = signed_headers([SECRET], message(b'{"test": 2432232314}'), AT.astimezone(zone))
    assert headers == {
        "content-type": "application/json",
        "webhook-id": MESSAGE,
        "webhook-timestamp": "1614265330",
        "webhook-signature": SIGNATURE,
    }


@settings(deadline=None)
@given(st.dictionaries(st.text(st.characters(codec="utf-8")), st.text(st.characters(codec="utf-8")), max_size=5))
def test_whatever_is_said_verifies(data: dict[str, str]) -> None:
    now = datetime.now(UTC)
    content = body("highlight.ready", now, data)
    said: Any = Webhook(SECRET).verify(content, signed_headers([SECRET], message(content), now))
    assert said == {"type": "highlight.ready", "timestamp": now.isoformat().replace("+00:00", "Z"), "data": data}


def test_a_fresh_secret_signs_once_it_is_opened() -> None:
    secrets = SealedSecrets(Sealer(SEALING_KEY))
    secret, now = secrets.new(), datetime.now(UTC)
    sealed = secrets.seal(secret)
    assert secret.startswith("whsec_")
    assert secret.removeprefix("whsec_") not in sealed
    Webhook(secret).verify(b"{}", signed_headers([secrets.open(sealed)], message(b"{}"), now))
