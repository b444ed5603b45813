"""A stream from its first segment to its last word; the analyser is scripted."""

from collections.abc import Awaitable, Callable
from typing import Any

from tldr.common.v1 import common_pb2
from tldr_video_analysis.domain.figures import signal_names
from tldr_video_analysis.domain.segments.segment import Window

Listen = Callable[[], Awaitable[Any]]
Desk = Any
Recording = Any


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


async def test_activity_is_published_on_one_level_however_the_coding_changes_and_whatever_is_analysed_first(
    desk: Desk, recording: Recording, listen: Listen
) -> None:
    await desk.tell(recording.requested(), recording.opened(), *recording.segments(*range(6)), recording.ended(24_000))
    desk.analyser.level_changes = {0: 0.5, 8: 3.0}
    for window in (Window(8, 16), Window(0, 8), Window(16, 24)):
        await desk.analyse(recording.stream, window)
    activity = (await listen()).seconds_of(signal_names.ACTIVITY)
    assert list(activity.values()) == [100.0] * 8 + [50.0] * 8 + [150.0] * 8


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


async def test_a_live_stream_is_analysed_in_shorter_windows_and_wholly(desk: Desk, recording: Recording) -> None:
    await desk.tell(recording.requested(live=True), recording.opened(), *recording.segments(0, 1))
    assert await desk.waiting(recording.stream, priority=8) == [Window(0, 3), Window(3, 7)]
    await desk.analyse(recording.stream, Window(0, 3), Window(3, 7))
    assert {call[3] for call in desk.analyser.calls} == {True}


async def test_nobody_sees_the_rows_of_another_organization(desk: Desk, recording: Recording) -> None:
    await desk.tell(recording.requested(), recording.opened(), *recording.segments(0, 1, 2), recording.gap(0, 100))
    async with desk.database.tenant("org_of_somebody_else") as transaction:
        work = desk.work(transaction, "org_of_somebody_else", 0)
        assert (await work.streams.get(recording.stream)).read_until_ms == 0
        assert await work.segments.around(recording.stream, Window(0, 8)) == ()
        assert await work.windows.waiting(recording.stream) == []
        assert await work.gaps.within(recording.stream, 0, 1000) == []
