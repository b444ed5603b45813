"""Processes that work, die, hang, rest and end."""

import asyncio
import errno
import importlib
import math
import os
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from tldr_processes import WorkerCrashed, WorkerProcesses, WorkerTimedOut
from tldr_testing import eventually, gone, templates


def pool_of(workers: int, *, deadline_s: float = 30.0, idle_s: float = 30.0) -> WorkerProcesses:
    # A function that a fresh interpreter can import: tests are not among its modules.
    return WorkerProcesses(workers, os.getcwd, deadline_s=deadline_s, idle_s=idle_s)  # type: ignore[arg-type]


@pytest.fixture
async def workers() -> AsyncIterator[WorkerProcesses]:
    pool = pool_of(2)
    yield pool
    await pool.close()


@pytest.fixture
def counting(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """A module that worker processes find too: `count(n, pause_s, tell)` tells 0 to n - 1."""
    text = (
        "import time\n"
        "def count(n, pause_s, tell):\n"
        "    for i in range(n):\n"
        "        tell(i)\n"
        "        time.sleep(pause_s)\n"
        "    return n\n"
    )
    (tmp_path / "counting.py").write_text(text)
    monkeypatch.syspath_prepend(tmp_path)
    return importlib.import_module("counting")


class NoMemoryAtFirst:
    """What a process is to prepare; the first one cannot be started with it."""

    def __init__(self) -> None:
        self.asked = 0

    def __call__(self) -> None:
        return

    def __reduce__(self) -> tuple[Any, ...]:
        self.asked += 1
        if self.asked == 1:
            raise OSError(errno.ENOMEM, os.strerror(errno.ENOMEM))
        return partial, (os.getcwd,)


def started() -> set[int]:
    return {process.pid for process in templates()}


async def test_work_is_done_in_another_process(workers: WorkerProcesses) -> None:
    assert await workers.run(math.factorial, 5) == 120
    assert await workers.run(os.getpid) in workers.pids
    assert os.getpid() not in workers.pids


async def test_what_work_raises_is_raised(workers: WorkerProcesses) -> None:
    with pytest.raises(ValueError, match=r"math domain|expected a nonnegative"):
        await workers.run(math.sqrt, -1)


async def test_what_work_tells_is_heard_in_order_and_before_its_result(counting: ModuleType) -> None:
    pool, told = pool_of(1), list[int]()
    for _ in range(2):
        assert await pool.run(counting.count, 1_000, 0, progress=told.append) == 1_000
    assert told == [*range(1_000), *range(1_000)]
    assert await pool.run(math.factorial, 3) == 6
    await pool.close()


@pytest.mark.parametrize("error", [OSError, EOFError, ValueError])
async def test_a_progress_that_raises_changes_nothing(
    counting: ModuleType, error: type[Exception], caplog: pytest.LogCaptureFixture
) -> None:
    pool, told = pool_of(1), list[int]()

    def fail(one: int) -> None:
        told.append(one)
        raise error

    assert await pool.run(counting.count, 20, 0.01, progress=fail) == 20
    assert told == [*range(20)]
    assert caplog.messages == ["a report of progress was not taken"] * 20
    await pool.close()


async def test_what_work_told_before_it_was_ended_is_told(counting: ModuleType) -> None:
    pool, told = pool_of(1, deadline_s=5.0), list[int]()
    call = asyncio.create_task(pool.run(counting.count, 3, 60, progress=told.append))

    await eventually(lambda: _are(told, [0]), limit_s=10)
    (pid,) = pool.pids
    os.kill(pid, signal.SIGKILL)
    with pytest.raises(WorkerCrashed):
        await call
    with pytest.raises(WorkerTimedOut):
        await pool.run(counting.count, 3, 60, progress=told.append)
    call = asyncio.create_task(pool.run(counting.count, 3, 60, progress=told.append))
    await eventually(lambda: _are(told, [0, 0, 0]), limit_s=10)
    call.cancel()
    with pytest.raises(asyncio.CancelledError):
        await call
    assert await pool.run(counting.count, 2, 0, progress=told.append) == 2
    assert told == [0, 0, 0, 0, 1]
    await pool.close()


async def _are(told: list[int], wanted: list[int]) -> bool:
    return told == wanted


async def test_a_process_that_dies_fails_its_call_and_no_other(workers: WorkerProcesses) -> None:
    other = asyncio.create_task(workers.run(time.sleep, 0.5))
    with pytest.raises(WorkerCrashed):
        await workers.run(os._exit, 1)
    await other
    assert await workers.run(math.factorial, 3) == 6


async def test_a_call_past_its_deadline_is_ended_with_its_process() -> None:
    pool = pool_of(1, deadline_s=1.5)
    pid = await pool.run(os.getpid)
    with pytest.raises(WorkerTimedOut):
        await pool.run(time.sleep, 60)
    await gone(pid)
    assert await pool.run(math.factorial, 3) == 6
    await pool.close()


async def test_calls_beyond_the_processes_wait_and_all_are_answered() -> None:
    pool = pool_of(1)
    pids = await asyncio.gather(*(pool.run(os.getpid) for _ in range(5)))
    assert len(set(pids)) == 1
    await pool.close()


async def test_an_idle_process_is_given_back_and_started_again() -> None:
    pool = pool_of(1, idle_s=0.1)
    first = await pool.run(os.getpid)
    await gone(first)
    assert pool.pids == []
    assert await pool.run(os.getpid) != first
    await pool.close()


async def test_a_start_that_fails_harms_no_later_call() -> None:
    pool = WorkerProcesses(1, NoMemoryAtFirst())
    with pytest.raises(OSError, match="Cannot allocate memory"):
        await pool.run(math.factorial, 3)
    assert pool.pids == []
    assert await pool.run(math.factorial, 3) == 6
    await pool.close()


async def test_a_process_that_is_only_starting_ends_with_its_call() -> None:
    others = started()
    pool = WorkerProcesses(1, partial(time.sleep, 600), deadline_s=2.0)
    with pytest.raises(WorkerTimedOut):
        await pool.run(os.getpid)
    for pid in started() - others:
        await gone(pid)


async def test_closing_ends_a_process_that_is_only_starting() -> None:
    others = started()
    pool = WorkerProcesses(1, partial(time.sleep, 600))
    call = asyncio.create_task(pool.run(os.getpid))
    await eventually(lambda: _has_more(others), limit_s=10)
    await pool.close()
    with pytest.raises(WorkerCrashed):
        await call
    for pid in started() - others:
        await gone(pid)


async def _has_more(than: set[int]) -> bool:
    return started() > than


async def test_closing_ends_work_that_is_heard(counting: ModuleType) -> None:
    pool, told = pool_of(1), list[int]()
    call = asyncio.create_task(pool.run(counting.count, 2, 60, progress=told.append))
    await eventually(lambda: _are(told, [0]), limit_s=10)
    await pool.close()
    with pytest.raises(WorkerCrashed):
        await call


async def test_closing_ends_work_in_hand() -> None:
    pool = pool_of(1)
    pid = await pool.run(os.getpid)
    call = asyncio.create_task(pool.run(time.sleep, 60))
    await asyncio.sleep(0)
    await pool.close()
    with pytest.raises((WorkerCrashed, RuntimeError)):
        await call
    await gone(pid)


def test_no_process_outlives_a_killed_parent(tmp_path: Path) -> None:
    script = tmp_path / "parent.py"
    script.write_text(
        "import asyncio, os\n"
        "from tldr_processes import WorkerProcesses\n"
        "async def main():\n"
        "    print(await WorkerProcesses(1, os.getcwd).run(os.getpid), flush=True)\n"
        "    await asyncio.Event().wait()\n"
        "if __name__ == '__main__':\n"
        "    asyncio.run(main())\n"
    )
    with subprocess.Popen([sys.executable, str(script)], stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        worker = int(parent.stdout.readline())
        parent.send_signal(signal.SIGKILL)
    asyncio.run(gone(worker))


def test_a_worker_does_not_run_the_main_module_again(tmp_path: Path) -> None:
    script = tmp_path / "parent.py"
    script.write_text(
        "print('main runs')\n"
        "import asyncio, os\n"
        "from tldr_processes import WorkerProcesses\n"
        "async def main():\n"
        "    workers = WorkerProcesses(1, os.getcwd)\n"
        "    await workers.run(os.getpid)\n"
        "    await workers.close()\n"
        "if __name__ == '__main__':\n"
        "    asyncio.run(main())\n"
    )
    done = subprocess.run([sys.executable, str(script)], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.count("main runs") == 1
