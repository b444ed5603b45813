"""Training in a process of its own: it takes minutes to hours of one core, and ends at once when it is not wanted."""

import os
from collections.abc import Sequence

from tldr_fusion_detector.domain.profile import Profile
from tldr_fusion_detector.domain.scorer import Provenance
from tldr_fusion_detector.domain.training import LabelledStream
from tldr_processes import WorkerProcesses

_BEHIND_DETECTION = 10


class ProcessTraining:
    """One training at a time; others wait for their turn."""

    def __init__(self, limit_s: float, idle_s: float = 10.0) -> None:
        self._workers = WorkerProcesses(1, prepare, deadline_s=limit_s, idle_s=idle_s)

    async def __call__(
        self, streams: Sequence[LabelledStream], profile: Profile, *, created: str
    ) -> tuple[bytes, Provenance]:
        """See `Training`. Raises WorkerCrashed and WorkerTimedOut as well."""
        return await self._workers.run(train_in_worker, tuple(streams), profile, created)

    async def close(self) -> None:
        """End the process."""
        await self._workers.close()


def prepare() -> None:
    """Let detection go first."""
    os.nice(_BEHIND_DETECTION)


def train_in_worker(streams: Sequence[LabelledStream], profile: Profile, created: str) -> tuple[bytes, Provenance]:
    """A document that can be read: what is too large is found here, not when it is used."""
    from tldr_fusion_detector.adapters.trainer_sklearn import SklearnTrainer
    from tldr_fusion_detector.domain.scorer_document import read_scorer, write_scorer

    document = write_scorer(SklearnTrainer()(streams, profile, created=created, progress=_unseen))
    return document, read_scorer(document).provenance


def _unseen(step: str, share: float) -> None:
    """Nobody watches."""
