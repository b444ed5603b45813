"""A webhook verifies, or it is not one."""

from datetime import UTC, datetime, timedelta

import pytest
from standardwebhooks import Webhook

from tldr_client import InvalidWebhook, verify_webhook

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
BODY = b'{"type": "webhook.test"}'


def headers(at: datetime, body: bytes = BODY) -> dict[str, str]:
    signature = Webhook(SECRET).sign("msg_1", at, body.decode())
    return {"Webhook-Id": "msg_1", "Webhook-Timestamp": str(int(at.timestamp())), "Webhook-Signature": signature}


def test_a_signed_message_is_read() -> None:
    assert verify_webhook(SECRET, headers(datetime.now(UTC)), BODY) == {"type": "webhook.test"}


@pytest.mark.parametrize(
    ("changed", "body"),
    [
        ({}, b'{"type": "webhook.tesT"}'),
        ({"Webhook-Id": "msg_2"}, BODY),
        ({"Webhook-Signature": "v1,AAAA"}, BODY),
        ({"Webhook-Signature": "v1"}, BODY),
        ({"Webhook-Signature": "v1,not base64!"}, BODY),
        ({"Webhook-Timestamp": "yesterday"}, BODY),
        ({}, b"\xff\xfe"),
    ],
)
def test_a_changed_or_malformed_message_is_refused(changed: dict[str, str], body: bytes) -> None:
    with pytest.raises(InvalidWebhook):
        verify_webhook(SECRET, {**headers(datetime.now(UTC)), **changed}, body)


def test_an_old_message_is_refused() -> None:
    with pytest.raises(InvalidWebhook):
        verify_webhook(SECRET, headers(datetime.now(UTC) - timedelta(minutes=6)), BODY)
