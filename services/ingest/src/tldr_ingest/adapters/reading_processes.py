"""Reading processes: started when needed, used again, given back when idle."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing

from tldr_ingest.adapters.opening import first_in_time
from tldr_ingest.adapters.reading_messages import Item, Task
from tldr_ingest.adapters.reading_process import ReadingProcess


class ReadingProcesses:
    """As many processes as there are tasks at a time; whoever asks bounds their number.

    One that was left in the middle of a task is killed; one that finished waits `idle_s` for the next.
    """

    def __init__(self, *, idle_s: float = 30.0) -> None:
        self._idle_s = idle_s
        # The one used last is used first, so that the others become idle.
        self._free: list[tuple[ReadingProcess, asyncio.TimerHandle]] = []
        self._busy: set[ReadingProcess] = set()

    @property
    def pids(self) -> list[int]:
        """The processes there are."""
        processes = [*self._busy, *(process for process, _ in self._free)]
        return [process.pid for process in processes if process.pid is not None]

    async def run(self, task: Task, *, first_within_s: float) -> AsyncGenerator[Item, None]:
        """See `ReadingProcess.run` and `first_in_time`. Close it to end the task."""
        process = self._take()
        self._busy.add(process)
        try:
            if process.pid is None:
                await process.start()
            async with aclosing(first_in_time(process.run(task), first_within_s)) as items:
                async for item in items:
                    yield item
        finally:
            self._busy.discard(process)
            self._give_back(process)

    async def close(self) -> None:
        """End all of them."""
        for process, timer in self._free:
            timer.cancel()
            process.kill()
        self._free.clear()
        for process in self._busy:
            process.kill()

    def _take(self) -> ReadingProcess:
        while self._free:
            process, timer = self._free.pop()
            timer.cancel()
            if process.alive:
                return process
            process.kill()
        return ReadingProcess()

    def _give_back(self, process: ReadingProcess) -> None:
        if process.pid is None or not process.at_rest or not process.alive:
            process.kill()
            return
        timer = asyncio.get_running_loop().call_later(self._idle_s, self._end, process)
        self._free.append((process, timer))

    def _end(self, process: ReadingProcess) -> None:
        self._free = [(free, timer) for free, timer in self._free if free is not process]
        process.kill()
