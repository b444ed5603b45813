"""How the job that measures chat is run."""

from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from typing import Any

import pytest

from tldr_chat_sentiment.entrypoints.jobs import JobHandlers


@dataclass
class Job:
    """A leased job in its first or a later attempt."""

    attempt: int
    subject: str = "str_1"
    organization: str = "org_1"
    payload: dict[str, int] = field(default_factory=lambda: {"lane": 5})

    def transaction(self) -> AbstractAsyncContextManager[Any]:
        raise AssertionError("nothing is opened here")

    progress = transaction


@dataclass
class Measure:
    """Notes how many arrivals it may take at once, before and after progress was made."""

    job: Job
    allowed: list[int] = field(default_factory=list)

    async def __call__(self, stream: str, transactions: Any, *, at_once: Any) -> None:
        self.allowed.append(at_once())
        self.job.attempt = 1
        self.allowed.append(at_once())


@pytest.mark.parametrize(("attempt", "allowed"), [(1, [128, 128]), (2, [1, 128])])
async def test_after_a_failure_one_window_is_tried_alone(attempt: int, allowed: list[int]) -> None:
    job = Job(attempt)
    measure = Measure(job)
    await JobHandlers(None, measure, 2, 128).measure(job)  # type: ignore[arg-type]
    assert measure.allowed == allowed
