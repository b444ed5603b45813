"""One attempt: what comes of it is written down, the next one is asked for, nobody waits for a receiver that hangs."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tldr_contracts.webhooks import Highlight
from tldr_streams.transactions import Transactions
from tldr_webhook_dispatcher.application.messages.deliver_messages import PAUSE, DeliverMessages
from tldr_webhook_dispatcher.application.streams.end_stream import EndStream
from tldr_webhook_dispatcher.domain.endpoints.endpoint import DISABLED_AFTER, Endpoint
from tldr_webhook_dispatcher.domain.messages.content import detected, ready, revised, withdrawn
from tldr_webhook_dispatcher.domain.messages.message import Attempt, DeliveryState, Message
from tldr_webhook_dispatcher.domain.messages.schedule import DELAYS_S, Schedule
from tldr_webhook_dispatcher.domain.messages.shares import Shares


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
    """Messages to one endpoint, over ports in memory."""

    def __init__(self, memory: Any, receiver: Any, shares: Shares | None = None) -> None:
        self.memory, self.shares = memory, shares or Shares(32)
        self.deliver = DeliverMessages(receiver, Schedule(), self.shares, memory.clock)
        self.endpoint: Endpoint = memory.endpoint()
        self.message: Message = memory.message(self.endpoint)

    async def open(self) -> "Delivery":
        await self.memory.endpoints.add(self.endpoint)
        await self.memory.messages.add(self.message)
        return self

    async def attempt(self) -> Message:
        opened = self.memory.open
        await self.deliver(self.endpoint.id, Transactions(opened, opened, opened))
        found: Message = self.memory.messages.rows[self.message.key]
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
    assert len(memory.messages.tries[found.key]) == 11
    assert delivery.known.enabled


async def test_success_ends_a_series_of_failures(memory: Any) -> None:
    delivery = await Delivery(memory, Answering(500, None, 301, 200)).open()
    since = memory.clock.now()
    for _ in range(3):
        memory.clock.time = (await delivery.attempt()).next_attempt_at
        assert delivery.known.failing_since == since
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
    assert memory.messages.tries[delivery.message.key][0].error == "endpoint_disabled"
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


async def test_a_message_waits_for_its_organizations_share_without_an_attempt(memory: Any) -> None:
    delivery = await Delivery(memory, Answering(200), Shares(2)).open()
    with delivery.shares.taken(delivery.endpoint.organization) as taken:
        assert taken
        found = await delivery.attempt()
    assert (found.state, found.attempts) == (DeliveryState.PENDING, 0)
    assert memory.outgoing.asked == [(delivery.endpoint.id, PAUSE)]
    assert (await delivery.attempt()).state is DeliveryState.DELIVERED


async def test_what_is_due_is_delivered_in_order_in_one_go(memory: Any) -> None:
    sent: list[str] = []

    class Noting(Answering):
        async def post(self, endpoint: Endpoint, message: Message, at: datetime) -> Attempt:
            sent.append(message.id)
            return await super().post(endpoint, message, at)

    delivery = await Delivery(memory, Noting(200)).open()
    more = [memory.message(delivery.endpoint) for _ in range(9)]
    for message in reversed(more):
        await memory.messages.add(message)
    await delivery.attempt()
    assert sent == [delivery.message.id, *(message.id for message in more)]
    assert memory.outgoing.asked == []


async def test_a_dead_endpoint_has_one_job_however_many_messages_wait(memory: Any) -> None:
    delivery = await Delivery(memory, Answering(None)).open()
    for _ in range(100):
        await memory.messages.add(memory.message(delivery.endpoint))
    for round_ in range(1, 6):
        await delivery.attempt()
        assert delivery.deliver.receiver.posted == round_  # type: ignore[attr-defined]
    assert memory.outgoing.asked == [(delivery.endpoint.id, PAUSE)] * 5


async def test_a_message_that_fails_holds_up_none_behind_it(memory: Any) -> None:
    delivery = await Delivery(memory, Answering(400, 200)).open()
    behind = memory.message(delivery.endpoint)
    await memory.messages.add(behind)
    await delivery.attempt()
    await delivery.attempt()
    assert memory.messages.rows[behind.key].state is DeliveryState.DELIVERED
    ((_, _), (_, delay)) = memory.outgoing.asked
    assert delay == timedelta(seconds=DELAYS_S[0]), "the first one's next attempt"


async def test_a_paused_endpoint_is_sent_nothing_and_asked_for_nothing_until_it_goes_on(memory: Any) -> None:
    receiver = Answering(200)
    delivery = await Delivery(memory, receiver).open()
    await memory.endpoints.save(replace(delivery.endpoint, paused=True))
    assert (await delivery.attempt()).state is DeliveryState.PENDING
    assert (receiver.posted, memory.outgoing.asked) == (0, [])
    await memory.endpoints.save(delivery.endpoint)
    assert (await delivery.attempt()).state is DeliveryState.DELIVERED


@settings(deadline=None)
@given(st.integers(1, 64), st.integers(1, 6))
def test_no_organization_has_all_shares(at_once: int, organizations: int) -> None:
    shares, taken = Shares(at_once), []
    names = [f"org_{number}" for number in range(organizations)]
    for name in names * at_once:
        share = shares.taken(name)
        if share.__enter__():
            taken.append((name, share))
    for name in names:
        assert 1 <= sum(one == name for one, _ in taken) <= max(1, at_once // 2)
    for _, share in taken:
        share.__exit__(None, None, None)
    with shares.taken(names[0]) as free:
        assert free


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


async def test_an_endpoint_takes_the_types_it_named(memory: Any, highlight: Highlight) -> None:
    takes = [(), ("stream.failed",), ("stream.completed", "highlight.ready")]
    for types in takes:
        await memory.endpoints.add(memory.endpoint(types=types))
    await memory.endpoints.add(memory.endpoint(enabled=False))
    await memory.send(ready(highlight), stream="str_1", lane=37)
    assert len(memory.messages.rows) == 2
    assert len({message.id for message in memory.messages.rows.values()}) == 1, "one fact, one id"


def _values(endpoint: Endpoint) -> dict[str, Any]:
    return {name: getattr(endpoint, name) for name in Endpoint.__slots__}


async def test_only_who_was_told_of_a_highlight_hears_that_it_was_withdrawn(memory: Any, highlight: Highlight) -> None:
    told = memory.endpoint(types=("highlight.detected",))
    late, other = memory.endpoint(types=("highlight.withdrawn",)), memory.endpoint(types=("stream.failed",))
    for endpoint in (told, late, other):
        await memory.endpoints.add(endpoint)
    for said in (detected(highlight), withdrawn("hl_1", stream="str_1", revision=2)):
        await memory.send(said, stream="str_1", lane=37)
    heard = [(message.endpoint, message.type) for message in memory.messages.rows.values()]
    assert heard == [(told.id, "highlight.detected"), (told.id, "highlight.withdrawn")]


async def test_a_revision_is_a_detection_to_an_endpoint_that_came_late(memory: Any, highlight: Highlight) -> None:
    early = memory.endpoint()
    await memory.endpoints.add(early)
    await memory.send(detected(highlight), stream="str_1", lane=37)
    late = memory.endpoint()
    await memory.endpoints.add(late)
    for revision in (2, 3):
        await memory.send(revised(replace(highlight, revision=revision)), stream="str_1", lane=37)
    heard = [message.type for message in memory.messages.rows.values() if message.endpoint == late.id]
    assert heard == ["highlight.detected", "highlight.revised"]


@pytest.mark.parametrize(
    ("after", "told"),
    [
        (("revised", 1), None),
        (("revised", 2), None),
        (("revised", 3), "highlight.revised"),
        (("detected", 2), None),
        (("ready", 1), None),
        (("ready", 2), "highlight.ready"),
        (("withdrawn", 2), None),
        (("withdrawn", 3), "highlight.withdrawn"),
    ],
)
async def test_what_comes_late_or_again_is_not_told(
    memory: Any, highlight: Highlight, after: tuple[str, int], told: str | None
) -> None:
    await memory.endpoints.add(memory.endpoint())
    kind, revision = after
    contents = {"detected": detected, "revised": revised, "ready": ready}
    gone = withdrawn("hl_1", stream="str_1", revision=revision)
    for said in (
        detected(replace(highlight, revision=2)),
        gone if kind == "withdrawn" else contents[kind](replace(highlight, revision=revision)),
    ):
        await memory.send(said, stream="str_1", lane=37)
    heard = [message.type for message in memory.messages.rows.values()]
    assert heard == ["highlight.detected", *([told] if told else [])]
