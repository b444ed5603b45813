"""How far a training is, as it is shown: never less than before, not more often than it may, and no reason to fail."""

import asyncio
from dataclasses import dataclass, field

from tldr_fusion_detector.application.learning.training_progress import GATHERING, of_all, shown
from tldr_fusion_detector.application.scoring.scorer_record import TrainingProgress
from tldr_testing import eventually

STEPS = (GATHERING, "reading signals", "learning words", "cross-validation", "choosing segments", "growing the trees")


@dataclass
class Screen:
    """Remembers what it was shown; or cannot be reached."""

    away: bool = False
    asked: int = 0
    shown: list[TrainingProgress] = field(default_factory=list)

    async def __call__(self, progress: TrainingProgress) -> None:
        self.asked += 1
        if self.away:
            raise OSError("the database is away")
        self.shown.append(progress)

    async def was_asked(self, times: int) -> None:
        async def look() -> bool:
            return self.asked >= times

        await eventually(look, limit_s=10, every_s=0)


async def turns() -> None:
    """As many of the event loop as it takes to show something."""
    for _ in range(10):
        await asyncio.sleep(0)


def test_the_share_of_all_grows_from_step_to_step_up_to_one() -> None:
    found = [of_all(step, share) for step in STEPS for share in (0.0, 0.5, 1.0)]
    assert (found[0], found[-1]) == (
        TrainingProgress("reading signals", 0.0),
        TrainingProgress("growing the trees", 1.0),
    )
    assert [one.share for one in found] == sorted(one.share for one in found)
    assert {one.step for one in found} == set(STEPS) - {GATHERING}


async def test_what_changed_is_shown_and_never_less_than_before() -> None:
    screen = Screen()
    async with shown(screen, 0.0) as progress:
        for times, (step, share) in enumerate([(GATHERING, 0.0), ("learning words", 0.5)], start=1):
            progress(step, share)
            await screen.was_asked(times)
        progress("learning words", 0.5)
        await turns()
        progress("reading signals", 0.9)
        await turns()
        progress("cross-validation", 0.2)
        await screen.was_asked(3)
    assert screen.shown == [of_all(GATHERING, 0.0), of_all("learning words", 0.5), of_all("cross-validation", 0.2)]


async def test_within_the_pause_nothing_is_shown_however_much_is_reported() -> None:
    screen = Screen()
    async with shown(screen, 3_600.0) as progress:
        progress(GATHERING, 0.0)
        await screen.was_asked(1)
        for index in range(100):
            progress("cross-validation", index / 100)
            await turns()
    assert screen.shown == [of_all(GATHERING, 0.0)]


async def test_of_what_is_reported_in_a_pause_the_newest_is_shown() -> None:
    screen = Screen()
    async with shown(screen, 0.0) as progress:
        for index in range(100):
            progress("cross-validation", index / 100)
        await screen.was_asked(1)
    assert screen.shown == [of_all("cross-validation", 0.99)]


async def test_what_cannot_be_shown_ends_nothing_and_is_tried_again() -> None:
    screen = Screen(away=True)
    async with shown(screen, 0.0) as progress:
        progress(GATHERING, 0.0)
        await screen.was_asked(1)
        progress("cross-validation", 0.0)
        await screen.was_asked(2)
        screen.away = False
        await screen.was_asked(screen.asked + 1)
        await turns()
    assert screen.shown == [of_all("cross-validation", 0.0)]
