"""What the use cases rely on, the same over PostgreSQL and over the memory that unit tests use."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from tldr_contracts.ids import earliest_id
from tldr_webhook_dispatcher.domain.endpoints.endpoint import Address, Headers, ReplacedSecret
from tldr_webhook_dispatcher.domain.messages.message import ORDERED_ATTEMPTS, Attempt, Deliveries, DeliveryState
from tldr_webhook_dispatcher.domain.messages.recovery import Recovery

NEVER = datetime(1, 1, 1, tzinfo=UTC)


async def test_an_endpoint_comes_back_as_it_was_added_and_changes_in_what_is_saved(ports: Any) -> None:
    first, second = ports.endpoint(types=("stream.failed",)), ports.endpoint(description="☃")
    for endpoint in (second, first):
        await ports.endpoints.add(endpoint)
    assert list(await ports.endpoints.all()) == [first, second]
    assert await ports.endpoints.get(first.id) == await ports.endpoints.lock(first.id) == first
    changed = replace(
        first,
        address=Address("sealed-again", "https://example.com/other"),
        description="other",
        types=(),
        enabled=False,
        sealed_secret="sealed-new",
        failing_since=ports.clock.now(),
        paused=True,
        headers=Headers("sealed-headers", ("x-one", "x-two")),
        replaced_secret=ReplacedSecret("sealed", ports.clock.now()),
    )
    await ports.endpoints.save(changed)
    assert await ports.endpoints.get(first.id) == changed
    assert await ports.endpoints.get(second.id) == second
    assert await ports.endpoints.delete(first.id)
    assert not await ports.endpoints.delete(first.id)
    assert await ports.endpoints.lock(first.id) is None


async def test_a_message_and_its_log_come_back(ports: Any) -> None:
    endpoint = ports.endpoint()
    await ports.endpoints.add(endpoint)
    first, second = ports.message(endpoint), ports.message(endpoint, body=b'{"a":"\xe2\x98\x83"}')
    for message in (first, second):
        await ports.messages.add(message)
    now = ports.clock.now()
    tried = [Attempt(now, 500, None, 12), Attempt(now + timedelta(seconds=5), None, "deadline_exceeded", 1500)]
    for attempt in tried:
        await ports.messages.record(first, attempt)
    done = replace(first, state=DeliveryState.ABANDONED, attempts=2, next_attempt_at=None)
    await ports.messages.save(done)
    assert await ports.messages.get(endpoint.id, first.id) == done
    assert await ports.messages.get(endpoint.id, "msg_none") is None
    assert await ports.messages.get("whe_other", first.id) is None
    assert list(await ports.messages.log(done)) == tried
    page = await ports.messages.page(endpoint.id, Deliveries(), before=None, limit=9)
    assert [(message, list(log)) for message, log in page] == [(second, []), (done, tried)]


async def test_two_endpoints_have_the_same_message_and_each_its_own_fate(ports: Any) -> None:
    endpoints = [ports.endpoint(), ports.endpoint()]
    mine, theirs = (ports.message(endpoint, id="msg_0199c2ca11227a4b8c5d6e7f80910213") for endpoint in endpoints)
    for endpoint, message in zip(endpoints, (mine, theirs), strict=True):
        await ports.endpoints.add(endpoint)
        await ports.messages.add(message)
    done = replace(mine, state=DeliveryState.DELIVERED, attempts=1, next_attempt_at=None)
    await ports.messages.save(done)
    await ports.messages.record(done, Attempt(ports.clock.now(), 204, None, 3))
    assert await ports.messages.get(mine.endpoint, mine.id) == done
    assert await ports.messages.get(theirs.endpoint, theirs.id) == theirs
    assert list(await ports.messages.log(theirs)) == []
    assert await ports.messages.due(theirs.endpoint, ports.clock.now()) == theirs


async def test_deliveries_are_filtered_and_paged_newest_first(ports: Any) -> None:
    endpoint, day = ports.endpoint(), timedelta(days=1)
    await ports.endpoints.add(endpoint)
    now = ports.clock.now()
    made = []
    for age, kind, state in (
        (4, "stream.failed", DeliveryState.ABANDONED),
        (3, "highlight.ready", DeliveryState.DELIVERED),
        (2, "highlight.ready", DeliveryState.ABANDONED),
        (1, "stream.failed", DeliveryState.PENDING),
    ):
        id = f"{earliest_id('msg', now - age * day)}{age:020x}"
        made.append(ports.message(endpoint, id=id, type=kind, state=state, next_attempt_at=None))
        await ports.messages.add(made[-1])
    oldest, older, newer, newest = made

    async def listed(*, before: str | None = None, limit: int = 9, **wanted: Any) -> list[Any]:
        page = await ports.messages.page(endpoint.id, Deliveries(**wanted), before=before, limit=limit)
        return [message for message, _ in page]

    assert await listed(limit=2) == [newest, newer]
    assert await listed(before=newer.id) == [older, oldest]
    assert await listed(state=DeliveryState.ABANDONED) == [newer, oldest]
    assert await listed(state=DeliveryState.ABANDONED, type="stream.failed") == [oldest]
    assert await listed(since=now - 3 * day, until=now - day) == [newer, older]
    assert await listed(since=now - 3 * day, type="highlight.ready", before=newer.id) == [older]
    assert await listed(until=NEVER) == []


async def test_an_end_is_claimed_once_when_both_words_are_known(ports: Any, stream: str) -> None:
    assert await ports.ends.claim(stream) is None
    await ports.ends.settled(stream)
    assert await ports.ends.claim(stream) is None
    await ports.ends.completed(stream, duration_ms=180_000, highlights=5)
    assert await ports.ends.claim(stream) == (180_000, 5)
    assert await ports.ends.claim(stream) is None
    assert not await ports.ends.dropped(stream)


async def test_a_dropped_stream_has_no_end(ports: Any, stream: str) -> None:
    await ports.ends.drop(stream)
    await ports.ends.settled(stream)
    await ports.ends.completed(stream, duration_ms=1, highlights=1)
    assert await ports.ends.dropped(stream)
    assert await ports.ends.claim(stream) is None


async def test_what_is_about_one_highlight_goes_in_order_until_the_older_was_refused_often(ports: Any) -> None:
    endpoint, now = ports.endpoint(), ports.clock.now()
    await ports.endpoints.add(endpoint)
    first, second = (ports.message(endpoint, highlight="hl_1") for _ in range(2))
    second = replace(second, revision=4)
    for message in (second, first):
        await ports.messages.add(message)
    assert await ports.messages.notified("hl_1") == {endpoint.id: 4}
    assert await ports.messages.notified("hl_2") == {}
    later = now + timedelta(seconds=5)
    await ports.messages.save(replace(first, attempts=1, next_attempt_at=later))
    assert await ports.messages.due(endpoint.id, now) is None
    assert await ports.messages.next_due(endpoint.id) == later
    await ports.messages.save(replace(first, attempts=ORDERED_ATTEMPTS, next_attempt_at=later))
    assert await ports.messages.due(endpoint.id, now) == second


async def test_what_has_been_due_for_longest_comes_first(ports: Any) -> None:
    endpoint, now = ports.endpoint(), ports.clock.now()
    await ports.endpoints.add(endpoint)
    waiting = [replace(ports.message(endpoint), next_attempt_at=now - timedelta(seconds=s)) for s in (1, 3, 2)]
    for message in waiting:
        await ports.messages.add(message)
    for message in (waiting[1], waiting[2], waiting[0]):
        assert await ports.messages.due(endpoint.id, now) == message
        assert await ports.messages.next_due(endpoint.id) == message.next_attempt_at
        await ports.messages.save(replace(message, state=DeliveryState.DELIVERED, next_attempt_at=None))
    assert await ports.messages.due(endpoint.id, now) is None


async def test_what_was_abandoned_before_a_recovery_was_asked_for_is_due_again_some_at_a_time(ports: Any) -> None:
    endpoint, other, day, now = ports.endpoint(), ports.endpoint(), timedelta(days=1), ports.clock.now()
    for known in (endpoint, other):
        await ports.endpoints.add(known)

    async def made(to: Any, days: int, state: DeliveryState) -> Any:
        id = f"{earliest_id('msg', now - days * day)}{days % 16:020x}"
        kept = ports.message(to, id=id, state=state, attempts=11, next_attempt_at=None)
        await ports.messages.add(kept)
        return kept

    older, old, new = [await made(endpoint, days, DeliveryState.ABANDONED) for days in (3, 2, 1)]
    for unasked in (4, -1):
        await made(endpoint, unasked, DeliveryState.ABANDONED)
    await made(endpoint, 0, DeliveryState.DELIVERED)
    await made(other, 2, DeliveryState.ABANDONED)
    recovery = Recovery(endpoint.id, now - 3 * day, now)
    assert await ports.messages.abandoned(recovery) == 3
    assert list(await ports.messages.revive(recovery, 2)) == [older.key, old.key]
    again = replace(older, state=DeliveryState.PENDING, attempts=0, next_attempt_at=now)
    assert await ports.messages.due(endpoint.id, now) == again
    # What failed once more is not revived by the same wish.
    await ports.messages.save(older)
    assert list(await ports.messages.revive(replace(recovery, after=old.key), 2)) == [new.key]
    assert await ports.messages.abandoned(replace(recovery, after=new.key)) == 0


async def test_an_endpoint_has_one_recovery_from_the_earliest_time_that_was_asked_for(ports: Any) -> None:
    endpoint, day, now = ports.endpoint(), timedelta(days=1), ports.clock.now()
    await ports.endpoints.add(endpoint)
    assert await ports.recoveries.get(endpoint.id) is None
    first = Recovery(endpoint.id, now - 2 * day, now)
    await ports.recoveries.ask(first)
    await ports.recoveries.advance(endpoint.id, "msg_1")
    assert await ports.recoveries.get(endpoint.id) == replace(first, after="msg_1")
    await ports.recoveries.ask(Recovery(endpoint.id, now - day, now + day))
    assert await ports.recoveries.get(endpoint.id) == replace(first, asked_at=now + day)
    await ports.recoveries.ask(Recovery(endpoint.id, now - 3 * day, now + day))
    assert await ports.recoveries.get(endpoint.id) == Recovery(endpoint.id, now - 3 * day, now + day)
    await ports.recoveries.end(endpoint.id)
    assert await ports.recoveries.get(endpoint.id) is None
