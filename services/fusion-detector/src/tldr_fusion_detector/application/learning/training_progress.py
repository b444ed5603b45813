"""How far a training is, as its scorer shows it."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Final

from tldr_fusion_detector.application.scoring.scorer_record import WAITING, TrainingProgress

logger = logging.getLogger(__name__)

GATHERING: Final = "gathering"
"""Streams are read from the database, before the trainer reads their signals."""
# Each step as it is shown, and the share of all at which it begins: by the time that steps took of 200 h.
_STEPS: Final = (
    (GATHERING, "reading signals", 0.0),
    ("reading signals", "reading signals", 0.05),
    ("learning words", "learning words", 0.1),
    ("cross-validation", "cross-validation", 0.4),
    ("choosing segments", "choosing segments", 0.8),
    ("growing the trees", "growing the trees", 0.93),
)

Show = Callable[[TrainingProgress], Awaitable[None]]


def of_all(step: str, share: float) -> TrainingProgress:
    """The share of all that is done when that of a step is; to whole per cent."""
    begins = {name: (shown, begin) for name, shown, begin in _STEPS}
    shown, begin = begins[step]
    end = min((other for _, other in begins.values() if other > begin), default=1.0)
    return TrainingProgress(shown, round(begin + share * (end - begin), 2))


class Reports:
    """Shows the newest progress; see `shown`."""

    def __init__(self, show: Show, every_s: float) -> None:
        self._show, self._every_s = show, every_s
        self._newest = WAITING
        self._changed = asyncio.Event()

    def __call__(self, step: str, share: float) -> None:
        """From the event loop's thread."""
        found = of_all(step, share)
        if found.share >= self._newest.share and found != self._newest:
            self._newest = found
            self._changed.set()

    async def run(self) -> None:
        """Until cancelled. What cannot be shown is no reason to end a training."""
        while True:
            await self._changed.wait()
            self._changed.clear()
            try:
                await self._show(self._newest)
            except Exception:
                logger.warning("the progress of a training could not be shown", exc_info=True)
                self._changed.set()  # tried again after the pause
            await asyncio.sleep(self._every_s)


@asynccontextmanager
async def shown(show: Show, every_s: float) -> AsyncIterator[Reports]:
    """While open, what is reported is shown: only what changed, the newest every `every_s` seconds, never less than before."""
    reports = Reports(show, every_s)
    running = asyncio.create_task(reports.run())
    try:
        yield reports
    finally:
        running.cancel()
        await asyncio.wait([running])
