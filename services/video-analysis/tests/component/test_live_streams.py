"""A live stream as it happens: gaps move time on, and picture and sound go ahead of each other; the analyser is scripted."""

from collections.abc import Awaitable, Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest

from tldr.common.v1 import common_pb2
from tldr.video_signals.v1 import video_signals_pb2
from tldr_video_analysis.domain.analysis.analyser import AnalyserCrashed
from tldr_video_analysis.domain.figures import signal_names
from tldr_video_analysis.domain.figures.figures import Modality
from tldr_video_analysis.domain.segments.segment import Window

Listen = Callable[[], Awaitable[Any]]
Desk = Any
WINDOWS = (Window(0, 1), Window(1, 3), Window(3, 5))
VIDEO, AUDIO = common_pb2.MODALITY_VIDEO, common_pb2.MODALITY_AUDIO


@pytest.fixture
def live(recording: Any) -> Any:
    return replace(recording, length_ms=2000)


def both(live: Any, start_ms: int, end_ms: int) -> Iterator[Any]:
    return (live.gap(start_ms, end_ms, modality) for modality in (VIDEO, AUDIO))


def complete(heard: Any) -> tuple[int, int]:
    """How far picture and sound are, by the last message that says so; never less than before."""
    found = [
        {one.modality: one.complete_until_ms for one in fact.completeness}
        for fact in heard.of(video_signals_pb2.VideoSignalsMeasured)
    ]
    for modality in (VIDEO, AUDIO):
        until = [one[modality] for one in found]
        assert until == sorted(until)
    messages = heard.of(video_signals_pb2.VideoSignalsMeasured)
    assert all(fact.complete_until_ms == min(one.values()) for fact, one in zip(messages, found, strict=True))
    return found[-1][VIDEO], found[-1][AUDIO]


async def test_the_watermark_follows_a_gap_while_nothing_comes_and_nothing_is_analysed_in_it(
    desk: Desk, live: Any, listen: Listen
) -> None:
    await desk.tell(live.requested(live=True), live.opened(), *live.segments(0, 1, 2))
    await desk.analyse(live.stream, *await desk.waiting(live.stream, priority=8))
    assert (await listen()).watermarks[-1] == 5000
    await desk.tell(*both(live, 6000, 16_000))
    await desk.analyse(live.stream, *await desk.waiting(live.stream, priority=8))
    assert (await listen()).watermarks[-1] == 16_000
    calls = len(desk.analyser.calls)
    for start_ms in range(16_000, 120_000, 8000):
        await desk.tell(*both(live, start_ms, start_ms + 8000))
        assert (await listen()).watermarks[-1] == start_ms + 8000
    assert (len(desk.analyser.calls), await desk.waiting(live.stream, priority=8)) == (calls, [])
    rows = "SELECT count(*) AS n FROM windows WHERE stream_id = $1 AND NOT analysed"
    assert (await desk.fetch(rows, live.stream))[0]["n"] == 0
    await desk.tell(live.segment(60), live.segment(61), live.ended(124_000))
    await desk.analyse(live.stream, *await desk.waiting(live.stream, priority=8))
    heard = await listen()
    assert sorted(heard.measured_seconds) == [*range(6), *range(120, 124)]
    assert {code for _, _, _, code in heard.gaps} == {"timestamp_jump"}, "what is known is not said for another reason"
    assert complete(heard) == (124_000, 124_000)


async def test_a_gap_that_is_said_before_the_segment_in_which_it_begins_takes_nothing_of_it(
    desk: Desk, live: Any, listen: Listen
) -> None:
    await desk.tell(live.requested(live=True), live.opened(), *live.segments(0, 1))
    await desk.tell(*both(live, 4700, 5600))
    await desk.tell(live.segment(2))
    await desk.tell(*both(live, 7400, 20_000), live.segment(3, end_ms=7400))
    for window in await desk.waiting(live.stream, priority=8):
        await desk.analyse(live.stream, window)
    heard = await listen()
    assert sorted(heard.measured_seconds) == [*range(5), 6], "of 5 more than half is missing"
    assert {code for _, _, _, code in heard.gaps} == {"timestamp_jump"}
    assert complete(heard) == (20_000, 20_000), "known by the segment that comes behind it"


async def test_a_gap_of_one_modality_moves_nothing(desk: Desk, live: Any, listen: Listen) -> None:
    await desk.tell(live.requested(live=True), live.opened(), *live.segments(0, 1), live.gap(4000, 14_000))
    await desk.analyse(live.stream, *await desk.waiting(live.stream, priority=8))
    assert (await listen()).watermarks[-1] == 3000
    await desk.tell(live.gap(4000, 9000, AUDIO))
    await desk.analyse(live.stream, *await desk.waiting(live.stream, priority=8))
    assert (await listen()).watermarks[-1] == 9000


async def test_seconds_of_an_advertisement_have_no_figures(desk: Desk, live: Any, listen: Listen) -> None:
    await desk.tell(live.requested(live=True), live.opened(), *live.segments(0, 1), *both(live, 4300, 34_600))
    await desk.tell(*(live.segment(index, shift_ms=600) for index in (17, 18)), live.ended(38_600))
    for window in await desk.waiting(live.stream, priority=8):
        await desk.analyse(live.stream, window)
    heard = await listen()
    assert sorted(heard.measured_seconds) == [*range(4), *range(35, 39)]
    assert heard.gaps["video", 4300, 34_600, "timestamp_jump"] == 1


