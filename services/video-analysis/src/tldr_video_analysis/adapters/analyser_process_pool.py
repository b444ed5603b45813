"""Analyses segments in processes of their own, off the event loop, and gives the memory back when idle."""

import asyncio
import multiprocessing
from collections.abc import Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress

from tldr_video_analysis.adapters.analyser_worker import analyse_in_worker, start_worker
from tldr_video_analysis.domain.analyser import AnalyserCrashed, AnalyserTimedOut
from tldr_video_analysis.domain.analysis_settings import AnalysisSettings
from tldr_video_analysis.domain.figures import Figures
from tldr_video_analysis.domain.segment_part import SegmentPart


class ProcessPoolAnalyser:
    """A `SegmentAnalyser` on at most `processes` processes, started by the first call.

    Calls beyond that wait for their turn; the deadline counts from when a process is free. A worker that dies or is
    late takes its pool with it: the late call raises `AnalyserTimedOut`, those beside it `AnalyserCrashed`, and the next
    call gets a new pool. A cancelled call's work goes on to its end or deadline and is thrown away. After `idle_s`
    without work the processes end.
    """

    def __init__(self, processes: int, deadline_s: float = 120.0, idle_s: float = 60.0) -> None:
        self._processes = processes
        self._deadline_s = deadline_s
        self._idle_s = idle_s
        self._free = asyncio.Semaphore(processes)
        self._pool: ProcessPoolExecutor | None = None
        self._working = 0
        self._end_when_idle: asyncio.TimerHandle | None = None

    async def __call__(
        self, parts: Sequence[SegmentPart], first_second: int, end_second: int, settings: AnalysisSettings
    ) -> Figures:
        await self._free.acquire()
        try:
            pool, work = self._submit(tuple(parts), first_second, end_second, settings)
        except BaseException:
            self._free.release()
            raise
        self._began()
        loop = asyncio.get_running_loop()
        late = asyncio.Event()
        alarm = loop.call_later(self._deadline_s, self._give_up, pool, late)
        work.add_done_callback(lambda _: _tell(loop, self._ended, alarm))
        try:
            return await asyncio.wrap_future(work)
        except BrokenProcessPool as error:
            self._drop(pool)
            if late.is_set():
                raise AnalyserTimedOut(f"The segments were not analysed within {self._deadline_s:g} s.") from error
            raise AnalyserCrashed("The process that analysed the segments died.") from error

    async def close(self) -> None:
        """Ends the processes; work in hand raises `AnalyserCrashed`."""
        if self._end_when_idle is not None:
            self._end_when_idle.cancel()
        pool = self._pool
        if pool is not None:
            _kill(pool)
            self._drop(pool)
            await asyncio.to_thread(pool.shutdown)

    def _submit(
        self, parts: tuple[SegmentPart, ...], first_second: int, end_second: int, settings: AnalysisSettings
    ) -> tuple[ProcessPoolExecutor, "Future[Figures]"]:
        with suppress(BrokenProcessPool):  # an idle worker may have been killed since the last call
            pool = self._running_pool()
            return pool, pool.submit(analyse_in_worker, parts, first_second, end_second, settings)
        self._drop(pool)
        pool = self._running_pool()
        return pool, pool.submit(analyse_in_worker, parts, first_second, end_second, settings)

    def _running_pool(self) -> ProcessPoolExecutor:
        if self._pool is None:
            # spawn: the parent has threads (Kafka, gRPC), after which a fork may hang.
            context = multiprocessing.get_context("spawn")
            self._pool = ProcessPoolExecutor(self._processes, mp_context=context, initializer=start_worker)
        return self._pool

    def _began(self) -> None:
        self._working += 1
        if self._end_when_idle is not None:
            self._end_when_idle.cancel()
            self._end_when_idle = None

    def _ended(self, alarm: asyncio.TimerHandle) -> None:
        alarm.cancel()
        self._free.release()
        self._working -= 1
        if not self._working and self._pool is not None:
            self._end_when_idle = asyncio.get_running_loop().call_later(self._idle_s, self._drop, self._pool)

    def _give_up(self, pool: ProcessPoolExecutor, late: asyncio.Event) -> None:
        late.set()
        _kill(pool)
        self._drop(pool)

    def _drop(self, pool: ProcessPoolExecutor) -> None:
        if self._pool is pool:
            self._pool = None
        pool.shutdown(wait=False)


def _kill(pool: ProcessPoolExecutor) -> None:
    """Before its shutdown, which forgets them. The executor has no public way to it before Python 3.14."""
    for process in list((pool._processes or {}).values()):
        process.kill()


def _tell(loop: asyncio.AbstractEventLoop, callback: object, alarm: asyncio.TimerHandle) -> None:
    """From the pool's thread to the loop, which may be gone when the process ends."""
    with suppress(RuntimeError):
        loop.call_soon_threadsafe(callback, alarm)  # type: ignore[arg-type]
