"""Sources are read in processes that can be ended at any moment, and that end with the service."""

import asyncio
import gc
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import aclosing
from dataclasses import replace
from pathlib import Path
from time import sleep

import pytest
import pytest_asyncio

from tldr_ingest.adapters.prepared import prepare
from tldr_ingest.adapters.reading.messages import Item, ReadingCrashed, SourceRefused, Task
from tldr_ingest.adapters.reading.places import CHAT_TOO_LARGE, MEDIA_TOO_HEAVY, GuardedAddress, failing_for
from tldr_ingest.adapters.reading.processes import ReadingProcesses
from tldr_ingest.application.ports import ReadingFailed
from tldr_outbound import AddressPolicy, ReadingLimits
from tldr_processes import WorkerCrashed
from tldr_streams.values import Failure
from tldr_testing import eventually, gone, has_ended

FIRST_S = 20.0

# The process imports its work by name, and knows nothing of a test's module: builtins do.
COUNT = Task(map, (Item, range(3)))
LARGE = Task(map, (Item, range(50), [b"x" * (1 << 20)] * 50))
SLEEP = Task(map, (sleep, [60]))
BROKEN = Task(map, (Item, 5))
UNEXPECTED = Task(map, (os.stat, ["/nowhere"]))
HOARD = Task(map, (bytearray, [1 << 40]))
SLEEP_LATER = Task(
    eval, ("(__import__('time').sleep(60 * n) or __import__('tldr_processes').Item(n) for n in (0, 1))",)
)
PLACE = GuardedAddress("http://example.com/a.mp4", AddressPolicy(), ReadingLimits())
FOUND = replace(PLACE, resolved=True)
DIE = Task(map, (os._exit, [9]))


@pytest_asyncio.fixture
async def processes() -> AsyncIterator[ReadingProcesses]:
    running = ReadingProcesses(prepare, idle_s=30)
    yield running
    await running.close()


async def values(processes: ReadingProcesses, task: Task, first_within_s: float = FIRST_S) -> list[Item]:
    async with aclosing(processes.run(task, first_within_s=first_within_s)) as items:
        return [item async for item in items]


async def test_items_come_in_order_with_their_data_and_the_process_is_used_again(processes: ReadingProcesses) -> None:
    assert await values(processes, COUNT) == [Item(0), Item(1), Item(2)]
    (pid,) = processes.pids
    items = await values(processes, LARGE)
    assert [(item.value, len(item.data or b"")) for item in items] == [(index, 1 << 20) for index in range(50)]
    assert processes.pids == [pid]


async def test_two_tasks_run_side_by_side(processes: ReadingProcesses) -> None:
    await asyncio.gather(values(processes, COUNT), values(processes, COUNT))
    assert len(processes.pids) == 2


@pytest.mark.parametrize("task", [BROKEN, UNEXPECTED, DIE])
async def test_what_nobody_expected_is_a_crash_and_the_next_task_runs(processes: ReadingProcesses, task: Task) -> None:
    with pytest.raises((ReadingCrashed, WorkerCrashed)):
        await values(processes, task)
    assert len(await values(processes, COUNT)) == 3


async def test_a_refusal_is_told_with_its_words(processes: ReadingProcesses, tmp_path: Path) -> None:
    from tldr_ingest.adapters.chat.task import ChatTask, read_chat

    place = GuardedAddress("http://127.0.0.1:9/chat.json", AddressPolicy(), ReadingLimits())
    task = Task(read_chat, (place, ChatTask(None, 0, 10, 0, 1 << 20, 0)))
    with pytest.raises(SourceRefused) as raised:
        await values(processes, task)
    refusal = raised.value
    assert (refusal.code, refusal.passing) == ("address_refused", False)


@pytest.mark.parametrize(
    ("too_heavy", "code"), [(MEDIA_TOO_HEAVY, "media_too_heavy"), (CHAT_TOO_LARGE, "chat_too_large")]
)
async def test_a_reading_that_wants_too_much_memory_fails_for_good_and_says_so(too_heavy: Failure, code: str) -> None:
    processes = ReadingProcesses(prepare, memory_mb=200)
    with pytest.raises(ReadingFailed) as raised, failing_for(PLACE, too_heavy):
        await values(processes, HOARD)
    assert (raised.value.failure.code, raised.value.passing) == (code, False)
    assert len(await values(processes, COUNT)) == 3
    await processes.close()


