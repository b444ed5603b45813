"""A stream from its first segment to its last word, whatever comes between; the analyser is scripted."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
import pytest_asyncio

from tldr.common.v1 import common_pb2
from tldr_video_analysis.domain.analyser import AnalyserCrashed, PartUnavailable
from tldr_video_analysis.domain.segment import Window

Listen = Callable[[], Awaitable[Any]]
Desk = Any
Recording = Any


@pytest_asyncio.fixture
async def listen(desk: Desk, recording: Recording, heard_of: Any) -> Listen:
    async def hear() -> Any:
        return heard_of(await desk.published(recording.stream))

    return hear


async def test_every_second_is_measured_once_and_the_end_is_the_last_word(
    desk: Desk, recording: Recording, listen: Listen
) -> None:
    await desk.tell(recording.requested(), recording.opened(), *recording.segments(*range(7)))
    await desk.tell(recording.ended(28_000))
    await desk.analyse(recording.stream)
    heard = await listen()
    assert heard.measured_seconds == {second: second for second in range(28)}
    assert heard.watermarks[-1] == 28_000
    assert heard.gaps == {}
    assert (heard.end.attempt, heard.end.duration_ms) == (1, 28_000)
    assert list(heard.end.modalities) == [common_pb2.MODALITY_VIDEO, common_pb2.MODALITY_AUDIO]
    assert not heard.end.HasField("failure")


async def test_a_window_waits_until_it_has_its_edges_and_the_last_one_is_never_tiny(
    desk: Desk, recording: Recording
) -> None:
    await desk.tell(recording.requested(), recording.opened(), *recording.segments(0, 1))
    assert await desk.waiting(recording.stream) == []
    await desk.tell(recording.segment(2))
    assert await desk.waiting(recording.stream) == [Window(0, 8)]
    await desk.tell(recording.segment(3), recording.ended(16_000))
    assert await desk.waiting(recording.stream) == [Window(0, 8), Window(8, 16)]
    await desk.analyse(recording.stream)
    assert [call[:3] for call in desk.analyser.calls] == [((0, 1, 2), 0, 8), ((1, 2, 3), 8, 16)]


async def test_segments_may_come_before_the_request_and_are_analysed_with_it(
    desk: Desk, recording: Recording, listen: Listen
) -> None:
    await desk.tell(recording.opened(), *recording.segments(0, 1, 2, 3), recording.ended(16_000))
    assert await desk.waiting(recording.stream) == []
    await desk.tell(recording.requested(thorough=True))
    await desk.analyse(recording.stream)
    assert {call[3] for call in desk.analyser.calls} == {True}
    assert (await listen()).end.duration_ms == 16_000


async def test_events_handled_together_have_the_effects_of_each_alone(
    desk: Desk, recording_of: Any, stream: str, heard_of: Any
) -> None:
    heard = []
    for name, tell in ((f"{stream}a", desk.tell), (f"{stream}b", desk.tell_together)):
        recording = recording_of(name)
        await desk.tell(recording.requested())
        said = (recording.segment(0), recording.segment(1), recording.gap(9000, 10_000), *recording.segments(2, 3))
        await tell(recording.opened(), *said, recording.ended(16_000))
        await desk.analyse(name)
        heard.append(heard_of(await desk.published(name)))
    assert heard[0].measured_seconds == heard[1].measured_seconds
    assert heard[0].gaps == heard[1].gaps != {}
    assert heard[0].end.duration_ms == heard[1].end.duration_ms


async def test_signals_are_released_in_order_of_time_however_the_analyses_end(
    desk: Desk, recording: Recording, listen: Listen
) -> None:
    await desk.tell(recording.requested(), recording.opened(), *recording.segments(*range(6)), recording.ended(24_000))
    await desk.analyse(recording.stream, Window(16, 24), Window(8, 16))
    assert await desk.published(recording.stream) == []
    await desk.analyse(recording.stream, Window(0, 8))
    heard = await listen()
    assert heard.watermarks == [24_000], "one message for all that was ready"
    (measured, _) = heard.facts
    assert list(measured.cuts_ms) == [500, 8500, 16_500]
    assert [(pause.start_ms, pause.end_ms) for pause in measured.pauses] == [(0, 24_000)]


async def test_what_comes_twice_counts_once(desk: Desk, recording: Recording, listen: Listen) -> None:
    await desk.tell(recording.requested(), recording.opened(), *recording.segments(0, 1, 2, 0, 1, 3))
    await desk.tell(recording.gap(0, 500), recording.gap(0, 500), recording.ended(16_000), recording.ended(16_000))
    await desk.analyse(recording.stream, Window(0, 8), Window(0, 8), Window(8, 16))
    heard = await listen()
    assert sorted(heard.measured_seconds) == list(range(16))
    assert list(heard.gaps.values()) == [1]
    assert heard.end.duration_ms == 16_000


async def test_a_gap_of_the_source_is_said_before_the_seconds_that_pass_it(
    desk: Desk, recording: Recording, listen: Listen
) -> None:
    desk.analyser.undecodable = {2}
    await desk.tell(recording.requested(), recording.opened(), *recording.segments(0, 1), recording.gap(9000, 20_000))
    await desk.tell(*recording.segments(2, 3, 4, 5))
    await desk.analyse(recording.stream, Window(0, 8))
    assert (await listen()).gaps == {}
    await desk.tell(recording.ended(24_000))
    await desk.analyse(recording.stream, Window(8, 16))
    heard = await listen()
    assert heard.gaps == {("video", 9000, 20_000, "timestamp_jump"): 1, ("video", 8000, 9000, "decode_failed"): 1}
    assert heard.watermarks == [8000, 8000, 8000, 16_000]


async def test_a_gap_that_is_found_late_is_said_at_once(desk: Desk, recording: Recording, listen: Listen) -> None:
    await desk.tell(recording.requested(), recording.opened(), *recording.segments(0, 1, 2))
    await desk.analyse(recording.stream)
    await desk.tell(recording.gap(2000, 30_000))
    heard = await listen()
    assert heard.gaps == {("video", 2000, 30_000, "timestamp_jump"): 1}
    assert heard.watermarks == [8000, 8000]


async def test_a_segment_that_never_comes_is_a_gap_of_what_the_source_has(
    desk: Desk, recording: Recording, listen: Listen
) -> None:
    await desk.tell(recording.requested(), recording.opened(common_pb2.MODALITY_AUDIO), *recording.segments(0, 1))
    await desk.bury(recording.segment(2))
    await desk.tell(*recording.segments(3, 4, 5))
    await desk.bury(recording.segment(6))
    await desk.tell(recording.ended(28_000))
    await desk.analyse(recording.stream)
    heard = await listen()
    missing = {("audio", 8000, 12_000, "segment_missing"): 1, ("audio", 24_000, 28_000, "segment_missing"): 1}
    assert heard.gaps == missing
    assert sorted(heard.measured_seconds) == [*range(8), *range(12, 24)]
    assert heard.watermarks[-1] == 28_000


async def test_what_the_source_reported_as_missing_at_its_end_is_said_once(
    desk: Desk, recording: Recording, listen: Listen
) -> None:
    await desk.tell(recording.requested(), recording.opened(), *recording.segments(0, 1))
    gaps = (recording.gap(8000, 3_600_000), recording.gap(8000, 3_600_000, common_pb2.MODALITY_AUDIO))
    await desk.tell(*gaps, recording.ended(3_600_000))
    await desk.analyse(recording.stream)
    heard = await listen()
    assert set(heard.gaps.elements()) == {
        ("video", 8000, 3_600_000, "timestamp_jump"),
        ("audio", 8000, 3_600_000, "timestamp_jump"),
    }
    assert heard.end.duration_ms == 3_600_000
    assert sum(len(s.values) for fact in heard.facts[:1] for s in fact.series) == 16, "no hour of nothing is sent"


async def test_a_segment_that_kills_its_analyser_is_a_gap_and_its_neighbours_are_measured(
    desk: Desk, recording: Recording, listen: Listen
) -> None:
    desk.analyser.fatal = {3}
    await desk.tell(recording.requested(), recording.opened(), *recording.segments(*range(6)), recording.ended(24_000))
    await desk.analyse(recording.stream, Window(0, 8))
    for window in (Window(8, 16), Window(16, 24)):
        with pytest.raises(AnalyserCrashed):
            await desk.analyse(recording.stream, window)
        await desk.analyse(recording.stream, window, attempt=2)
    heard = await listen()
    lost = {("video", 12_000, 16_000, "decode_failed"): 1, ("audio", 12_000, 16_000, "decode_failed"): 1}
    assert heard.gaps == lost
    assert sorted(heard.measured_seconds) == [*range(12), *range(16, 24)]
    assert heard.end.duration_ms == 24_000
    alone = [call for call in desk.analyser.calls if call[0] == (3,)]
    assert len(alone) == 2 * 3, "three times in each of the windows that touch it"


async def test_a_file_that_stays_away_is_a_gap_in_the_last_attempt(
    desk: Desk, recording: Recording, listen: Listen
) -> None:
    desk.analyser.unavailable = {0}
    await desk.tell(recording.requested(), recording.opened(), *recording.segments(0, 1), recording.ended(8000))
    for attempt in (1, 2, 9):
        with pytest.raises(PartUnavailable):
            await desk.analyse(recording.stream, attempt=attempt)
    await desk.analyse(recording.stream, attempt=10, last=True)
    heard = await listen()
    assert set(heard.gaps) == {("video", 0, 4000, "segment_unavailable"), ("audio", 0, 4000, "segment_unavailable")}
    assert sorted(heard.measured_seconds) == [4, 5, 6, 7]


async def test_a_window_that_is_given_up_is_a_gap_and_the_stream_goes_on_behind_it(
    desk: Desk, recording: Recording, listen: Listen
) -> None:
    await desk.tell(recording.requested(), recording.opened(), *recording.segments(0, 1, 2, 3), recording.ended(15_500))
    await desk.analyse(recording.stream, Window(8, 16))
    await desk.give_up(recording.stream, Window(0, 8))
    await desk.give_up(recording.stream, Window(0, 8))
    heard = await listen()
    assert heard.gaps == {("video", 0, 8000, "decode_failed"): 1, ("audio", 0, 8000, "decode_failed"): 1}
    assert heard.end.duration_ms == 15_500


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
    (row,) = await desk.fetch("SELECT standing FROM streams WHERE stream_id = $1", recording.stream)
    assert row["standing"] == "over"
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


async def test_a_live_stream_is_analysed_in_shorter_windows_and_wholly(desk: Desk, recording: Recording) -> None:
    await desk.tell(recording.requested(live=True), recording.opened(), *recording.segments(0, 1, 2))
    assert await desk.waiting(recording.stream) == [Window(0, 4), Window(4, 8)]
    await desk.analyse(recording.stream)
    assert {call[3] for call in desk.analyser.calls} == {True}


async def test_nobody_sees_the_rows_of_another_organization(desk: Desk, recording: Recording) -> None:
    await desk.tell(recording.requested(), recording.opened(), *recording.segments(0, 1, 2), recording.gap(0, 100))
    async with desk.database.tenant("org_of_somebody_else") as transaction:
        work = desk.work(transaction, "org_of_somebody_else", 0)
        assert (await work.streams.get(recording.stream)).read_until_ms == 0
        assert await work.segments.around(recording.stream, Window(0, 8)) == ()
        assert await work.windows.waiting(recording.stream) == []
        assert await work.gaps.within(recording.stream, 0, 1000) == []
