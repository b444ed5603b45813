"""Verify a webhook (Standard Webhooks 1.0) before reading it."""

import binascii
import json
from collections.abc import Mapping
from typing import Any

from standardwebhooks import Webhook, WebhookVerificationError


class InvalidWebhook(Exception):
    """The message is not from us, was changed on its way, or is older than five minutes."""


def verify_webhook(secret: str, headers: Mapping[str, str], body: bytes) -> dict[str, Any]:
    """The verified message; InvalidWebhook otherwise, also where the headers or the body are malformed."""
    lowered = {name.lower(): value for name, value in headers.items()}
    try:
        Webhook(secret).verify(body, lowered)
        message = json.loads(body)
    except (WebhookVerificationError, ValueError, binascii.Error, KeyError) as error:
        raise InvalidWebhook("the webhook does not verify") from error
    if not isinstance(message, dict):
        raise InvalidWebhook("the webhook is not a JSON object")
    return message
