"""One process that does one thing at a time: started when needed, given back when idle, replaced when it died."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from tldr_processes.child import Child
from tldr_processes.endings import WorkerCrashed
from tldr_processes.messages import Call, Item, Raised, Returned
from tldr_processes.template_process import TemplateProcess

T = TypeVar("T")


class WorkerProcess:
    """Blocking calls run in a thread of its own, so that work that hangs takes no thread from anybody else."""

    def __init__(self, template: TemplateProcess, output_bytes: int | None, idle_s: float) -> None:
        self._template = template
        self._output_bytes = output_bytes
        self._idle_s = idle_s
        self._idle: asyncio.TimerHandle | None = None
        self._child: Child | None = None
        self._thread: ThreadPoolExecutor | None = None
        self._at_rest = True

    @property
    def pid(self) -> int | None:
        """The process, None while there is none."""
        return self._child.pid if self._child else None

    async def begin(self, call: Call) -> None:
        """Start a call, and the process where there is none."""
        if self._idle is not None:
            self._idle.cancel()
        self._at_rest = False
        if self._child is None or not self._child.alive:
            await self._start()
        await self._call(lambda child: child.send(call))

    async def next(self) -> Item | Returned:
        """What the call gives next, while it works on ahead a few hundred kB. Raises what it raised."""
        answer = await self._call(Child.receive)
        self._at_rest = not isinstance(answer, Item)
        if isinstance(answer, Raised):
            raise answer.error
        return answer

    def end(self) -> None:
        """The call is over for its caller; a process left in the middle of one is of no more use."""
        if not self._at_rest:
            self.kill()
        self._idle = asyncio.get_running_loop().call_later(self._idle_s, self.kill)

    def kill(self) -> None:
        """End the process at once; the next call starts another."""
        child, thread = self._child, self._thread
        self._child = self._thread = None
        if child is not None and thread is not None:
            child.kill()
            thread.submit(child.clear)  # there, because it may be starting the process or hearing from it
            thread.shutdown(wait=False)

    async def close(self) -> None:
        """End the process, and wait for that."""
        if self._idle is not None:
            self._idle.cancel()
        thread = self._thread
        self.kill()
        if thread is not None:
            await asyncio.to_thread(thread.shutdown)

    async def _start(self) -> None:
        self.kill()
        self._child = Child(self._template, self._output_bytes)
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="worker")
        await self._call(Child.start)

    async def _call(self, work: Callable[[Child], T]) -> T:
        if self._child is None or self._thread is None:
            raise WorkerCrashed("the process was ended")
        return await asyncio.get_running_loop().run_in_executor(self._thread, work, self._child)
