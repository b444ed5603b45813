"""Processes that work, die, hang, rest and end."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import psutil
import pytest

from tldr_video_analysis.adapters.analyser_process_pool import ProcessPoolAnalyser
from tldr_video_analysis.domain.analyser import AnalyserCrashed, AnalyserTimedOut, PartUnavailable
from tldr_video_analysis.domain.analysis_settings import AnalysisSettings
from tldr_video_analysis.domain.segment_part import SegmentPart

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


def is_worker(child: psutil.Process) -> bool:
    """The resource tracker of multiprocessing is another child; one that just died has no command line."""
    try:
        return child.status() != psutil.STATUS_ZOMBIE and "spawn_main" in " ".join(child.cmdline())
    except psutil.NoSuchProcess:
        return False


def workers() -> list[psutil.Process]:
    return [child for child in psutil.Process().children(recursive=True) if is_worker(child)]


async def until(condition: Callable[[], bool], seconds: float = 10.0) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        await asyncio.sleep(0.02)


def reads(path: str) -> bool:
    """A worker waits in opening the pipe once a writer can be had without blocking."""
    try:
        os.close(os.open(path, os.O_WRONLY | os.O_NONBLOCK))
    except OSError:
        return False
    return True


async def test_the_figures_come_back_from_another_process(
    analyser: ProcessPoolAnalyser, parts: list[SegmentPart]
) -> None:
    figures = await analyser(parts, 0, 2, SETTINGS)
    assert figures.series["video.motion"].shape == (2,)
    assert workers()


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
    (worker,) = workers()
    call = asyncio.create_task(analyser([pipe], 0, 2, SETTINGS))
    await until(lambda: bool(analyser._working))
    worker.kill()
    with pytest.raises(AnalyserCrashed):
        await call
    assert (await analyser(parts, 0, 2, SETTINGS)).gaps == ()


async def test_a_worker_that_died_between_calls_fails_at_most_one_call(
    analyser: ProcessPoolAnalyser, parts: list[SegmentPart]
) -> None:
    await analyser(parts, 0, 2, SETTINGS)
    (worker,) = workers()
    worker.kill()
    await until(lambda: not workers())
    with suppress(AnalyserCrashed):
        await analyser(parts, 0, 2, SETTINGS)
    assert (await analyser(parts, 0, 2, SETTINGS)).gaps == ()


async def test_a_call_past_its_deadline_is_stopped(parts: list[SegmentPart], pipe: SegmentPart) -> None:
    analyser = ProcessPoolAnalyser(processes=1, deadline_s=0.5, idle_s=30.0)
    with pytest.raises(AnalyserTimedOut):
        await analyser([pipe], 0, 2, SETTINGS)
    await until(lambda: not workers())
    await analyser.close()


async def test_calls_beyond_the_processes_wait_and_all_are_answered(
    analyser: ProcessPoolAnalyser, parts: list[SegmentPart]
) -> None:
    answers = await asyncio.gather(*(analyser(parts, 0, 2, SETTINGS) for _ in range(4)))
    assert [figures.end_second for figures in answers] == [2] * 4
    assert len(workers()) == 1


async def test_idle_processes_end_and_the_next_call_starts_them_again(parts: list[SegmentPart]) -> None:
    analyser = ProcessPoolAnalyser(processes=1, deadline_s=30.0, idle_s=0.1)
    await analyser(parts, 0, 2, SETTINGS)
    await until(lambda: not workers())
    assert (await analyser(parts, 0, 2, SETTINGS)).gaps == ()
    await analyser.close()


async def test_closing_ends_work_in_hand(pipe: SegmentPart) -> None:
    analyser = ProcessPoolAnalyser(processes=1, deadline_s=30.0, idle_s=30.0)
    call = asyncio.create_task(analyser([pipe], 0, 2, SETTINGS))
    await until(lambda: reads(str(pipe.source)) or bool(workers()))
    await analyser.close()
    with pytest.raises((AnalyserCrashed, PartUnavailable)):
        await call
    await until(lambda: not workers())


def test_no_worker_outlives_a_killed_parent(tmp_path: Path) -> None:
    script = tmp_path / "parent.py"
    script.write_text(
        "import asyncio\n"
        "from tldr_video_analysis.adapters.analyser_process_pool import ProcessPoolAnalyser\n"
        "from tldr_video_analysis.domain.analysis_settings import AnalysisSettings\n"
        "from tldr_video_analysis.domain.segment_part import SegmentPart\n"
        "async def main():\n"
        "    part = SegmentPart(0, 0, 1000, 0, True, False, b'')\n"
        "    await ProcessPoolAnalyser(1)([part], 0, 1, AnalysisSettings())\n"
        "    print('ready', flush=True)\n"
        "    await asyncio.Event().wait()\n"
        "if __name__ == '__main__':\n"
        "    asyncio.run(main())\n"
    )
    parent = subprocess.Popen([sys.executable, str(script)], stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    assert parent.stdout.readline() == "ready\n"
    children = psutil.Process(parent.pid).children(recursive=True)
    assert children
    parent.send_signal(signal.SIGKILL)
    parent.wait()
    parent.stdout.close()
    _, alive = psutil.wait_procs(children, timeout=10)
    assert not alive


def test_the_parent_does_not_load_the_media_libraries() -> None:
    check = (
        "import sys, tldr_video_analysis.adapters.analyser_process_pool\n"
        "print(sorted({'av', 'cv2', 'scipy', 'webrtcvad'} & set(sys.modules)))"
    )
    answer = subprocess.run([sys.executable, "-c", check], capture_output=True, text=True, check=True)
    assert answer.stdout == "[]\n"
