"""A message, or all since a time, is sent again, when nothing else is done with it."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from tldr_contracts.ids import earliest_id
from tldr_streams.transactions import Transactions
from tldr_web import Problem
from tldr_webhook_dispatcher.application.messages.ask_recovery import AskRecovery
from tldr_webhook_dispatcher.application.messages.recover_messages import RecoverMessages
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


def asking(memory: Any) -> AskRecovery:
    kept = timedelta(days=30)
    return AskRecovery(memory.endpoints, memory.messages, memory.recoveries, memory.outgoing, memory.clock, kept)


async def recover(memory: Any, endpoint: str) -> None:
    await RecoverMessages(batch=2)(endpoint, Transactions(memory.open, memory.open, memory.open))


async def lost(memory: Any, endpoint: Any, count: int) -> list[str]:
    """Messages that were abandoned, one each minute before now; their ids, oldest first."""
    ids = []
    for minutes in range(count, 0, -1):
        id = f"{earliest_id('msg', memory.clock.now() - timedelta(minutes=minutes))}{minutes:020x}"
        ids.append(id)
        await memory.messages.add(
            memory.message(endpoint, id=id, state=DeliveryState.ABANDONED, attempts=11, next_attempt_at=None)
        )
    return ids


@pytest.mark.parametrize("count", [0, 1, 2, 3, 4, 5])
async def test_all_since_a_time_are_due_in_their_order_whatever_batch_they_came_in(memory: Any, count: int) -> None:
    endpoint, now = memory.endpoint(), memory.clock.now()
    await memory.endpoints.add(endpoint)
    ids = await lost(memory, endpoint, count)
    assert await asking(memory)(endpoint.id, now - timedelta(hours=1)) == count
    assert memory.outgoing.recovering == [endpoint.id]
    memory.clock.time = now + timedelta(minutes=5)
    await memory.messages.add(memory.message(endpoint, next_attempt_at=memory.clock.now()))
    await recover(memory, endpoint.id)
    assert memory.recoveries.rows == {}
    for id in ids:
        due = await memory.messages.due(endpoint.id, memory.clock.now())
        assert (due.id, due.attempts) == (id, 0)
        await memory.messages.save(replace(due, state=DeliveryState.DELIVERED, next_attempt_at=None))


async def test_an_endpoint_that_is_switched_off_or_gone_meanwhile_gets_no_more(memory: Any) -> None:
    endpoint = memory.endpoint()
    await memory.endpoints.add(endpoint)
    await lost(memory, endpoint, 3)
    await asking(memory)(endpoint.id, memory.clock.now() - timedelta(hours=1))
    await memory.endpoints.save(replace(endpoint, enabled=False))
    await recover(memory, endpoint.id)
    assert {one.state for one in memory.messages.rows.values()} == {DeliveryState.ABANDONED}
    assert memory.recoveries.rows == {}
    await recover(memory, "whe_none")


@pytest.mark.parametrize(
    ("endpoint", "days", "refusal"),
    [
        ({"paused": True}, 1, (409, "endpoint_paused")),
        ({"enabled": False}, 1, (409, "endpoint_switched_off")),
        ({}, 31, (422, "since_too_old")),
    ],
)
async def test_what_cannot_be_recovered_is_not_asked_for(
    memory: Any, endpoint: dict[str, Any], days: int, refusal: tuple[int, str]
) -> None:
    known = memory.endpoint(**endpoint)
    await memory.endpoints.add(known)
    with pytest.raises(Problem) as refused:
        await asking(memory)(known.id, memory.clock.now() - timedelta(days=days))
    assert (refused.value.status, refused.value.code) == refusal
    assert memory.recoveries.rows == {}
