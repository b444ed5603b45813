"""A message is sent again, when nothing else is done with it."""

from dataclasses import replace
from typing import Any

import pytest

from tldr_web import Problem
from tldr_webhook_dispatcher.application.messages.send_again import SendAgain
from tldr_webhook_dispatcher.domain.messages.message import DeliveryState


def again(memory: Any) -> SendAgain:
    return SendAgain(memory.endpoints, memory.messages, memory.outgoing, memory.clock)


@pytest.mark.parametrize("state", [DeliveryState.DELIVERED, DeliveryState.ABANDONED])
async def test_a_message_is_due_at_once_with_all_attempts_before_it(memory: Any, state: DeliveryState) -> None:
    endpoint = memory.endpoint()
    await memory.endpoints.add(endpoint)
    message = memory.message(endpoint, state=state, attempts=11, next_attempt_at=None)
    await memory.messages.add(message)
    found = await again(memory)(endpoint.id, message.id)
    assert found == replace(message, state=DeliveryState.PENDING, attempts=0, next_attempt_at=memory.clock.now())
    assert await memory.messages.due(endpoint.id, memory.clock.now()) == found
    assert len(memory.outgoing.asked) == 1


@pytest.mark.parametrize(
    ("endpoint", "message", "refusal"),
    [
        ({"paused": True}, {"state": DeliveryState.ABANDONED}, (409, "endpoint_paused")),
        ({"enabled": False, "paused": True}, {"state": DeliveryState.ABANDONED}, (409, "endpoint_switched_off")),
        ({}, {}, (409, "message_pending")),
        ({}, {"endpoint": "whe_other"}, (404, "message_not_found")),
    ],
)
async def test_what_cannot_be_sent_stays_as_it_is(
    memory: Any, endpoint: dict[str, Any], message: dict[str, Any], refusal: tuple[int, str]
) -> None:
    known = memory.endpoint(**endpoint)
    await memory.endpoints.add(known)
    kept = replace(memory.message(known), **message)
    await memory.messages.add(kept)
    with pytest.raises(Problem) as refused:
        await again(memory)(known.id, kept.id)
    assert (refused.value.status, refused.value.code) == refusal
    assert memory.messages.rows == {kept.key: kept}


async def test_an_endpoint_that_is_not_there_has_no_message(memory: Any) -> None:
    with pytest.raises(Problem) as refused:
        await again(memory)("whe_none", "msg_none")
    assert refused.value.code == "endpoint_not_found"
