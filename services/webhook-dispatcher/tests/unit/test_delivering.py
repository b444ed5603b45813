"""One attempt: what comes of it is written down, the next one is asked for, nobody waits for a receiver that hangs."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tldr_webhook_dispatcher.application.deliver_message import SOON, DeliverMessage
from tldr_webhook_dispatcher.application.end_stream import EndStream
from tldr_webhook_dispatcher.domain.endpoint import DISABLED_AFTER, Endpoint
from tldr_webhook_dispatcher.domain.message import Attempt, DeliveryState, Message
from tldr_webhook_dispatcher.domain.schedule import DELAYS_S, Schedule
from tldr_webhook_dispatcher.domain.turns import Turns

PATIENCE = timedelta(seconds=15)


class Answering:
    """Answers with each of these in turn, the last one again and again; None is silence."""

    def __init__(self, *answers: int | None) -> None:
        self.answers = list(answers)
        self.posted = 0

    async def post(self, endpoint: Endpoint, message: Message, at: datetime) -> Attempt:
        self.posted += 1
        status = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        return Attempt(at, status, None if status else "deadline_exceeded", 5)


class Delivery:
    """A message to one endpoint, over ports in memory."""

    def __init__(self, memory: Any, receiver: Any, turns: Turns | None = None) -> None:
        self.memory, self.turns = memory, turns or Turns(32)
        self.deliver = DeliverMessage(receiver, Schedule(), self.turns, PATIENCE, memory.clock)
        self.endpoint: Endpoint = memory.endpoint()
        self.message: Message = memory.message(self.endpoint)

    async def open(self) -> "Delivery":
        await self.memory.endpoints.add(self.endpoint)
        await self.memory.messages.add(self.message)
        return self

    async def attempt(self) -> Message:
        await self.deliver(self.message.id, look=self.memory.open, finish=self.memory.open)
        found: Message = self.memory.messages.rows[self.message.id]
        return found

    @property
    def known(self) -> Endpoint:
        found: Endpoint = self.memory.endpoints.rows[self.endpoint.id]
        return found


async def test_a_message_that_was_taken_is_delivered_once(memory: Any) -> None:
    receiver = Answering(204)
    delivery = await Delivery(memory, receiver).open()
    assert (await delivery.attempt()).state is DeliveryState.DELIVERED
    await delivery.attempt()
    assert receiver.posted == 1
    assert memory.announcements.kinds == ["delivered"]
    assert memory.outgoing.asked == []


async def test_a_message_is_tried_eleven_times_over_two_days_and_a_half(memory: Any) -> None:
    delivery = await Delivery(memory, Answering(500)).open()
    waits = []
    for _ in range(11):
        found = await delivery.attempt()
        if found.next_attempt_at:
            waits.append(found.next_attempt_at - memory.clock.now())
            memory.clock.time = found.next_attempt_at
    assert [wait.total_seconds() for wait in waits] == list(DELAYS_S)
    assert timedelta(days=2) < sum(waits, timedelta()) < timedelta(days=3)
    assert (found.state, found.attempts, found.next_attempt_at) == (DeliveryState.ABANDONED, 11, None)
    assert memory.announcements.kinds == ["abandoned"]
    assert len(memory.messages.log[found.id]) == 11
    assert delivery.known.enabled


async def test_success_ends_a_series_of_failures(memory: Any) -> None:
    delivery = await Delivery(memory, Answering(500, None, 301, 200)).open()
    for _ in range(3):
        await delivery.attempt()
        assert delivery.known.failing_since == memory.clock.now()
    found = await delivery.attempt()
    assert (found.state, found.attempts) == (DeliveryState.DELIVERED, 4)
    assert delivery.known.failing_since is None


async def test_a_receiver_that_is_gone_is_left_alone_and_so_are_its_other_messages(memory: Any) -> None:
    delivery = await Delivery(memory, Answering(410)).open()
    assert (await delivery.attempt()).state is DeliveryState.ABANDONED
    assert not delivery.known.enabled
    assert memory.announcements.kinds == ["disabled", "abandoned"]
    delivery.message = memory.message(delivery.endpoint)
    await memory.messages.add(delivery.message)
    assert (await delivery.attempt()).state is DeliveryState.ABANDONED
    assert memory.messages.log[delivery.message.id][0].error == "endpoint_disabled"
    assert delivery.deliver.receiver.posted == 1  # type: ignore[attr-defined]


async def test_an_endpoint_that_fails_for_days_is_switched_off_once(memory: Any) -> None:
    delivery = await Delivery(memory, Answering(500)).open()
    await delivery.attempt()
    memory.clock.time += DISABLED_AFTER
    assert (await delivery.attempt()).state is DeliveryState.ABANDONED
    assert memory.announcements.kinds == ["disabled", "abandoned"]


async def test_an_attempt_that_ends_after_the_endpoint_was_switched_off_does_not_switch_it_on(memory: Any) -> None:
    class Late(Answering):
        async def post(self, endpoint: Endpoint, message: Message, at: datetime) -> Attempt:
            known = memory.endpoints.rows[endpoint.id]
            memory.endpoints.rows[endpoint.id] = memory.endpoint(**{**_values(known), "enabled": False})
            return await super().post(endpoint, message, at)

    delivery = await Delivery(memory, Late(500)).open()
    assert (await delivery.attempt()).state is DeliveryState.ABANDONED
    assert not delivery.known.enabled
    assert memory.announcements.kinds == ["abandoned"]


async def test_an_endpoint_deleted_while_it_is_sent_to_is_no_error(memory: Any) -> None:
    class Gone(Answering):
        async def post(self, endpoint: Endpoint, message: Message, at: datetime) -> Attempt:
            await memory.endpoints.delete(endpoint.id)
            return await super().post(endpoint, message, at)

    delivery = await Delivery(memory, Gone(200)).open()
    await delivery.attempt()
    assert memory.announcements.kinds == []


async def test_a_message_waits_for_its_turn_without_an_attempt(memory: Any) -> None:
    delivery = await Delivery(memory, Answering(200), Turns(4)).open()
    with delivery.turns.taken(delivery.endpoint) as taken:
        assert taken
        found = await delivery.attempt()
    assert (found.state, found.attempts) == (DeliveryState.PENDING, 0)
    assert memory.outgoing.asked == [(found.id, SOON)]
    assert (await delivery.attempt()).state is DeliveryState.DELIVERED


@settings(deadline=None)
@given(st.integers(1, 64), st.integers(1, 6), st.integers(1, 6))
def test_no_endpoint_and_no_organization_has_all_turns(at_once: int, organizations: int, endpoints: int) -> None:
    turns, taken = Turns(at_once), []
    every = [_endpoint(f"org_{o}", f"whe_{o}_{e}") for o in range(organizations) for e in range(endpoints)]
    for endpoint in every * at_once:
        turn = turns.taken(endpoint)
        if turn.__enter__():
            taken.append((endpoint, turn))
    for name in {endpoint.organization for endpoint in every}:
        assert 1 <= sum(endpoint.organization == name for endpoint, _ in taken) <= max(1, at_once // 2)
    for one in every:
        assert sum(endpoint.id == one.id for endpoint, _ in taken) <= max(1, at_once // 4)
    for _, turn in taken:
        turn.__exit__(None, None, None)
    with turns.taken(every[0]) as free:
        assert free


def test_a_failing_endpoint_has_one_turn() -> None:
    turns, failing = Turns(64), _endpoint("org_1", "whe_1", failing_since=datetime.min)
    with turns.taken(failing) as first, turns.taken(failing) as second:
        assert (first, second) == (True, False)


@pytest.mark.parametrize("order", [("settled", "completed"), ("completed", "settled")])
async def test_a_completed_stream_is_told_of_once_when_both_have_spoken(memory: Any, order: tuple[str, str]) -> None:
    await memory.endpoints.add(memory.endpoint())
    end = EndStream(memory.ends, memory.send)
    words = {
        "settled": lambda: end.settled("str_1", lane=37),
        "completed": lambda: end.completed("str_1", duration_ms=180_000, highlights=5, lane=37),
    }
    await words[order[0]]()
    assert memory.messages.rows == {}
    await words[order[1]]()
    await words[order[0]]()
    (message,) = memory.messages.rows.values()
    assert message.type == "stream.completed"
    assert b'"duration_ms":180000,"highlight_count":5' in message.body


async def test_a_dropped_stream_is_never_completed(memory: Any) -> None:
    await memory.endpoints.add(memory.endpoint())
    await memory.ends.drop("str_1")
    end = EndStream(memory.ends, memory.send)
    await end.settled("str_1", lane=37)
    await end.completed("str_1", duration_ms=1, highlights=0, lane=37)
    assert memory.messages.rows == {}


async def test_an_endpoint_takes_the_types_it_named(memory: Any) -> None:
    takes = [(), ("stream.failed",), ("stream.completed", "highlight.ready")]
    for types in takes:
        await memory.endpoints.add(memory.endpoint(types=types))
    await memory.endpoints.add(memory.endpoint(enabled=False))
    await memory.send("highlight.ready", {}, stream="str_1", lane=37)
    assert len(memory.messages.rows) == 2
    assert len({message.id for message in memory.messages.rows.values()}) == 2


def _values(endpoint: Endpoint) -> dict[str, Any]:
    return {name: getattr(endpoint, name) for name in Endpoint.__slots__}


def _endpoint(organization: str, name: str, failing_since: datetime | None = None) -> Endpoint:
    return Endpoint(name, organization, "https://example.com", "", (), True, b"", datetime.min, failing_since)
