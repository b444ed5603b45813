"""What training needs. Repositories see one organization, in one transaction."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

from tldr_contracts.ids import ScorerId
from tldr_fusion_detector.application.scoring.scorer_record import (
    Labels,
    LeftOut,
    Moment,
    PinnedScorer,
    ScorerRecord,
    ScorerState,
    TrainingProgress,
)
from tldr_fusion_detector.domain.learning.training import LabelledStream, Progress
from tldr_fusion_detector.domain.profile.profile import Profile
from tldr_fusion_detector.domain.scoring.scorer.scorer import Provenance, Scorer
from tldr_streams.values import Failure


class PinnedScorers(Protocol):
    """The scorers that runs are made with."""

    async def active(self) -> PinnedScorer | None:
        """The one that new runs are made with; it stays until the transaction ends. An outdated one is not used."""

    async def read(self, pinned: PinnedScorer | None) -> Scorer | None:
        """What a run pinned; None where it pinned none, or where the document is gone or is not the same."""


class Scorers(PinnedScorers, Protocol):
    """The scorers of an organization, but for those that were removed."""

    async def lock(self) -> None:
        """Nobody else adds, activates or removes one until the transaction ends."""

    async def add(self, scorer: ScorerId, name: str) -> ScorerRecord:
        """A new one in training, as the next version of its name."""

    async def all(self) -> Sequence[ScorerRecord]:
        """All of them, newest first."""

    async def get(self, scorer: ScorerId) -> ScorerRecord | None:
        """One of them."""

    async def document(self, scorer: ScorerId) -> bytes | None:
        """That of one that is ready."""

    async def show(self, scorer: ScorerId, progress: TrainingProgress) -> None:
        """How far it is; nothing where it is not in training any longer."""

    async def leave_out(self, scorer: ScorerId, left_out: Mapping[LeftOut, int]) -> None:
        """How many of the streams asked for it is not learned from."""

    async def keep(self, scorer: ScorerId, document: bytes, provenance: Provenance) -> None:
        """It is ready."""

    async def end(self, scorer: ScorerId, state: ScorerState, failure: Failure) -> None:
        """It will not be ready."""

    async def activate(self, scorer: ScorerId | None) -> None:
        """Make new runs with this one, or with none."""

    async def remove(self, scorer: ScorerId) -> None:
        """Show it no more and make no new run with it; its document stays for as long as a run refers to it."""


class KeptMoments(Protocol):
    """What verdicts say that people keep."""

    async def kept_moments(self, at_most: int) -> Sequence[Moment]:
        """Accepted highlights that are still there, with corrected times where they were given; the newest verdicts."""


class TrainingQueue(Protocol):
    """Asks that scorers are trained."""

    async def train(self, scorer: ScorerId, labels: Labels | None) -> None:
        """Soon, one at a time for the organization; without labels from its verdicts."""

    async def drop(self, scorer: ScorerId) -> None:
        """Take the wish back, and what is being done for it."""


class Training(Protocol):
    """Training, somewhere it holds nobody up."""

    async def __call__(
        self, streams: Iterable[LabelledStream], profile: Profile, *, created: str, progress: Progress
    ) -> tuple[bytes, Provenance]:
        """A scorer's document; see `Trainer`. Raises TooLittleData and WorseThanDefault.

        Each stream is asked for once. `progress` is told on the caller's event loop.
        """


class Trainer(Protocol):
    """Learns from streams of which people said what they keep."""

    def __call__(
        self, streams: Sequence[LabelledStream], profile: Profile, *, created: str, progress: Progress
    ) -> Scorer:
        """A scorer, the same for the same streams in any order; takes minutes, in the caller's thread.

        It is compared with what the profile scores, on streams that were left out, and has that in its provenance.
        Raises TooLittleData and WorseThanDefault. `created`: an ISO 8601 time, kept as it is.
        """
