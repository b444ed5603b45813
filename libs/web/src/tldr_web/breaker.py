"""Whoever does not answer is left alone for a while, so that nobody waits for it."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager


class Paused(Exception):
    """The question is not asked now; after `left_s` it may be."""

    def __init__(self, left_s: float) -> None:
        super().__init__(f"not asked for {left_s:.1f} s")
        self.left_s = left_s


class Breaker:
    """After `failures` in a row nothing is asked for `pause_s`; then one question tries, and no other until it has ended.

    Questions that are under way when the pause begins go on; an answer to one of them ends it.
    """

    def __init__(self, failures: int = 5, pause_s: float = 5.0, now: Callable[[], float] = time.monotonic) -> None:
        self._failures = failures
        self._pause_s = pause_s
        self._now = now
        self._in_a_row = 0
        self._until = 0.0
        self._trying = False

    @property
    def paused(self) -> bool:
        """Whether it failed so often, and has not answered since."""
        return self._in_a_row >= self._failures

    @contextmanager
    def question(self) -> Iterator[None]:
        """Ask in this block, or Paused. What it raises is a failure; to be cancelled is neither that nor an answer."""
        trial = self.paused
        if trial:
            self._try()
        try:
            yield
        except Exception:
            self._in_a_row += 1
            if trial or self._in_a_row == self._failures:
                self._until = self._now() + self._pause_s
            raise
        else:
            self._in_a_row = 0
        finally:
            if trial:
                self._trying = False

    def _try(self) -> None:
        left_s = self._until - self._now()
        if left_s > 0 or self._trying:
            raise Paused(left_s if left_s > 0 else self._pause_s)
        self._trying = True
