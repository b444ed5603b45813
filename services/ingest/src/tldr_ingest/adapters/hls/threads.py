"""A few threads that work and hand what came of it to one that waits."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

Tool = TypeVar("Tool")


@dataclass(frozen=True, slots=True)
class Done:
    """What a job that was asked for `about` something gave, or raised."""

    about: object
    result: object = None
    error: Exception | None = None


class Threads(Generic[Tool]):
    """Threads that end by themselves after `close`: they hold nobody up, and a request under way ends with its time-out.

    Each has a tool of its own, made and closed by it.
    """

    def __init__(self, count: int, make: Callable[[], Tool], unmake: Callable[[Tool], None]) -> None:
        self._jobs: queue.SimpleQueue[tuple[object, Callable[[Tool], object]] | None] = queue.SimpleQueue()
        self._done: queue.SimpleQueue[Done] = queue.SimpleQueue()
        self._make, self._unmake = make, unmake
        self._count = count
        self._closed = threading.Event()
        for number in range(count):
            threading.Thread(target=self._work, name=f"hls-{number}", daemon=True).start()

    def submit(self, about: object, job: Callable[[Tool], object]) -> None:
        """Do it soon."""
        self._jobs.put((about, job))

    def wait(self, seconds: float) -> list[Done]:
        """What was done since; the first of it is waited for so long."""
        found: list[Done] = []
        try:
            found.append(self._done.get(timeout=max(0.001, seconds)))
            while True:
                found.append(self._done.get_nowait())
        except queue.Empty:
            return found

    def close(self) -> None:
        """No more jobs."""
        self._closed.set()
        for _ in range(self._count):
            self._jobs.put(None)

    def _work(self) -> None:
        tool = self._make()
        try:
            while (job := self._jobs.get()) is not None and not self._closed.is_set():
                about, work = job
                try:
                    self._done.put(Done(about, work(tool)))
                except Exception as error:  # whatever it is: the one that waits decides
                    self._done.put(Done(about, error=error))
        finally:
            self._unmake(tool)
