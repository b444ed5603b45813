"""Receivers over HTTP: Standard Webhooks 1.0 headers over the exact bytes sent, through the outbound guard."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import httpx
from standardwebhooks import Webhook

from tldr_outbound import OutboundError, OutboundLimits, exchange
from tldr_webhook_dispatcher.application.ports import Secrets
from tldr_webhook_dispatcher.domain.endpoints.endpoint import Endpoint
from tldr_webhook_dispatcher.domain.messages.message import Attempt, Message

_READ_BYTES = 64 << 10
_REDIRECTS = {301, 302, 303, 307, 308}


@dataclass(frozen=True, slots=True)
class HttpReceiver:
    """Posts to an endpoint's address. Redirects are not followed: a receiver that moved must say so to us."""

    http: httpx.AsyncClient
    secrets: Secrets
    timeout_s: float

    async def post(self, endpoint: Endpoint, message: Message, at: datetime) -> Attempt:
        """Send the message, signed for this time."""
        started = time.monotonic()
        status, error = await self._exchange(endpoint, message, at)
        return Attempt(at, status, error, round((time.monotonic() - started) * 1000))

    async def _exchange(self, endpoint: Endpoint, message: Message, at: datetime) -> tuple[int | None, str | None]:
        try:
            signing = [self.secrets.open(sealed) for sealed in endpoint.sealed_secrets(at)]
            headers = {**self.secrets.open_headers(endpoint.headers), **signed_headers(signing, message, at)}
            url = self.secrets.open(endpoint.address.sealed) if endpoint.address.sealed else endpoint.address.shown
        except ValueError:
            # The operator can put the key back while the attempts go on.
            return None, "secret_unreadable"
        try:
            answer = await exchange(
                self.http,
                "POST",
                url,
                headers=headers,
                content=message.body,
                limits=OutboundLimits(total_s=self.timeout_s, max_bytes=_READ_BYTES),
                cut_body=True,
            )
        except OutboundError as error:
            return None, error.code
        return answer.status, "redirected" if answer.status in _REDIRECTS else None


def signed_headers(secrets: Sequence[str], message: Message, at: datetime) -> dict[str, str]:
    """The headers of one attempt: the message's id, this attempt's time, a signature over both and the body by each secret."""
    sent_at = at.astimezone(UTC)
    return {
        "content-type": "application/json",
        "webhook-id": message.id,
        "webhook-timestamp": str(int(sent_at.timestamp())),
        "webhook-signature": " ".join(
            Webhook(secret).sign(message.id, sent_at, message.body.decode()) for secret in secrets
        ),
    }