@pytest.mark.parametrize(
    ("task", "silence_s", "code"), [(DIE, 60.0, "unreadable"), (SLEEP_LATER, 4.0, "reading_stalled")]
)
async def test_a_reading_whose_process_dies_or_goes_silent_may_be_tried_again(
    task: Task, silence_s: float, code: str
) -> None:
    # A process for which nothing is loaded starts in time on a busy machine too.
    processes = ReadingProcesses(gc.enable, silence_s=silence_s)
    with pytest.raises(ReadingFailed) as raised, failing_for(PLACE):
        await values(processes, task)
    assert (raised.value.failure.code, raised.value.passing) == (code, True)
    await processes.close()


async def test_a_task_that_says_nothing_in_time_is_ended(processes: ReadingProcesses) -> None:
    await values(processes, COUNT)
    (pid,) = processes.pids
    with pytest.raises(ReadingFailed) as raised:
        await values(processes, SLEEP, first_within_s=0.1)
    assert raised.value.failure.code == "deadline_exceeded"
    assert processes.pids == []
    await gone(pid)


async def test_a_reader_that_is_cancelled_ends_its_process(processes: ReadingProcesses) -> None:
    reading = asyncio.create_task(values(processes, SLEEP))

    async def running() -> bool:
        return bool(processes.pids)

    await eventually(running)
    (pid,) = processes.pids
    reading.cancel()
    await asyncio.gather(reading, return_exceptions=True)
    await gone(pid)


async def test_a_process_that_died_while_idle_is_replaced(processes: ReadingProcesses) -> None:
    await values(processes, COUNT)
    (pid,) = processes.pids
    os.kill(pid, signal.SIGKILL)

    async def replaced() -> bool:
        try:
            return len(await values(processes, COUNT)) == 3 and processes.pids != [pid]
        except WorkerCrashed:
            return False

    await eventually(replaced)


async def test_an_idle_process_is_given_back() -> None:
    processes = ReadingProcesses(prepare, idle_s=0.05)
    await values(processes, COUNT)

    async def none_left() -> bool:
        return processes.pids == []

    await eventually(none_left, limit_s=5)


SERVICE = """
import asyncio, sys
from contextlib import aclosing
from time import sleep
from tldr_ingest.adapters.reading.messages import Task
from tldr_ingest.adapters.prepared import prepare
from tldr_ingest.adapters.reading.processes import ReadingProcesses

async def main() -> None:
    processes = ReadingProcesses(prepare)
    async def read() -> None:
        async for _ in processes.run(Task(map, (sleep, [60])), first_within_s=60):
            pass
    reading = asyncio.create_task(read())
    while not processes.pids:
        await asyncio.sleep(0.01)
    print(processes.pids[0], flush=True)
    await reading

asyncio.run(main())
"""


@pytest.fixture
def service() -> Iterator["subprocess.Popen[str]"]:
    process = subprocess.Popen([sys.executable, "-c", SERVICE], stdout=subprocess.PIPE, text=True)
    yield process
    process.kill()
    process.wait()


async def test_a_process_ends_with_a_service_that_was_killed(service: "subprocess.Popen[str]") -> None:
    assert service.stdout is not None
    pid = int(await asyncio.to_thread(service.stdout.readline))
    assert not has_ended(pid)
    service.kill()
    service.wait()
    await gone(pid)


@pytest.mark.parametrize(
    ("place", "code", "passing"),
    [
        (PLACE, "source_not_found", False),
        (FOUND, "source_not_found", True),
        (FOUND, "address_expired", True),
        (FOUND, "not_media", False),
    ],
)
def test_an_address_that_was_found_out_may_be_found_out_anew(place: GuardedAddress, code: str, passing: bool) -> None:
    with pytest.raises(ReadingFailed) as caught, failing_for(place):
        raise SourceRefused(code, "It is gone.", False)
    assert (caught.value.failure.code, caught.value.passing) == (code, passing)
