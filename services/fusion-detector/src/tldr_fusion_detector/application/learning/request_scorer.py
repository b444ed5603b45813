"""An organization asks for a scorer of its own."""

from dataclasses import dataclass

from tldr_contracts.ids import ScorerId, new_id
from tldr_fusion_detector.application.errors import NoFinishedStream, TooManyScorers
from tldr_fusion_detector.application.ports import Streams
from tldr_fusion_detector.application.scoring.scorer_ports import Scorers, TrainingQueue
from tldr_fusion_detector.application.scoring.scorer_record import MOST_SCORERS, Labels, ScorerRecord
from tldr_streams.state import StreamState


@dataclass(frozen=True, slots=True)
class RequestScorer:
    """Write it down and ask for its training."""

    streams: Streams
    scorers: Scorers
    queue: TrainingQueue

    async def __call__(self, name: str, labels: Labels | None, *, wanted: ScorerId) -> ScorerRecord:
        """Without labels from the organization's verdicts. `wanted`: the id it is to have; asked for again, it is made once.

        NoFinishedStream, TooManyScorers.
        """
        await self.scorers.lock()
        asked = await self.scorers.get(wanted)
        if asked is not None:
            return asked
        for stream in labels.streams if labels else ():
            if (await self.streams.get(stream)).state is not StreamState.COMPLETED:
                raise NoFinishedStream(stream)
        if len(await self.scorers.all()) >= MOST_SCORERS:
            raise TooManyScorers(MOST_SCORERS)
        removed = await self.scorers.document(wanted) is not None
        scorer = await self.scorers.add(ScorerId(new_id("scr")) if removed else wanted, name)
        await self.queue.train(scorer.id, labels)
        return scorer
