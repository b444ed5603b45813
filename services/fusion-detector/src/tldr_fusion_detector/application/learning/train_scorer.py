"""A scorer from what an organization said that people keep of its streams."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from tldr_contracts.ids import ScorerId
from tldr_fusion_detector.application.learning.gather_streams import gather
from tldr_fusion_detector.application.learning.training_progress import Reports, shown
from tldr_fusion_detector.application.scoring.scorer_ports import KeptMoments, Scorers, Training
from tldr_fusion_detector.application.scoring.scorer_record import MOST_MOMENTS, Labels, ScorerState, TrainingProgress
from tldr_fusion_detector.application.signals.view_stream import Reading
from tldr_fusion_detector.domain.learning.training import TooLittleData, WorseThanDefault
from tldr_fusion_detector.domain.scoring.scorer.scorer import Provenance
from tldr_streams.transactions import Transact, Transactions
from tldr_streams.values import Failure

NOTHING_TO_LEARN_FROM = Failure(
    "too_little_data",
    "There is no completed stream with kept signals among those to learn from. Accept highlights of later streams, or name "
    "streams and moments.",
)


class TrainingWork(Reading, Protocol):
    """The repositories of one transaction."""

    @property
    def scorers(self) -> Scorers:
        """The organization's scorers."""

    @property
    def verdicts(self) -> KeptMoments:
        """What its verdicts say."""


@dataclass(frozen=True, slots=True)
class TrainScorer:
    """Read the streams one by one, newest first; learn with no transaction open, and show how far it is meanwhile."""

    training: Training
    now: Callable[[], datetime]
    shown_every_s: float = 3.0

    async def __call__(self, scorer: ScorerId, labels: Labels | None, transactions: Transactions[TrainingWork]) -> None:
        """Train it, without labels from the organization's verdicts."""

        async def show(progress: TrainingProgress) -> None:
            async with transactions.look() as work:
                await work.scorers.show(scorer, progress)

        async with shown(show, self.shown_every_s) as progress:
            made = await self._make(scorer, labels, transactions.look, progress)
        async with transactions.finish() as work:
            if isinstance(made, Failure):
                await work.scorers.end(scorer, ScorerState.REFUSED, made)
            else:
                await work.scorers.keep(scorer, *made)

    async def _make(
        self, scorer: ScorerId, labels: Labels | None, look: Transact[TrainingWork], progress: Reports
    ) -> tuple[bytes, Provenance] | Failure:
        found = await gather(labels or await _from_verdicts(look), look, progress)
        async with look() as work:
            await work.scorers.leave_out(scorer, found.left_out)
        if found.profile is None:
            return NOTHING_TO_LEARN_FROM
        created = self.now().isoformat(timespec="seconds")
        try:
            return await self.training(found.given_away(), found.profile, created=created, progress=progress)
        except TooLittleData as error:
            return Failure("too_little_data", str(error))
        except WorseThanDefault as error:
            return Failure("worse_than_default", str(error))


async def _from_verdicts(look: Transact[TrainingWork]) -> Labels:
    async with look() as work:
        moments = await work.verdicts.kept_moments(MOST_MOMENTS)
    return Labels(tuple({moment.stream for moment in moments}), tuple(moments))
