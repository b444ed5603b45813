"""Messages are signed as Standard Webhooks 1.0 says, over the exact bytes sent."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from cryptography.fernet import Fernet
from hypothesis import given, settings
from hypothesis import strategies as st
from standardwebhooks import Webhook

from tldr_webhook_dispatcher.adapters.receiver_http import signed_headers
from tldr_webhook_dispatcher.adapters.secrets_fernet import FernetSecrets
from tldr_webhook_dispatcher.domain.message import Message, body

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
MESSAGE = "msg_p5jXN8AQM9LWM0D4loKWxJek"
AT = datetime.fromtimestamp(1614265330, UTC)
SIGNATURE = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def message(content: bytes) -> Message:
    return Message(MESSAGE, "whe_1", "highlight.ready", "str_1", 37, content, AT)


@pytest.mark.parametrize("zone", [UTC, timezone(timedelta(hours=5, minutes=30)), timezone(timedelta(hours=-8))])
def test_the_standards_own_example_is_signed_as_it_says(zone: timezone) -> None:
    headers = signed_headers(SECRET, message(b'{"test": 2432232314}'), AT.astimezone(zone))
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
    said: Any = Webhook(SECRET).verify(content, signed_headers(SECRET, message(content), now))
    assert said == {"type": "highlight.ready", "timestamp": now.isoformat().replace("+00:00", "Z"), "data": data}


def test_a_sealed_secret_opens_with_every_key_that_is_kept_and_no_other() -> None:
    old, new = Fernet.generate_key().decode(), Fernet.generate_key().decode()
    secret = FernetSecrets(old).new()
    assert secret.startswith("whsec_")
    sealed = FernetSecrets(old).seal(secret)
    assert secret.encode() not in sealed
    assert FernetSecrets(f"{new}, {old}").open(sealed) == secret
    with pytest.raises(ValueError, match="none of the encryption keys"):
        FernetSecrets(new).open(sealed)