async def test_sound_goes_ahead_of_pictures_that_take_too_long_and_waits_for_them_no_more(
    desk: Desk, live: Any, listen: Listen
) -> None:
    desk.analyser.slow = Modality.VIDEO
    await desk.tell(live.requested(live=True), live.opened())
    for index, window in enumerate(WINDOWS):
        await desk.tell(live.segment(index))
        await desk.analyse(live.stream, window)
    heard = await listen()
    assert sorted(heard.seconds_of(signal_names.LOUDNESS)) == [0, 1, 2, 3, 4]
    assert heard.measured_seconds == {}
    assert complete(heard) == (0, 5000)
    # The first was given time; the others were not looked at together.
    assert [call[1:3] for call in desk.analyser.calls] == [(0, 1), (0, 1), (1, 3), (3, 5)]

    desk.analyser.slow = None
    assert await desk.waiting(live.stream, only="video", priority=8) == list(WINDOWS)
    await desk.analyse(live.stream, WINDOWS[0], only=Modality.VIDEO)
    assert desk.analyser.calls[-1][1:3] == (0, 5), "what is behind is looked at together"
    heard = await listen()
    assert sorted(heard.measured_seconds) == sorted(heard.seconds_of(signal_names.LOUDNESS)) == [0, 1, 2, 3, 4]
    assert complete(heard) == (5000, 5000)
    for window in WINDOWS[1:]:
        await desk.analyse(live.stream, window, only=Modality.VIDEO)
    await desk.tell(live.segment(3), live.ended(8000))
    await desk.analyse(live.stream, Window(5, 7), Window(7, 8))
    heard = await listen()
    assert sorted(heard.measured_seconds) == sorted(heard.seconds_of(signal_names.LOUDNESS)) == list(range(8))
    assert heard.end.duration_ms == 8000


async def test_sound_is_released_when_the_pictures_end_their_process(desk: Desk, live: Any, listen: Listen) -> None:
    desk.analyser.fatal_pictures = {1}
    await desk.tell(live.requested(live=True), live.opened())
    for index, window in enumerate(WINDOWS):
        await desk.tell(live.segment(index))
        await desk.analyse(live.stream, window)
    assert complete(await listen()) == (1000, 5000)
    with pytest.raises(AnalyserCrashed):
        await desk.analyse(live.stream, WINDOWS[1], only=Modality.VIDEO)
    await desk.analyse(live.stream, WINDOWS[1], only=Modality.VIDEO, attempt=2)
    await desk.analyse(live.stream, WINDOWS[2], only=Modality.VIDEO, attempt=2)
    heard = await listen()
    assert sorted(heard.seconds_of(signal_names.LOUDNESS)) == [0, 1, 2, 3, 4]
    assert sorted(heard.measured_seconds) == [0, 1, 4]
    assert heard.gaps == {("video", 2000, 3000, "decode_failed"): 1, ("video", 3000, 4000, "decode_failed"): 1}
    assert complete(heard) == (5000, 5000)


async def test_pictures_are_released_when_the_sound_ends_its_process(desk: Desk, live: Any, listen: Listen) -> None:
    desk.analyser.fatal_sound = {0}
    await desk.tell(live.requested(live=True), live.opened(), live.segment(0))
    with pytest.raises(AnalyserCrashed):
        await desk.analyse(live.stream, WINDOWS[0])
    assert complete(await listen()) == (1000, 0)
    await desk.analyse(live.stream, WINDOWS[0], attempt=2)
    heard = await listen()
    assert heard.gaps == {("audio", 0, 1000, "decode_failed"): 1}
    assert complete(heard) == (1000, 1000)


async def test_a_stream_that_is_tried_again_takes_up_pictures_that_were_left(
    desk: Desk, live: Any, listen: Listen
) -> None:
    desk.analyser.slow = Modality.VIDEO
    await desk.tell(live.requested(live=True), live.opened(), live.segment(0))
    await desk.analyse(live.stream, WINDOWS[0])
    desk.analyser.slow = None
    await desk.tell(live.decided("failed"), replace(live, attempt=2).decided("retried"))
    await desk.analyse(live.stream, WINDOWS[0])
    assert await desk.waiting(live.stream, only="video", priority=8) == [WINDOWS[0]]
    await desk.analyse(live.stream, WINDOWS[0], only=Modality.VIDEO)
    assert complete(await listen()) == (1000, 1000)


async def test_pictures_that_cannot_be_looked_at_at_all_are_a_gap_and_the_sound_is_kept(
    desk: Desk, live: Any, listen: Listen
) -> None:
    desk.analyser.fatal_pictures = {0, 1, 2}
    await desk.tell(live.requested(live=True), live.opened(), *live.segments(0, 1, 2), live.ended(6000))
    for window in await desk.waiting(live.stream, priority=8):
        await desk.analyse(live.stream, window)
        await desk.give_up(live.stream, window)
    heard = await listen()
    assert sorted(heard.seconds_of(signal_names.LOUDNESS)) == list(range(6))
    assert sum(end - start for modality, start, end, _ in heard.gaps if modality == "video") == 6000
    assert not [gap for gap in heard.gaps if gap[0] == "audio"]
    assert heard.end.duration_ms == 6000


async def test_windows_that_wait_are_analysed_together(desk: Desk, live: Any, listen: Listen) -> None:
    await desk.tell(live.requested(live=True), live.opened(), *live.segments(*range(10)))
    waiting = await desk.waiting(live.stream, priority=8)
    assert len(waiting) == 10
    for window in waiting:
        await desk.analyse(live.stream, window)
    assert [call[1:] for call in desk.analyser.calls] == [(0, 19, False)], "cheaply, as it is behind"
    heard = await listen()
    assert sorted(heard.measured_seconds) == list(range(19))
    assert complete(heard) == (19_000, 19_000)
