"""What readers promise about records that cannot be handled: their stream waits in order, the others never notice."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

from tldr_bus import NoSuchDeadLetter, Received, list_dead, redrive, show_dead
from tldr_contracts.topics import STREAMS
from tldr_database import Transaction

if TYPE_CHECKING:
    from libs.bus.tests.contract.conftest import Service

import pytest

Eventually = Callable[..., Awaitable[None]]
GROUP = STREAMS.group("ingest")


class Choosy:
    """A handler that refuses the titles in `refused`, and counts what it was asked."""

    def __init__(self, effect: Callable[..., Awaitable[None]], *refused: str) -> None:
        self.effect = effect
        self.refused = set(refused)
        self.asked: list[str] = []

    async def __call__(self, transaction: Transaction, received: Received[Any]) -> None:
        title = received.fact.title  # type: ignore[attr-defined]
        self.asked.append(title)
        await self.effect(transaction, received)
        if title in self.refused:
            raise ValueError(f"cannot take {title}")


async def test_a_failure_that_passes_is_tried_again_in_place(
    gateway: "Service", ingest: "Service", stream: str, eventually: Eventually
) -> None:
    choosy = ingest.handlers[stream] = Choosy(ingest.record_effect, "two")
    await gateway.publish("org_a", stream, "one", "two", "three")
    await eventually(lambda: choosy.asked.count("two") >= 2)
    choosy.refused.clear()
    await eventually(lambda: ingest.has_effects(stream, "one", "two", "three"))
    assert await list_dead(ingest.database, subject=stream) == []


async def test_a_poisonous_record_is_parked_its_stream_queues_behind_it_and_other_streams_go_on(
    gateway: "Service", ingest: "Service", stream: str, eventually: Eventually
) -> None:
    choosy = ingest.handlers[stream] = Choosy(ingest.record_effect, "poison")
    await gateway.publish("org_a", stream, "before", "poison", "behind", lane=4)

    async def queued() -> bool:
        return len(await ingest.fetch("SELECT id FROM parked WHERE subject = $1", stream)) == 2

    await eventually(queued)
    await gateway.publish("org_a", stream, "later", lane=4)
    await gateway.publish("org_a", f"{stream}_other", "other", lane=4)
    await eventually(lambda: ingest.has_effects(f"{stream}_other", "other"), 3.0)
    gap = "gap: poison: ValueError: cannot take poison"
    await eventually(lambda: ingest.has_effects(stream, "before", gap, "behind", "later"))
    assert choosy.asked.count("poison") >= ingest.settings.attempts
    assert await ingest.fetch("SELECT id FROM parked WHERE subject = $1", stream) == []


async def test_a_dead_letter_lies_on_its_topic_and_is_redriven_once(
    gateway: "Service", ingest: "Service", stream: str, eventually: Eventually
) -> None:
    choosy = ingest.handlers[stream] = Choosy(ingest.record_effect, "poison")
    await gateway.publish("org_a", stream, "poison", lane=5)
    gap = "gap: poison: ValueError: cannot take poison"
    await eventually(lambda: ingest.has_effects(stream, gap))

    (letter,) = await list_dead(ingest.database, group=GROUP, subject=stream)
    assert (letter.attempts, letter.error) == (ingest.settings.attempts, "ValueError: cannot take poison")
    assert await show_dead(ingest.database, letter.id) == letter
    await eventually(lambda: ingest.has_no_unsent_events())
    (record,) = [
        found
        for found in await gateway.all_records(STREAMS.dead_letters("ingest"), 1)
        if dict(found.headers)["ce_id"] == letter.event.encode()
    ]
    assert record.key == b"org_a"
    assert record.value == letter.record.value
    headers = dict(record.headers)
    assert headers["ce_subject"] == stream.encode()
    assert headers["tldr-dlq-error"] == b"ValueError: cannot take poison"
    assert headers["tldr-dlq-attempts"] == str(ingest.settings.attempts).encode()
    assert headers["tldr-dlq-topic"] == STREAMS.name.encode()
    assert headers["tldr-dlq-partition"] == b"5"

    choosy.refused.clear()
    assert await redrive(ingest.database, [letter.id]) == 1
    assert await redrive(ingest.database, [letter.id]) == 0
    await eventually(lambda: ingest.has_effects(stream, gap, "poison"))
    assert await redrive(ingest.database, [letter.id]) == 0
    assert await list_dead(ingest.database, subject=stream) == []
    with pytest.raises(NoSuchDeadLetter):
        await show_dead(ingest.database, letter.id)


async def test_a_record_is_not_given_up_before_its_gap_could_be_written(
    gateway: "Service", ingest: "Service", stream: str, eventually: Eventually
) -> None:
    choosy = ingest.handlers[stream] = Choosy(ingest.record_effect, "poison")
    ingest.no_gaps_for.add(stream)
    await gateway.publish("org_a", stream, "poison", "behind")
    await eventually(lambda: choosy.asked.count("poison") > ingest.settings.attempts + 1)
    assert await ingest.effects(stream) == []
    ingest.no_gaps_for.remove(stream)
    await eventually(lambda: ingest.has_effects(stream, "gap: poison: ValueError: cannot take poison", "behind"))


async def test_a_handler_that_never_returns_meets_its_deadline_and_is_parked(
    gateway: "Service", ingest: "Service", stream: str, eventually: Eventually
) -> None:
    hangs = [True]

    async def hang_once(transaction: Transaction, received: Received[Any]) -> None:
        if hangs.pop() if hangs else False:
            await asyncio.Event().wait()
        await ingest.record_effect(transaction, received)

    ingest.handlers[stream] = hang_once
    await gateway.publish("org_a", stream, "slow")
    await eventually(lambda: ingest.has_effects(stream, "slow"))


async def test_a_malformed_record_is_a_dead_letter_at_once_and_its_partition_goes_on(
    gateway: "Service", ingest: "Service", stream: str, eventually: Eventually
) -> None:
    good = gateway.record("org_a", stream, "good", lane=7)
    before = len(await list_dead(ingest.database, limit=1000))
    broken = [
        good.without("ce_id"),
        good.with_header("ce_id", b"not a uuid"),
        good.with_header("ce_subject", b"\xff\xfe"),
        good.with_header("ce_subject", b"nul\x00"),
        good.with_header("ce_time", b"yesterday"),
        good.with_header("ce_type", b"tldr.streams.v1.StreamFailed"),
        good.with_header("tldr-lane", None),
        good.with_value(b"\x0a\xff\xff\xff"),
        good.with_value(b""),
        good.with_value(None),
        good.with_key(None),
        good.with_key(b"\xff"),
    ]
    await gateway.send(*broken, good)
    await eventually(lambda: ingest.has_effects(stream, "good"))
    letters = await list_dead(ingest.database, limit=1000)
    assert len(letters) == before + len(broken)
    assert all(letter.error.startswith("malformed: ") for letter in letters[before:])
    await gateway.send(*broken)
    await gateway.publish("org_a", stream, "after", lane=7)
    await eventually(lambda: ingest.has_effects(stream, "good", "after"))
    assert len(await list_dead(ingest.database, limit=1000)) == before + len(broken)
    assert await redrive(ingest.database, [letter.id for letter in letters[before:]]) == len(broken)

    async def dead_again() -> bool:
        return len(await list_dead(ingest.database, limit=1000)) == before + len(broken)

    await eventually(dead_again)
