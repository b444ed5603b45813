"""Training in a process of its own: it takes minutes to hours of one core, and ends at once when it is not wanted."""

import asyncio
import os
from collections.abc import Callable, Iterable

from tldr_fusion_detector.domain.learning.training import LabelledStream, Progress
from tldr_fusion_detector.domain.profile.profile import Profile
from tldr_fusion_detector.domain.scoring.scorer.scorer import Provenance
from tldr_processes import WorkerCrashed, WorkerProcesses

_BEHIND_DETECTION = 10
_DOCUMENT_MB = 256

_taken: list[LabelledStream] = []
"""In the process: what it is to learn from, taken one by one; all at once are there four times on their way."""


class ProcessTraining:
    """One training at a time; others wait until it has ended."""

    def __init__(self, limit_s: float, idle_s: float = 10.0, memory_mb: int = 8192) -> None:
        self._workers = WorkerProcesses(
            1, prepare, deadline_s=limit_s, idle_s=idle_s, memory_mb=memory_mb, output_mb=_DOCUMENT_MB
        )
        self._one_at_a_time = asyncio.Lock()

    async def __call__(
        self, streams: Iterable[LabelledStream], profile: Profile, *, created: str, progress: Progress
    ) -> tuple[bytes, Provenance]:
        """See `Training`. Raises WorkerEnded as well."""
        async with self._one_at_a_time:
            given = 0
            for given, stream in enumerate(streams, start=1):
                await self._workers.run(take, stream, given - 1)
            return await self._workers.run(
                train_in_worker, given, profile, created, progress=lambda reported: progress(*reported)
            )

    async def close(self) -> None:
        """End the process."""
        await self._workers.close()


def prepare() -> None:
    """Let detection go first."""
    os.nice(_BEHIND_DETECTION)


def take(stream: LabelledStream, after: int) -> None:
    """Keep a stream behind the first `after` ones; what a training before has left is dropped."""
    _must_have(after)
    del _taken[after:]
    _taken.append(stream)


def _must_have(streams: int) -> None:
    # A process that died between two calls is replaced, and the new one knows nothing of what the old one was given.
    if len(_taken) < streams:
        raise WorkerCrashed("the process that held the streams died")


def train_in_worker(
    given: int, profile: Profile, created: str, progress: Callable[[tuple[str, float]], None]
) -> tuple[bytes, Provenance]:
    """A document that can be read: what is too large is found here, not when it is used."""
    from tldr_fusion_detector.adapters.learning.trainer_sklearn import SklearnTrainer
    from tldr_fusion_detector.domain.scoring.scorer.document import read_scorer, write_scorer

    def report(step: str, share: float) -> None:
        progress((step, share))

    _must_have(given)
    streams = tuple(_taken[:given])
    _taken.clear()
    document = write_scorer(SklearnTrainer()(streams, profile, created=created, progress=report))
    return document, read_scorer(document).provenance
