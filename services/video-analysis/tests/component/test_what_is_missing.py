"""What never came, could not be fetched or could not be decoded is a gap, and the stream goes on; the analyser is scripted."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from tldr.common.v1 import common_pb2
from tldr_video_analysis.domain.analysis.analyser import AnalyserCrashed, PartUnavailable
from tldr_video_analysis.domain.figures import signal_names
from tldr_video_analysis.domain.segments.segment import Window

Listen = Callable[[], Awaitable[Any]]
Desk = Any
Recording = Any


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


async def test_seconds_that_the_source_reported_as_missing_have_no_figures(
    desk: Desk, recording: Recording, listen: Listen
) -> None:
    await desk.tell(recording.requested(), recording.opened(), recording.gap(2000, 3000))
    await desk.tell(recording.gap(4600, 6300, common_pb2.MODALITY_AUDIO), *recording.segments(0, 1, 2))
    await desk.analyse(recording.stream)
    heard = await listen()
    assert sorted(heard.seconds_of(signal_names.MOTION)) == [0, 1, *range(3, 8)]
    assert sorted(heard.seconds_of(signal_names.ACTIVITY)) == [0, 1, *range(3, 8)]
    assert sorted(heard.seconds_of(signal_names.LOUDNESS)) == [0, 1, 2, 3, 4, 6, 7]
    assert heard.gaps == {("video", 2000, 3000, "timestamp_jump"): 1, ("audio", 4600, 6300, "timestamp_jump"): 1}


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
    assert sum(len(s.values) for fact in heard.facts[:1] for s in fact.series) == 3 * 8, "no hour of nothing is sent"


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
