"""What the mesh reports of a rescore. It never changes the stream's own state."""

from dataclasses import dataclass, replace

from tldr_contracts.ids import RunId, StreamId
from tldr_gateway.application.runs.ports import Runs
from tldr_gateway.application.streams.follow_stream import Outcome
from tldr_gateway.domain.runs.run import RunState
from tldr_service import Clock


@dataclass(frozen=True, slots=True)
class FollowRuns:
    """Each method one report; of a run that is not known (its stream was deleted), nothing."""

    runs: Runs
    clock: Clock

    async def moved(self, stream: StreamId, run: RunId) -> None:
        """One of its highlights has its clip, or will have none."""
        found = await self.runs.get(stream, run)
        if found is not None and found.state is RunState.PENDING:
            await self.runs.put(replace(found, state=RunState.PROCESSING))

    async def settled(self, stream: StreamId, outcome: Outcome) -> None:
        """It ended, well or badly."""
        found = await self.runs.get(stream, outcome.run)
        if found is None or found.state is RunState.COMPLETED:
            return
        await self.runs.put(
            replace(
                found,
                state=RunState.FAILED if outcome.failure else RunState.COMPLETED,
                completed_at=self.clock.now(),
                highlights=None if outcome.failure else outcome.highlights,
                failure=outcome.failure,
            )
        )
