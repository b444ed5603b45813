"""Training in a process: told how far it is, the same as in a thread, and ended or lost without harm to the next."""

from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import suppress
from typing import Any

import psutil
import pytest

from tldr_fusion_detector.adapters.learning.training_process import ProcessTraining, take, train_in_worker
from tldr_fusion_detector.application.learning.training_progress import of_all
from tldr_fusion_detector.domain.learning.training import LabelledStream, TooLittleData
from tldr_fusion_detector.domain.profile.profile import Profile
from tldr_fusion_detector.domain.scoring.scorer.document import write_scorer
from tldr_fusion_detector.domain.scoring.scorer.scorer import Scorer
from tldr_processes import WorkerCrashed
from tldr_testing import workers

CREATED = "2026-01-01T00:00:00+00:00"


@pytest.fixture
async def training() -> AsyncIterator[ProcessTraining]:
    process = ProcessTraining(120)
    yield process
    await process.close()


def killing(streams: Sequence[LabelledStream], others: list[psutil.Process]) -> Iterator[LabelledStream]:
    """Kills the process that takes them after the second one."""
    for place, stream in enumerate(streams):
        if place == 2:
            for worker in set(workers()) - set(others):
                worker.kill()
        yield stream


async def test_it_says_how_far_it_is_and_gives_the_same_document_each_time(
    training: ProcessTraining, scorer: Scorer, talks: Any, gaming: Profile
) -> None:
    told: list[tuple[str, float]] = []

    def say(step: str, share: float) -> None:
        told.append((step, share))

    with pytest.raises(TooLittleData):
        await training(talks(20, 3), gaming, created=CREATED, progress=say)
    document, made = await training(talks(0, 6), gaming, created=CREATED, progress=say)
    assert document == write_scorer(scorer)
    assert (made.streams, told[0]) == (6, ("reading signals", 0.0))
    steps = list(dict.fromkeys(step for step, _ in told))
    assert steps == ["reading signals", "learning words", "cross-validation", "choosing segments", "growing the trees"]
    assert [of_all(step, 0.0).step for step in steps] == steps
    for step in steps:
        shares = [share for its, share in told if its == step]
        assert shares == sorted(shares)
        assert 0.0 <= shares[0] <= shares[-1] <= 1.0


async def test_where_the_process_dies_the_training_fails_and_the_next_learns_from_its_own_streams(
    training: ProcessTraining, talks: Any, gaming: Profile
) -> None:
    others = workers()
    with pytest.raises(WorkerCrashed):
        await training(killing(talks(0, 6), others), gaming, created=CREATED, progress=lambda step, share: None)
    with pytest.raises(TooLittleData, match="streams 2, "):
        await training(talks(0, 2), gaming, created=CREATED, progress=lambda step, share: None)


def test_streams_that_a_training_left_behind_are_not_learned_from_by_the_next(talks: Any, gaming: Profile) -> None:
    left, also_left, first, second = talks(0, 4)
    for place, stream in enumerate((left, also_left)):
        take(stream, place)
    for _ in range(2):
        for place, stream in enumerate((first, second)):
            take(stream, place)
        with pytest.raises(TooLittleData, match="streams 2, "):
            train_in_worker(2, gaming, CREATED, lambda told: None)


def test_a_process_that_was_not_given_the_streams_before_learns_from_none(talks: Any, gaming: Profile) -> None:
    (stream,) = talks(0, 1)
    with suppress(TooLittleData):  # whatever the tests before have left
        train_in_worker(0, gaming, CREATED, lambda told: None)
    with pytest.raises(WorkerCrashed):
        take(stream, 1)
    with pytest.raises(WorkerCrashed):
        train_in_worker(1, gaming, CREATED, lambda told: None)
