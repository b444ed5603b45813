"""What the ClipCutter port promises, held by every adapter."""

import asyncio
import os
import pickle
import signal
import sys
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from tldr_highlight_store.adapters.clips.cutter_process_pool import ProcessPoolClipCutter
from tldr_highlight_store.adapters.clips.cutter_pyav import cut
from tldr_highlight_store.adapters.clips.cutter_worker import cut_in_worker, prepare
from tldr_highlight_store.domain.clips.cutting import (
    ClipCutter,
    Cut,
    CutterCrashed,
    CuttingTookTooLong,
    MediaTooHeavy,
    NothingToCut,
    SegmentPart,
    SegmentUnreadable,
)
from tldr_testing import gone, packages_loaded


class ThreadClipCutter:
    """The same cutter in a thread of this process."""

    async def cut(self, parts: Sequence[SegmentPart], start_ms: int, end_ms: int, peak_ms: int) -> Cut:
        return await asyncio.to_thread(cut, parts, start_ms, end_ms, peak_ms)


@pytest.fixture(scope="module", params=["process pool", "thread"])
async def cutter(request: pytest.FixtureRequest) -> AsyncIterator[ClipCutter]:
    if request.param == "thread":
        yield ThreadClipCutter()
        return
    pool = ProcessPoolClipCutter(workers=2)
    yield pool
    await pool.close()


@pytest.fixture(scope="module")
def parts(studio: Any, recording: Path) -> list[SegmentPart]:
    made: list[SegmentPart] = studio.segments(recording)
    return made


async def test_a_clip_and_its_picture_are_made(cutter: ClipCutter, parts: list[SegmentPart], studio: Any) -> None:
    made = await cutter.cut(parts, 2_534, 6_267, 4_000)
    assert [frame.number for frame in studio.shown(made.clip.data)] == list(range(76, 188))
    assert made.thumbnail is not None
    assert made.thumbnail.startswith(b"\xff\xd8")


async def test_parts_are_bytes_or_paths(cutter: ClipCutter, parts: list[SegmentPart], tmp_path: Path) -> None:
    stored = []
    for part in parts:
        assert isinstance(part.source, bytes)
        file = tmp_path / f"{part.index}.mp4"
        file.write_bytes(part.source)
        stored.append(SegmentPart(part.index, str(file), 0, part.start_ms, part.end_ms, "mp4", part.decode_from))
    assert await cutter.cut(stored, 1_000, 3_000, 2_000) == await cutter.cut(parts, 1_000, 3_000, 2_000)


async def test_calls_side_by_side_do_not_meet(cutter: ClipCutter, parts: list[SegmentPart], studio: Any) -> None:
    made = await asyncio.gather(*(cutter.cut(parts, at, at + 1_000, at) for at in (0, 2_000, 4_000, 6_000)))
    first = [studio.shown(one.clip.data)[0].number for one in made]
    assert first == [0, 60, 120, 180]


async def test_what_went_wrong_arrives_as_it_was_raised(cutter: ClipCutter, parts: list[SegmentPart]) -> None:
    with pytest.raises(NothingToCut):
        await cutter.cut(parts, 90_000, 95_000, 92_000)
    with pytest.raises(SegmentUnreadable):
        await cutter.cut([SegmentPart(0, b"", 0, 0, 4_000, "mp4", 0)], 0, 1_000, 500)


async def test_a_process_that_dies_fails_its_call_only(parts: list[SegmentPart]) -> None:
    pool = ProcessPoolClipCutter(workers=1)
    await pool.cut(parts, 0, 1_000, 500)
    (first,) = pool.processes
    call = asyncio.create_task(pool.cut(parts, 0, 1_000, 500))
    await asyncio.sleep(0)
    os.kill(first, signal.SIGKILL)
    with pytest.raises(CutterCrashed) as raised:
        await call
    assert raised.value.transient
    assert (await pool.cut(parts, 0, 1_000, 500)).clip.duration_ms == 1_000
    assert pool.processes != [first]
    await pool.close()


async def test_a_call_that_takes_too_long_is_ended_with_its_process(parts: list[SegmentPart]) -> None:
    pool = ProcessPoolClipCutter(workers=1, deadline_s=3.0)
    await pool.cut(parts, 0, 1_000, 500)
    (first,) = pool.processes
    os.kill(first, signal.SIGSTOP)
    with pytest.raises(CuttingTookTooLong):
        await pool.cut(parts, 0, 1_000, 500)
    assert pool.processes == []
    await gone(first)
    await pool.close()


async def test_a_clip_that_wants_more_memory_than_it_may_have_is_refused_for_good(parts: list[SegmentPart]) -> None:
    pool = ProcessPoolClipCutter(workers=1, memory_mb=300)
    with pytest.raises(MediaTooHeavy) as raised:
        await pool.cut([replace(parts[0], source=b"x" * (400 << 20))], 0, 1_000, 500)
    assert (raised.value.code, raised.value.transient) == ("media_too_heavy", False)
    await pool.close()


async def test_the_process_ends_with_its_service() -> None:
    program = (
        "import asyncio, sys, time\n"
        "from tldr_highlight_store.adapters.clips.cutter_process_pool import ProcessPoolClipCutter\n"
        "from tldr_highlight_store.domain.clips.cutting import CuttingFailed\n"
        "async def main():\n"
        "    pool = ProcessPoolClipCutter()\n"
        "    try:\n"
        "        await pool.cut([], 0, 1, 0)\n"
        "    except CuttingFailed:\n"
        "        assert 'av' not in sys.modules and 'numpy' not in sys.modules\n"
        "        print(*pool.processes, flush=True)\n"
        "    time.sleep(60)\n"
        "if __name__ == '__main__':\n"
        "    asyncio.run(main())\n"
    )
    service = await asyncio.create_subprocess_exec(sys.executable, "-c", program, stdout=asyncio.subprocess.PIPE)
    assert service.stdout is not None
    worker = int(await service.stdout.readline())
    service.kill()
    await service.wait()
    await gone(worker)


def test_what_crosses_the_process_border_can_be_pickled() -> None:
    error = pickle.loads(pickle.dumps(NothingToCut("There is nothing.")))
    assert (error.code, str(error)) == ("nothing_to_cut", "There is nothing.")


def test_a_process_is_prepared_with_all_that_cutting_loads(parts: list[SegmentPart]) -> None:
    assert packages_loaded(prepare, partial(cut_in_worker, parts, 0, 2_000, 1_000)) == set()
