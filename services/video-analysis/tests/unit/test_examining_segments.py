"""What an unruly segment does to its analyser, scripted."""

from collections import Counter
from collections.abc import Sequence

import numpy as np
import pytest

from tldr_video_analysis.application.examine_segments import ExamineSegments
from tldr_video_analysis.domain.analysis.analyser import (
    AnalyserCrashed,
    AnalyserOverLimit,
    AnalyserTimedOut,
    PartUnavailable,
)
from tldr_video_analysis.domain.analysis.settings import AnalysisSettings
from tldr_video_analysis.domain.figures.figures import Figures
from tldr_video_analysis.domain.segments.part import SegmentPart
from tldr_video_analysis.domain.segments.segment import Window

SETTINGS = AnalysisSettings()
WINDOW = Window(0, 12)
PARTS = [SegmentPart(index, 4000 * index, 4000 * index + 4000, 0, True, index != 1, b"") for index in range(3)]


class Unruly:
    """Dies or hangs on some segments, the first times only where `times` says so."""

    def __init__(self, *fatal: int, times: int = 1000, error: type[Exception] = AnalyserCrashed) -> None:
        self._fatal = Counter(dict.fromkeys(fatal, times))
        self._error = error
        self.calls: list[tuple[int, ...]] = []

    async def __call__(
        self, parts: Sequence[SegmentPart], first_second: int, end_second: int, settings: AnalysisSettings
    ) -> Figures:
        self.calls.append(tuple(part.index for part in parts))
        for part in parts:
            if self._fatal[part.index] > 0:
                self._fatal[part.index] -= 1
                raise self._error(part.index, "") if self._error is PartUnavailable else self._error("it died")
        assert all(first_second < end_second for _ in parts)
        return Figures(first_second, end_second, {"video.motion": np.zeros(end_second - first_second, np.float32)})


async def test_the_first_attempt_is_one_call() -> None:
    analyser = Unruly()
    _, left_out = await ExamineSegments(analyser)(PARTS, WINDOW, SETTINGS, attempt=1, last=False)
    assert (left_out, analyser.calls) == ((), [(0, 1, 2)])
    with pytest.raises(AnalyserCrashed):
        await ExamineSegments(Unruly(1))(PARTS, WINDOW, SETTINGS, attempt=1, last=False)


async def test_what_passes_in_the_next_attempt_leaves_nothing_out() -> None:
    analyser = Unruly()
    figures, left_out = await ExamineSegments(analyser)(PARTS, WINDOW, SETTINGS, attempt=2, last=False)
    assert (left_out, analyser.calls) == ((), [(0, 1, 2)])
    assert len(figures.series["video.motion"]) == 12


@pytest.mark.parametrize("error", [AnalyserCrashed, AnalyserTimedOut])
async def test_only_the_segments_that_fail_three_times_alone_are_left_out(error: type[Exception]) -> None:
    analyser = Unruly(1, error=error)
    figures, left_out = await ExamineSegments(analyser)(PARTS, WINDOW, SETTINGS, attempt=2, last=False)
    assert analyser.calls == [(0, 1, 2), (0,), (1,), (1,), (1,), (2,), (0, 2)]
    assert [(gap.modality, gap.start_ms, gap.end_ms, gap.code) for gap in left_out] == [
        ("video", 4000, 8000, "decode_failed")
    ]
    assert (figures.first_second, figures.end_second) == (0, 12)


async def test_a_segment_that_wants_too_much_memory_is_left_out_at_once_with_a_code_of_its_own() -> None:
    analyser = Unruly(1, error=AnalyserOverLimit)
    _, left_out = await ExamineSegments(analyser)(PARTS, WINDOW, SETTINGS, attempt=1, last=False)
    assert analyser.calls == [(0, 1, 2), (0,), (1,), (2,), (0, 2)]
    assert [(gap.modality, gap.start_ms, gap.code) for gap in left_out] == [("video", 4000, "media_too_heavy")]


async def test_a_failure_that_no_segment_repeats_is_another_attempt() -> None:
    with pytest.raises(AnalyserCrashed):
        await ExamineSegments(Unruly(1, times=1))(PARTS, WINDOW, SETTINGS, attempt=2, last=False)


async def test_a_window_of_fatal_segments_alone_has_no_figures() -> None:
    examine = ExamineSegments(Unruly(0, 1, 2))
    figures, left_out = await examine(PARTS, WINDOW, SETTINGS, attempt=2, last=False)
    assert (figures.series, len(left_out)) == ({}, 5)


async def test_files_that_cannot_be_fetched_are_left_out_in_the_last_attempt_only() -> None:
    analyser = Unruly(0, 2, error=PartUnavailable)
    examine = ExamineSegments(analyser)
    with pytest.raises(PartUnavailable):
        await examine(PARTS, WINDOW, SETTINGS, attempt=9, last=False)
    _, left_out = await examine(PARTS, WINDOW, SETTINGS, attempt=10, last=True)
    assert {(gap.start_ms, gap.code) for gap in left_out} == {(0, "segment_unavailable"), (8000, "segment_unavailable")}
    assert analyser.calls[-1] == (1,)
