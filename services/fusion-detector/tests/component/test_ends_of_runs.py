"""Runs end with their streams, and a retry has a run of its own."""

from typing import Any

import pytest

from tldr.common.v1 import common_pb2
from tldr_streams.values import Failure

BROKEN = common_pb2.Failure(code="decode_failed", reason="The file broke off.")


def kinds(published: list[Any]) -> list[str]:
    return [fact.DESCRIPTOR.name for fact in published]


async def runs_of(desk: Any, stream: str) -> list[str]:
    """Where its runs stand, in order of their beginning."""
    rows = await desk.fetch("SELECT state FROM runs WHERE stream_id = $1 ORDER BY run_id", stream)
    return [row["state"] for row in rows]


async def test_a_retry_goes_on_with_the_signals_there_are_under_a_run_of_its_own(
    desk: Any, stream: str, broadcast_of: Any
) -> None:
    first, second = broadcast_of(stream), broadcast_of(stream, attempt=2)
    await desk.tell(first.requested(chat=False), first.opened(), *first.video(end=96), first.video_gap(96, 108))
    await desk.advance(stream)
    await desk.tell(first.decided("failed"))

    # Some of the next attempt's signals come before the word that there is one.
    await desk.tell(*second.video(start=108), first.video_ended(BROKEN), second.video_ended())
    await desk.tell(second.opened(), *second.video(start=96, end=108), second.source_ended(), second.retried())
    await desk.tell(first.source_ended(BROKEN))
    await desk.advance(stream)

    published = await desk.published(stream)
    completed = published[-1]
    assert (completed.DESCRIPTOR.name, completed.attempt) == ("DetectionCompleted", 2)
    assert completed.run_id != published[0].run_id
    assert len(completed.highlight_ids) == 3
    assert not completed.gaps, "what was missing was measured now"
    assert len(await desk.fetch("SELECT run_id FROM runs WHERE stream_id = $1", stream)) == 2


async def test_a_failed_run_takes_back_what_was_provisional(desk: Any, stream: str, broadcast_of: Any) -> None:
    broadcast = broadcast_of(stream)
    await desk.tell(broadcast.requested(chat=False), broadcast.opened(), *broadcast.video(end=132))
    await desk.advance(stream)
    provisional = await desk.published(stream)
    async with desk.open() as work:
        await work.fail(stream, Failure("detection_failed", "It cannot be detected."))
    later = (await desk.published(stream))[len(provisional) :]
    assert kinds(later) == ["HighlightRetracted"] * len(provisional) + ["DetectionFailed"]
    assert {one.highlight_id for one in later[:-1]} == {one.highlight_id for one in provisional}


@pytest.mark.parametrize("decision", ["failed", "cancelled"])
async def test_a_stream_that_ends_badly_closes_its_run_and_takes_back_what_was_provisional(
    desk: Any, stream: str, broadcast_of: Any, decision: str
) -> None:
    broadcast = broadcast_of(stream)
    await desk.tell(broadcast.requested(chat=False), broadcast.opened(), *broadcast.video(end=132))
    await desk.advance(stream)
    provisional = await desk.published(stream)
    assert provisional
    await desk.tell(*[broadcast.decided(decision)] * 2)
    later = (await desk.published(stream))[len(provisional) :]
    assert kinds(later) == ["HighlightRetracted"] * len(provisional) + ["DetectionFailed"]
    assert await runs_of(desk, stream) == ["failed"]
    assert await desk.waiting(stream) == []


async def test_the_reason_of_a_failed_stream_is_that_of_its_run(desk: Any, stream: str, broadcast_of: Any) -> None:
    broadcast = broadcast_of(stream)
    failed = broadcast.decided("failed")
    failed.failed.failure.CopyFrom(BROKEN)
    await desk.tell(broadcast.requested(chat=False), broadcast.opened(), failed)
    (told,) = await desk.published(stream)
    assert told.failure == BROKEN


@pytest.mark.parametrize("first", ["the failure", "the next attempt", "both late"])
async def test_a_retry_leaves_no_run_open_but_its_own_whatever_comes_first(
    desk: Any, stream: str, broadcast_of: Any, first: str
) -> None:
    one, two = broadcast_of(stream), broadcast_of(stream, attempt=2)
    await desk.tell(one.requested(chat=False), one.opened(), *one.video(end=132))
    await desk.advance(stream)
    provisional = {found.highlight_id for found in await desk.published(stream)}
    failed, retried = one.decided("failed"), two.retried()
    await desk.tell(
        *{
            "the failure": [failed, retried, two.opened(), one.source_ended(BROKEN)],
            "the next attempt": [two.opened(), failed, retried],
            "both late": [two.opened(), two.source_ended(), one.video_ended(BROKEN), failed, retried, failed],
        }[first]
    )
    assert await runs_of(desk, stream) == ["failed", "open"]
    await desk.tell(*two.video(start=132), two.source_ended(), two.video_ended())
    await desk.advance(stream)
    published = await desk.published(stream)
    assert await runs_of(desk, stream) == ["failed", "completed"]
    retracted = {one.highlight_id for one in published if one.DESCRIPTOR.name == "HighlightRetracted"}
    assert retracted == provisional
    assert not retracted & set(published[-1].highlight_ids)


async def test_a_stream_that_failed_before_its_request_came_begins_no_run(
    desk: Any, stream: str, broadcast_of: Any
) -> None:
    one, two = broadcast_of(stream), broadcast_of(stream, attempt=2)
    await desk.tell(one.decided("failed"), one.requested(chat=False), *one.whole())
    assert await runs_of(desk, stream) == []
    await desk.tell(two.retried(), two.opened())
    assert await runs_of(desk, stream) == ["open"]


async def test_a_dropped_stream_says_nothing_after_its_run_and_a_deleted_one_leaves_a_tombstone(
    desk: Any, stream: str, broadcast_of: Any
) -> None:
    broadcast = broadcast_of(stream)
    await desk.tell(broadcast.requested(), broadcast.opened(), *broadcast.video(end=60))
    assert len(await desk.waiting(stream)) == 1
    await desk.tell(broadcast.decided("cancelled"))
    assert await desk.waiting(stream) == []
    (closed,) = await desk.published(stream)
    assert closed.failure.code == "cancelled"
    await desk.tell(*broadcast.video(start=60), broadcast.video_ended(), *broadcast.chat(), broadcast.chat_ended())
    assert await desk.waiting(stream) == []
    await desk.advance(stream)
    assert await desk.published(stream) == [closed]

    await desk.tell(broadcast.decided("deleted"))
    for table in ("signals", "marks", "coverages", "gaps", "runs", "highlights"):
        assert await desk.fetch(f"SELECT 1 FROM {table} WHERE stream_id = $1", stream) == [], table
    await desk.tell(*broadcast.video(), broadcast.requested())
    (row,) = await desk.fetch("SELECT state, profile FROM streams WHERE stream_id = $1", stream)
    assert (row["state"], row["profile"]) == ("deleted", None)
    assert await desk.fetch("SELECT 1 FROM signals WHERE stream_id = $1", stream) == []
