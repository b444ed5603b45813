"""What an organization does with a scorer of its own."""

from dataclasses import dataclass

from tldr_contracts.ids import ScorerId
from tldr_fusion_detector.application.errors import ScorerNotFound, ScorerNotReady, ScorerOutdated
from tldr_fusion_detector.application.scoring.scorer_ports import Scorers, TrainingQueue
from tldr_fusion_detector.application.scoring.scorer_record import ScorerRecord, ScorerState


@dataclass(frozen=True, slots=True)
class ChangeScorer:
    """Look at it, use it for new runs or no longer, remove it. ScorerNotFound from each."""

    scorers: Scorers
    queue: TrainingQueue

    async def one(self, scorer: ScorerId) -> ScorerRecord:
        """The scorer."""
        found = await self.scorers.get(scorer)
        if found is None:
            raise ScorerNotFound
        return found

    async def document(self, scorer: ScorerId) -> bytes:
        """Its document. ScorerNotReady."""
        found = await self.one(scorer)
        document = await self.scorers.document(scorer)
        if document is None:
            raise ScorerNotReady(found.state)
        return document

    async def activate(self, scorer: ScorerId) -> ScorerRecord:
        """New runs are made with it. ScorerNotReady, ScorerOutdated."""
        await self.scorers.lock()
        found = await self.one(scorer)
        if found.state is not ScorerState.READY:
            raise ScorerNotReady(found.state)
        if found.outdated:
            raise ScorerOutdated
        await self.scorers.activate(scorer)
        return await self.one(scorer)

    async def deactivate(self, scorer: ScorerId) -> None:
        """New runs are made without it."""
        await self.scorers.lock()
        if (await self.one(scorer)).active:
            await self.scorers.activate(None)

    async def remove(self, scorer: ScorerId) -> None:
        """Show it no more. Runs that were made with it can still be explained."""
        await self.queue.drop(scorer)  # before the scorer's row is locked, which the training may hold
        await self.scorers.lock()
        await self.one(scorer)
        await self.scorers.remove(scorer)
