"""Work that gives its results one by one, and work that wants more than it may have."""

import asyncio
import importlib
import math
import os
import signal
from collections.abc import AsyncIterator
from contextlib import aclosing
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from tldr_processes import (
    Item,
    WorkerCrashed,
    WorkerEnded,
    WorkerOutOfMemory,
    WorkerOutputTooLarge,
    WorkerProcesses,
    WorkerTimedOut,
    WorkFailed,
)
from tldr_testing import eventually, gone

DEADLINE_S = 3.0

WORK = """
import os, signal, time
from tldr_processes import Item

def items(n, size=0, pause_s=0):
    for i in range(n):
        yield Item(i, b"x" * size if size else None)
        time.sleep(pause_s)

def items_then_error():
    yield Item(0)
    raise ValueError("no further")

def bare_values():
    yield 5

class Odd(Exception):
    def __init__(self, one, two):
        super().__init__("odd")

def odd():
    raise Odd(1, 2)

def large(n):
    return b"x" * n

def hoard(n):
    return len(bytearray(n))

def hoard_bit_by_bit():
    kept = []
    while True:
        kept.append(bytearray(1 << 20))
        yield Item(len(kept))

def own_timeout():
    raise TimeoutError("of its own")

def abort():
    os.abort()

def settings():
    return sorted(name for name in os.environ if name.startswith("TLDR_"))
"""


@pytest.fixture
def work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """A module that worker processes find too."""
    (tmp_path / "limited_work.py").write_text(WORK)
    monkeypatch.syspath_prepend(tmp_path)
    return importlib.import_module("limited_work")


@pytest.fixture
async def workers() -> AsyncIterator[WorkerProcesses]:
    pool = WorkerProcesses(1, os.getcwd, deadline_s=DEADLINE_S, memory_mb=200, output_mb=8)  # type: ignore[arg-type]
    yield pool
    await pool.close()


async def all_of(workers: WorkerProcesses, work: Any, *arguments: Any) -> list[Item]:
    async with aclosing(workers.stream(work, *arguments)) as items:
        return [item async for item in items]


async def test_a_stream_gives_its_items_in_order_with_their_data(workers: WorkerProcesses, work: ModuleType) -> None:
    assert await all_of(workers, work.items, 3) == [Item(0), Item(1), Item(2)]
    pids = workers.pids
    found = await all_of(workers, work.items, 30, 1 << 20)
    assert [(item.value, len(item.data or b"")) for item in found] == [(index, 1 << 20) for index in range(30)]
    assert workers.pids == pids


async def test_a_stream_may_go_on_for_longer_than_the_deadline_of_its_items(
    workers: WorkerProcesses, work: ModuleType
) -> None:
    await workers.run(math.factorial, 3)
    assert len(await all_of(workers, work.items, 4, 0, DEADLINE_S / 3.5)) == 4


async def test_what_a_stream_raises_is_raised_behind_its_items(workers: WorkerProcesses, work: ModuleType) -> None:
    items = workers.stream(work.items_then_error)
    assert await anext(items) == Item(0)
    with pytest.raises(ValueError, match="no further") as raised:
        await anext(items)
    assert "items_then_error" in raised.value.__notes__[0]


async def test_a_stream_that_is_left_is_ended_with_its_process(workers: WorkerProcesses, work: ModuleType) -> None:
    async with aclosing(workers.stream(work.items, 1000, 0, 60)) as items:
        async for _ in items:
            (pid,) = workers.pids
            break
    assert workers.pids == []
    await gone(pid)


async def test_a_stream_that_says_nothing_more_is_out_of_time(workers: WorkerProcesses, work: ModuleType) -> None:
    with pytest.raises(WorkerTimedOut):
        await all_of(workers, work.items, 2, 0, 60)


async def test_a_stream_of_something_else_is_refused(workers: WorkerProcesses, work: ModuleType) -> None:
    with pytest.raises(TypeError, match="gives items"):
        await all_of(workers, work.bare_values)


async def test_an_error_that_cannot_be_carried_over_comes_as_its_words(
    workers: WorkerProcesses, work: ModuleType
) -> None:
    with pytest.raises(WorkFailed, match="Odd: odd"):
        await workers.run(work.odd)


async def test_a_time_out_of_the_works_own_is_not_the_deadline(workers: WorkerProcesses, work: ModuleType) -> None:
    with pytest.raises(TimeoutError, match="of its own"):
        await workers.run(work.own_timeout)


async def test_more_memory_than_allowed_is_an_answer_and_the_next_call_is_done(
    workers: WorkerProcesses, work: ModuleType
) -> None:
    assert await workers.run(work.hoard, 50 << 20) == 50 << 20
    with pytest.raises(WorkerOutOfMemory):
        await workers.run(work.hoard, 1 << 40)
    with pytest.raises(WorkerOutOfMemory):
        await all_of(workers, work.hoard_bit_by_bit)
    assert await workers.run(math.factorial, 3) == 6


async def test_a_result_or_item_larger_than_allowed_is_an_answer_and_is_not_taken_in(
    workers: WorkerProcesses, work: ModuleType
) -> None:
    assert len(await workers.run(work.large, 7 << 20)) == 7 << 20
    with pytest.raises(WorkerOutputTooLarge):
        await workers.run(work.large, 9 << 20)
    with pytest.raises(WorkerOutputTooLarge):
        await all_of(workers, work.items, 1, 9 << 20)
    assert await workers.run(math.factorial, 3) == 6


async def test_a_process_that_is_killed_or_aborts_is_an_answer(workers: WorkerProcesses, work: ModuleType) -> None:
    with pytest.raises(WorkerCrashed):
        await workers.run(work.abort)
    reading = asyncio.create_task(all_of(workers, work.items, 2, 0, 60))

    async def runs() -> bool:
        return bool(workers.pids)

    await eventually(runs)
    os.kill(workers.pids[0], signal.SIGKILL)
    with pytest.raises(WorkerEnded):
        await reading
    assert await workers.run(math.factorial, 3) == 6


async def test_a_process_that_died_while_idle_is_replaced_unnoticed(workers: WorkerProcesses) -> None:
    first = await workers.run(os.getpid)
    os.kill(first, signal.SIGKILL)
    await gone(first)
    assert await workers.run(os.getpid) != first


async def test_a_process_is_told_nothing_of_the_services_settings(
    workers: WorkerProcesses, work: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TLDR_SECRET", "s3cret")
    assert await workers.run(work.settings) == []
