"""Answers that are good for a moment, so that of many requests at a time one asks."""

import asyncio
import time
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

V = TypeVar("V")


@dataclass(frozen=True, slots=True)
class _Question(Generic[V]):
    until: float
    answer: asyncio.Task[V]


class Remembered(Generic[V]):
    """What was answered counts as asked when the question began: whoever comes `good_for_s` later asks anew.

    What is not there and what failed is not kept, so wrong questions fill nothing.
    """

    def __init__(self, good_for_s: float, most: int, now: Callable[[], float] = time.monotonic) -> None:
        self._good_for_s = good_for_s
        self._most = most
        self._now = now
        self._questions: dict[str, _Question[V]] = {}

    def __len__(self) -> int:
        return len(self._questions)

    async def answer(self, key: str, ask: Callable[[], Coroutine[Any, Any, V]]) -> V:
        """The answer to a question that was asked less than `good_for_s` ago, or is asked now; what asking raises."""
        question = self._questions.get(key)
        if question is None or question.until <= self._now():
            question = self._asked(key, ask)
        # Shielded: others wait for the same answer.
        return question.answer.result() if question.answer.done() else await asyncio.shield(question.answer)

    def _asked(self, key: str, ask: Callable[[], Coroutine[Any, Any, V]]) -> _Question[V]:
        if len(self._questions) >= self._most:
            self._questions.clear()
        question = _Question(self._now() + self._good_for_s, asyncio.create_task(ask()))
        self._questions[key] = question

        def answered(task: asyncio.Task[V]) -> None:
            failed = task.cancelled() or task.exception() is not None
            if (failed or task.result() is None) and self._questions.get(key) is question:
                del self._questions[key]

        question.answer.add_done_callback(answered)
        return question
