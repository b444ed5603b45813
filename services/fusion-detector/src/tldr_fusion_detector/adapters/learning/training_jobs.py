"""Training over the service's jobs: one job for each scorer, one after the other for an organization."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tldr_contracts.ids import ScorerId, StreamId
from tldr_database import Transaction
from tldr_fusion_detector.application.scoring.scorer_record import Labels, Moment
from tldr_jobs import Jobs, NewJob

TRAIN = "train-scorer"


@dataclass(frozen=True, slots=True)
class JobTrainingQueue:
    """Enqueues the job in the transaction at hand. Labels travel in its payload and go with it."""

    jobs: Jobs
    transaction: Transaction
    organization: str
    lane: int

    async def train(self, scorer: ScorerId, labels: Labels | None) -> None:
        """One job; its key is not the organization, so that nothing else waits for a training."""
        payload = {"lane": self.lane, "labels": _payload(labels) if labels else None}
        await self.jobs.enqueue(self.transaction, NewJob(TRAIN, self.organization, scorer, payload, key=TRAIN))

    async def drop(self, scorer: ScorerId) -> None:
        """Cancel it, also while it runs."""
        await self.jobs.cancel(self.transaction, scorer)


def labels_of(payload: Mapping[str, Any]) -> Labels | None:
    """The labels of a job."""
    labels = payload["labels"]
    if labels is None:
        return None
    moments = tuple(Moment(StreamId(stream), start, end) for stream, start, end in labels["moments"])
    return Labels(tuple(StreamId(stream) for stream in labels["streams"]), moments)


def _payload(labels: Labels) -> dict[str, Any]:
    return {
        "streams": labels.streams,
        "moments": [(moment.stream, moment.start_ms, moment.end_ms) for moment in labels.moments],
    }
