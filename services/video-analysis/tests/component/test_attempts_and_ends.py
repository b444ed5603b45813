"""Streams that fail, are tried again, or are over; the analyser is scripted."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from tldr.common.v1 import common_pb2
from tldr_video_analysis.domain.segments.segment import Window

Listen = Callable[[], Awaitable[Any]]
Desk = Any
Recording = Any


async def test_a_source_that_cannot_be_opened_ends_both_modalities_with_its_failure(
    desk: Desk, recording: Recording, listen: Listen
) -> None:
    await desk.tell(recording.ended(0, failure="source_not_found"))
    heard = await listen()
    assert [fact.DESCRIPTOR.name for fact in heard.facts] == ["VideoSignalsEnded"]
    assert heard.end.failure.code == "source_not_found"
    assert list(heard.end.modalities) == [common_pb2.MODALITY_VIDEO, common_pb2.MODALITY_AUDIO]


async def test_an_end_that_cannot_be_handled_is_a_bad_end(desk: Desk, recording: Recording, listen: Listen) -> None:
    await desk.tell(recording.requested(), recording.opened(), *recording.segments(0, 1))
    await desk.bury(recording.ended(8000))
    await desk.analyse(recording.stream)
    assert (await listen()).end.failure.code == "event_unreadable"


async def test_a_request_that_cannot_be_handled_lets_the_work_begin(
    desk: Desk, recording: Recording, listen: Listen
) -> None:
    await desk.tell(recording.opened(), *recording.segments(0, 1), recording.ended(8000))
    await desk.bury(recording.requested())
    await desk.analyse(recording.stream, Window(0, 8))
    assert (await listen()).end.duration_ms == 8000


async def test_a_retry_measures_new_segments_only_and_the_second_in_which_the_source_broke_off(
    desk: Desk, recording: Recording, recording_of: Any, listen: Listen
) -> None:
    second = recording_of(recording.stream, attempt=2)
    await desk.tell(
        recording.requested(), recording.opened(), *recording.segments(0, 1), recording.segment(2, end_ms=9700)
    )
    await desk.tell(recording.ended(9700, failure="source_lost"))
    await desk.analyse(recording.stream)
    heard = await listen()
    assert (heard.end.attempt, heard.end.failure.code) == (1, "source_lost")
    assert sorted(heard.measured_seconds) == list(range(9))

    # The word of the retry comes last: topics have no order among them.
    await desk.tell(recording.decided("failed"), second.opened())
    rest = second.segment(3)
    rest.segment_stored.range.start_ms = 9700
    await desk.tell(rest, recording.ended(1, failure="too_late"), second.ended(16_000), second.decided("retried"))
    await desk.analyse(recording.stream)
    heard = await listen()
    assert sorted(heard.measured_seconds) == list(range(16))
    assert (heard.end.attempt, heard.end.duration_ms) == (2, 16_000)
    assert not heard.end.HasField("failure")


async def test_a_failed_stream_rests_and_a_retry_takes_up_what_was_left(
    desk: Desk, recording: Recording, recording_of: Any, listen: Listen
) -> None:
    second = recording_of(recording.stream, attempt=2)
    await desk.tell(recording.requested(), recording.opened(), *recording.segments(0, 1, 2))
    await desk.tell(recording.decided("failed"))
    assert await desk.waiting(recording.stream) == []
    await desk.analyse(recording.stream, Window(0, 8))
    await desk.tell(recording.segment(3), recording.ended(16_000))
    assert await desk.published(recording.stream) == []
    await desk.tell(second.decided("retried"))
    assert await desk.waiting(recording.stream) == [Window(0, 8)]
    await desk.tell(recording.decided("failed"), second.opened(), second.ended(16_000))
    await desk.analyse(recording.stream)
    heard = await listen()
    assert sorted(heard.measured_seconds) == list(range(16))
    assert heard.end.attempt == 2


@pytest.mark.parametrize("decision", ["cancelled", "deleted", "completed"])
async def test_a_stream_that_is_over_is_dropped_and_late_events_find_it_so(
    desk: Desk, recording: Recording, decision: str
) -> None:
    await desk.tell(recording.requested(), recording.opened(), *recording.segments(0, 1, 2), recording.gap(0, 100))
    await desk.tell(recording.decided(decision))
    assert await desk.waiting(recording.stream) == []
    await desk.tell(recording.segment(3), recording.gap(0, 50), recording.ended(16_000), recording.requested())
    await desk.tell(recording.decided("retried"), recording.opened())
    await desk.analyse(recording.stream, Window(0, 8))
    assert await desk.waiting(recording.stream) == []
    assert await desk.published(recording.stream) == []
    (row,) = await desk.fetch("SELECT state FROM streams WHERE stream_id = $1", recording.stream)
    assert row["state"] == decision
    kept = 0 if decision == "deleted" else 3
    assert len(await desk.fetch("SELECT FROM segments WHERE stream_id = $1", recording.stream)) == kept
    (closed,) = await desk.fetch("SELECT closed_at FROM outbox_subjects WHERE subject = $1", recording.stream)
    assert closed["closed_at"] is not None


async def test_a_stream_that_is_deleted_leaves_one_row(desk: Desk, recording: Recording) -> None:
    await desk.tell(recording.requested(), recording.opened(), *recording.segments(0, 1, 2), recording.gap(0, 100))
    await desk.analyse(recording.stream)
    await desk.tell(recording.decided("deleted"))
    for table, rows in (("streams", 1), ("segments", 0), ("windows", 0), ("gaps", 0)):
        found = await desk.fetch(f"SELECT FROM {table} WHERE stream_id = $1", recording.stream)
        assert len(found) == rows, table
