"""The golden messages of `tldr.deliveries.v1` are what the dispatcher makes of values of its domain."""

from collections.abc import Callable
from typing import Any

import pytest

from tldr_testing import KeepingOutbox
from tldr_webhook_dispatcher.adapters.messages.announcements_outbox import OutboxAnnouncements
from tldr_webhook_dispatcher.domain.messages.message import Attempt

MESSAGE = "msg_0199c2cb22337b5c9d6e7f8091021324"
ENDPOINT = "whe_0199c2c8f2227c3d8e4f5a6b7c8d9e0f"
STREAM = "str_0199c2c8f5a97c1e8d2f6b7a3e4d5c6b"


@pytest.mark.parametrize(
    ("fact", "attempts", "status"), [("delivered", 2, 200), ("abandoned", 11, 500), ("endpoint_disabled", 1, 410)]
)
async def test_the_golden_message_is_produced(
    memory: Any, sample: Callable[[str, str], Any], fact: str, attempts: int, status: int
) -> None:
    shelf = KeepingOutbox()
    tell = OutboxAnnouncements(shelf, None, "org_1")  # type: ignore[arg-type]
    endpoint = memory.endpoint(id=ENDPOINT)
    message = memory.message(endpoint, id=MESSAGE, stream=STREAM, attempts=attempts)
    attempt = Attempt(memory.clock.now(), status, None, 12)
    if fact == "delivered":
        await tell.delivered(message)
    elif fact == "abandoned":
        await tell.abandoned(message, attempt)
    else:
        await tell.disabled(endpoint, message, attempt)
    (publication,) = shelf.publications
    assert publication.message == sample("tldr.deliveries.v1", fact)
    assert (publication.organization, publication.subject, publication.lane) == ("org_1", message.key, 37)
    assert shelf.closed == ([] if fact == "endpoint_disabled" else [message.key])


async def test_silence_is_said_with_its_cause(memory: Any) -> None:
    shelf = KeepingOutbox()
    tell = OutboxAnnouncements(shelf, None, "org_1")  # type: ignore[arg-type]
    message = memory.message(memory.endpoint())
    await tell.abandoned(message, Attempt(memory.clock.now(), None, "address_refused", 1))
    failure = shelf.publications[0].message.abandoned.failure  # type: ignore[attr-defined]
    assert failure.code == "address_refused"
    assert "never sent" in failure.reason
