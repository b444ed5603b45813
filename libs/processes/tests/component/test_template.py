"""The process that workers are forked from: it prepares once, dies alone, and is never forked with threads."""

import asyncio
import importlib
import logging
import os
import signal
import time
from collections.abc import AsyncIterator
from pathlib import Path
from types import ModuleType

import psutil
import pytest

from tldr_processes import WorkerCrashed, WorkerProcesses, WorkerTimedOut
from tldr_testing import eventually, gone

PREPARED = """
import os, threading, time

by = None

def prepare():
    global by
    by = os.getpid()

def prepared_by():
    return by, os.getpid(), os.getppid(), os.nice(0)

def prepare_with_a_thread():
    threading.Thread(target=time.sleep, args=(600,), daemon=True).start()
"""


@pytest.fixture
def prepared(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """A module that the processes find too."""
    (tmp_path / "prepared.py").write_text(PREPARED)
    monkeypatch.syspath_prepend(tmp_path)
    return importlib.import_module("prepared")


@pytest.fixture
async def workers(prepared: ModuleType) -> AsyncIterator[WorkerProcesses]:
    pool = WorkerProcesses(3, prepared.prepare)
    yield pool
    await pool.close()


async def test_workers_share_one_preparation_and_give_way_to_the_service(
    workers: WorkerProcesses, prepared: ModuleType
) -> None:
    other = asyncio.create_task(workers.run(time.sleep, 0.5))
    first, second = await workers.run(prepared.prepared_by), await workers.run(prepared.prepared_by)
    await other
    assert first == second
    by, own, parent, niceness = first
    assert by == parent != own
    assert by not in workers.pids
    assert niceness == min(os.nice(0) + 10, 19)


async def test_a_template_that_died_is_made_again_and_its_workers_go_on(
    workers: WorkerProcesses, prepared: ModuleType
) -> None:
    template, worker, *_ = await workers.run(prepared.prepared_by)
    os.kill(template, signal.SIGKILL)
    await gone(template)
    assert (await workers.run(prepared.prepared_by))[:2] == (template, worker)
    os.kill(worker, signal.SIGKILL)
    await gone(worker)
    assert (await workers.run(prepared.prepared_by))[0] != template


async def test_a_worker_whose_template_died_has_died_of_nothing_known(
    workers: WorkerProcesses, prepared: ModuleType
) -> None:
    template, *_ = await workers.run(prepared.prepared_by)
    os.kill(template, signal.SIGKILL)
    with pytest.raises(WorkerCrashed):
        await workers.run(os.abort)


async def test_a_preparation_that_leaves_a_thread_is_an_error(prepared: ModuleType) -> None:
    pool = WorkerProcesses(1, prepared.prepare_with_a_thread)
    with pytest.raises(RuntimeError, match="left 1 threads running"):
        await pool.run(os.getpid)
    await pool.close()


async def test_whoever_waits_for_anothers_start_starts_it_anew_when_that_is_given_up() -> None:
    pool = WorkerProcesses(2, time.sleep, deadline_s=600)  # type: ignore[arg-type] # it raises, after its start
    first = asyncio.create_task(pool.run(os.getpid))
    second = asyncio.create_task(pool.run(os.getpid))
    await asyncio.sleep(0)
    first.cancel()
    with pytest.raises(TypeError, match="sleep"):
        await second
    await pool.close()


async def test_ended_workers_leave_no_zombies(workers: WorkerProcesses, prepared: ModuleType) -> None:
    template, *_ = await workers.run(prepared.prepared_by)
    for _ in range(3):
        with pytest.raises((WorkerCrashed, WorkerTimedOut)):
            await workers.run(os.abort)
    await workers.run(prepared.prepared_by)
    children = psutil.Process(template).children()
    assert [child.status() for child in children if child.status() == psutil.STATUS_ZOMBIE] == []
    assert len(children) == 1


async def test_what_processes_write_is_logged(
    workers: WorkerProcesses, prepared: ModuleType, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.INFO)
    await workers.run(os.write, 2, b"dropped an exception\n" + b"x" * 10_000 + b"\n")

    async def logged() -> bool:
        return sum(len(message) for message in caplog.messages) > 10_000

    await eventually(logged)
    assert caplog.messages[0] == "a worker process wrote: dropped an exception"
    assert max(map(len, caplog.messages)) < 5_000
    assert capfd.readouterr().err == ""
