"""Analysis in another process: its figures, its errors, its deadline."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from tldr_testing import packages_loaded
from tldr_video_analysis.adapters.analysis.analyser_process_pool import ProcessPoolAnalyser
from tldr_video_analysis.adapters.analysis.analyser_worker import analyse_in_worker, prepare
from tldr_video_analysis.domain.analysis.analyser import (
    AnalyserCrashed,
    AnalyserOverLimit,
    AnalyserTimedOut,
    PartUnavailable,
)
from tldr_video_analysis.domain.analysis.settings import AnalysisSettings
from tldr_video_analysis.domain.segments.part import SegmentPart

SETTINGS = AnalysisSettings()


@pytest.fixture
def pipe(tmp_path: Path) -> SegmentPart:
    """A part whose file is a pipe that nobody writes to: reading it takes for ever."""
    path = tmp_path / "part.mp4"
    os.mkfifo(path)
    return SegmentPart(0, 0, 2000, 0, True, True, str(path))


@pytest.fixture(scope="module")
def parts(clip: Any, parts_of: Callable[..., list[SegmentPart]], scene: Callable[..., Any]) -> list[SegmentPart]:
    return parts_of(clip(seconds=2, picture=lambda at: scene(1, 30 * at)))


@pytest.fixture
async def analyser() -> AsyncIterator[ProcessPoolAnalyser]:
    pool = ProcessPoolAnalyser(processes=1, deadline_s=30.0, idle_s=30.0)
    yield pool
    await pool.close()


async def test_the_figures_come_back_from_another_process(
    analyser: ProcessPoolAnalyser, parts: list[SegmentPart]
) -> None:
    figures = await analyser(parts, 0, 2, SETTINGS)
    assert figures.series["video.motion"].shape == (2,)
    assert analyser.pids


async def test_parts_can_be_read_from_files(
    analyser: ProcessPoolAnalyser, parts: list[SegmentPart], tmp_path: Path
) -> None:
    (part,) = parts
    assert isinstance(part.source, bytes)
    path = tmp_path / "part.mp4"
    path.write_bytes(part.source)
    figures = await analyser([SegmentPart(0, 0, 2000, 0, True, False, str(path))], 0, 2, SETTINGS)
    assert figures.gaps == ()


async def test_an_error_of_the_analysis_keeps_its_kind(analyser: ProcessPoolAnalyser) -> None:
    with pytest.raises(PartUnavailable, match="segment 4"):
        await analyser([SegmentPart(4, 0, 2000, 0, True, True, "/nowhere/4.mp4")], 0, 2, SETTINGS)


async def test_a_worker_that_dies_fails_its_call_and_the_next_call_gets_a_new_one(
    analyser: ProcessPoolAnalyser, parts: list[SegmentPart], pipe: SegmentPart
) -> None:
    await analyser(parts, 0, 2, SETTINGS)
    (worker,) = analyser.pids
    call = asyncio.create_task(analyser([pipe], 0, 2, SETTINGS))
    await asyncio.sleep(0)
    os.kill(worker, signal.SIGKILL)
    with pytest.raises(AnalyserCrashed):
        await call
    assert (await analyser(parts, 0, 2, SETTINGS)).gaps == ()


async def test_a_call_past_its_deadline_is_stopped(parts: list[SegmentPart], pipe: SegmentPart) -> None:
    analyser = ProcessPoolAnalyser(processes=1, deadline_s=0.5, idle_s=30.0)
    with pytest.raises(AnalyserTimedOut):
        await analyser([pipe], 0, 2, SETTINGS)
    assert analyser.pids == []
    await analyser.close()


async def test_segments_that_want_more_memory_than_allowed_are_an_answer(parts: list[SegmentPart]) -> None:
    analyser = ProcessPoolAnalyser(processes=1, memory_mb=300)
    heavy = replace(parts[0], source=b"x" * (400 << 20))
    with pytest.raises(AnalyserOverLimit):
        await analyser([heavy], 0, 2, SETTINGS)
    assert (await analyser(parts, 0, 2, SETTINGS)).gaps == ()
    await analyser.close()


def test_the_parent_does_not_load_the_media_libraries() -> None:
    check = (
        "import sys, tldr_video_analysis.adapters.analysis.analyser_process_pool\n"
        "print(sorted({'av', 'cv2', 'scipy', 'webrtcvad'} & set(sys.modules)))"
    )
    answer = subprocess.run([sys.executable, "-c", check], capture_output=True, text=True, check=True)
    assert answer.stdout == "[]\n"


def test_a_process_is_prepared_with_all_that_analysing_loads(parts: list[SegmentPart]) -> None:
    assert packages_loaded(prepare, partial(analyse_in_worker, parts, 0, 2, SETTINGS)) == set()
