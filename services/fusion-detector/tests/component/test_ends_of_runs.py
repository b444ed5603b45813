"""Runs end with their streams, and a retry has a run of its own."""

from typing import Any

import pytest

from tldr.common.v1 import common_pb2
from tldr_streams.values import Failure

BROKEN = common_pb2.Failure(code="decode_failed", reason="The file broke off.")


def kinds(published: list[Any]) -> list[str]:
    return [fact.DESCRIPTOR.name for fact in published]


async def runs_of(service: Any, stream: str) -> list[str]:
    """Where its runs stand, in order of their beginning."""
    rows = await service.fetch("SELECT state FROM runs WHERE stream_id = $1 ORDER BY run_id", stream)
    return [row["state"] for row in rows]


async def test_a_retry_goes_on_with_the_signals_there_are_under_a_run_of_its_own(
    service: Any, stream: str, broadcast_of: Any
) -> None:
    first, second = broadcast_of(stream), broadcast_of(stream, attempt=2)
    await service.tell(first.requested(chat=False), first.opened(), *first.video(end=96), first.video_gap(96, 108))
    await service.advance(stream)
    await service.tell(first.decided("failed"))

    # Some of the next attempt's signals come before the word that there is one.
    await service.tell(*second.video(start=108), first.video_ended(BROKEN), second.video_ended())
    await service.tell(second.opened(), *second.video(start=96, end=108), second.source_ended(), second.retried())
    await service.tell(first.source_ended(BROKEN))
    await service.advance(stream)

    published = await service.published(stream)
    completed = published[-1]
    assert (completed.DESCRIPTOR.name, completed.attempt) == ("DetectionCompleted", 2)
    assert completed.run_id != published[0].run_id
    assert len(completed.highlight_ids) == 3
    assert not completed.gaps, "what was missing was measured now"
    assert len(await service.fetch("SELECT run_id FROM runs WHERE stream_id = $1", stream)) == 2


async def test_a_failed_run_takes_back_what_was_provisional(service: Any, stream: str, broadcast_of: Any) -> None:
    broadcast = broadcast_of(stream)
    await service.tell(broadcast.requested(chat=False), broadcast.opened(), *broadcast.video(end=132))
    await service.advance(stream)
    provisional = await service.published(stream)
    async with service.open() as work:
        await work.fail(stream, Failure("detection_failed", "It cannot be detected."))
    later = (await service.published(stream))[len(provisional) :]
    assert kinds(later) == ["HighlightRetracted"] * len(provisional) + ["DetectionFailed"]
    assert {one.highlight_id for one in later[:-1]} == {one.highlight_id for one in provisional}


@pytest.mark.parametrize("decision", ["failed", "cancelled"])
async def test_a_stream_that_ends_badly_closes_its_run_and_takes_back_what_was_provisional(
    service: Any, stream: str, broadcast_of: Any, decision: str
) -> None:
    broadcast = broadcast_of(stream)
    await service.tell(broadcast.requested(chat=False), broadcast.opened(), *broadcast.video(end=132))
    await service.advance(stream)
    provisional = await service.published(stream)
    assert provisional
    await service.tell(*[broadcast.decided(decision)] * 2)
    later = (await service.published(stream))[len(provisional) :]
    assert kinds(later) == ["HighlightRetracted"] * len(provisional) + ["DetectionFailed"]
    assert await runs_of(service, stream) == ["failed"]
    assert await service.waiting(stream) == []


async def test_the_reason_of_a_failed_stream_is_that_of_its_run(service: Any, stream: str, broadcast_of: Any) -> None:
    broadcast = broadcast_of(stream)
    failed = broadcast.decided("failed")
    failed.failed.failure.CopyFrom(BROKEN)
    await service.tell(broadcast.requested(chat=False), broadcast.opened(), failed)
    (told,) = await service.published(stream)
    assert told.failure == BROKEN


@pytest.mark.parametrize("first", ["the failure", "the next attempt", "both late"])
async def test_a_retry_leaves_no_run_open_but_its_own_whatever_comes_first(
    service: Any, stream: str, broadcast_of: Any, first: str
) -> None:
    one, two = broadcast_of(stream), broadcast_of(stream, attempt=2)
    await service.tell(one.requested(chat=False), one.opened(), *one.video(end=132))
    await service.advance(stream)
    provisional = {found.highlight_id for found in await service.published(stream)}
    failed, retried = one.decided("failed"), two.retried()
    await service.tell(
        *{
            "the failure": [failed, retried, two.opened(), one.source_ended(BROKEN)],
            "the next attempt": [two.opened(), failed, retried],
            "both late": [two.opened(), two.source_ended(), one.video_ended(BROKEN), failed, retried, failed],
        }[first]
    )
    assert await runs_of(service, stream) == ["failed", "open"]
    await service.tell(*two.video(start=132), two.source_ended(), two.video_ended())
    await service.advance(stream)
    published = await service.published(stream)
    assert await runs_of(service, stream) == ["failed", "completed"]
    retracted = {one.highlight_id for one in published if one.DESCRIPTOR.name == "HighlightRetracted"}
    assert retracted == provisional
    assert not retracted & set(published[-1].highlight_ids)


async def test_a_stream_that_failed_before_its_request_came_begins_no_run(
    service: Any, stream: str, broadcast_of: Any
) -> None:
    one, two = broadcast_of(stream), broadcast_of(stream, attempt=2)
    await service.tell(one.decided("failed"), one.requested(chat=False), *one.whole())
    assert await runs_of(service, stream) == []
    await service.tell(two.retried(), two.opened())
    assert await runs_of(service, stream) == ["open"]


async def test_a_dropped_stream_says_nothing_after_its_run_and_a_deleted_one_leaves_a_tombstone(
    service: Any, stream: str, broadcast_of: Any
) -> None:
    broadcast = broadcast_of(stream)
    await service.tell(broadcast.requested(), broadcast.opened(), *broadcast.video(end=60))
    assert len(await service.waiting(stream)) == 1
    await service.tell(broadcast.decided("cancelled"))
    assert await service.waiting(stream) == []
    (closed,) = await service.published(stream)
    assert closed.failure.code == "cancelled"
    await service.tell(*broadcast.video(start=60), broadcast.video_ended(), *broadcast.chat(), broadcast.chat_ended())
    assert await service.waiting(stream) == []
    await service.advance(stream)
    assert await service.published(stream) == [closed]

    await service.tell(broadcast.decided("deleted"))
    for table in ("signals", "marks", "coverages", "gaps", "runs", "highlights"):
        assert await service.fetch(f"SELECT 1 FROM {table} WHERE stream_id = $1", stream) == [], table
    await service.tell(*broadcast.video(), broadcast.requested())
    (row,) = await service.fetch("SELECT state, profile FROM streams WHERE stream_id = $1", stream)
    assert (row["state"], row["profile"]) == ("deleted", None)
    assert await service.fetch("SELECT 1 FROM signals WHERE stream_id = $1", stream) == []
