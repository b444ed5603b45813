"""Jobs: streams to advance, finished ones to rescore, verdicts to learn from, scorers to train."""

from dataclasses import dataclass
from datetime import timedelta

from tldr_bus import lock_subjects
from tldr_contracts.ids import RunId, ScorerId, StreamId
from tldr_database import Transaction
from tldr_fusion_detector.adapters.learning.learning_jobs import RECALIBRATE
from tldr_fusion_detector.adapters.learning.training_jobs import TRAIN, labels_of
from tldr_fusion_detector.adapters.wakeups_jobs import ADVANCE, RESCORE
from tldr_fusion_detector.adapters.work_postgres import WorkFactory
from tldr_fusion_detector.application.learning.recalibrate_confidence import RecalibrateConfidence
from tldr_fusion_detector.application.learning.train_scorer import TrainScorer
from tldr_fusion_detector.application.moments.advance_stream import AdvanceStream
from tldr_fusion_detector.application.moments.rescore_stream import RescoreStream
from tldr_fusion_detector.application.scoring.scorer_record import ScorerState
from tldr_jobs import ExhaustedJob, RunningJob, Worker
from tldr_streams.transactions import Transactions
from tldr_streams.values import Failure


@dataclass(frozen=True, slots=True)
class JobHandlers:
    """The workers of this service."""

    work: WorkFactory
    advance_stream: AdvanceStream
    recalibrate_confidence: RecalibrateConfidence
    train_scorer: TrainScorer
    advances_at_once: int
    training_limit: timedelta

    def workers(self) -> tuple[Worker, ...]:
        """Who runs which kind of job."""
        limit = timedelta(minutes=2)
        return (
            Worker(ADVANCE, self.advance, self.exhausted, self.advances_at_once, limit=limit, lock=lock_subjects),
            Worker(RESCORE, self.rescore, self.rescore_exhausted, limit=limit, lock=lock_subjects),
            Worker(RECALIBRATE, self.recalibrate, self.recalibrate_exhausted, limit=limit),
            Worker(TRAIN, self.train, self.train_exhausted, spare=0, attempts=2, limit=self.training_limit),
        )

    async def advance(self, job: RunningJob) -> None:
        """Advance one stream."""
        await self.advance_stream(StreamId(job.subject), Transactions.of(job, self.work))

    async def rescore(self, job: RunningJob) -> None:
        """Make one further run of a finished stream."""
        await RescoreStream(self.advance_stream.detect)(
            StreamId(job.subject), RunId(job.payload["run"]), Transactions.of(job, self.work)
        )

    async def rescore_exhausted(self, transaction: Transaction, job: ExhaustedJob) -> None:
        """A rescore that cannot be made has failed; the stream's other runs stand."""
        work = self.work(transaction, job.organization, job.payload["lane"])
        reason = "The highlights could not be detected. Ask for the rescore again; if it fails again, ask the operator."
        run = RunId(job.payload["run"])
        await work.fail(StreamId(job.subject), Failure("detection_failed", reason), run=run)

    async def exhausted(self, transaction: Transaction, job: ExhaustedJob) -> None:
        """A stream that cannot be advanced has a failed run, not an endless one."""
        work = self.work(transaction, job.organization, job.payload["lane"])
        reason = "The highlights could not be detected. Try the stream again; if it fails again, ask the operator."
        await work.fail(StreamId(job.subject), Failure("detection_failed", reason))

    async def recalibrate(self, job: RunningJob) -> None:
        """Learn from an organization's verdicts."""
        await self.recalibrate_confidence(Transactions.of(job, self.work))

    async def recalibrate_exhausted(self, transaction: Transaction, job: ExhaustedJob) -> None:
        """What is in force stays so; the next verdict asks again."""

    async def train(self, job: RunningJob) -> None:
        """Train one scorer of an organization."""
        await self.train_scorer(ScorerId(job.subject), labels_of(job.payload), Transactions.of(job, self.work))

    async def train_exhausted(self, transaction: Transaction, job: ExhaustedJob) -> None:
        """A scorer that cannot be trained has failed; what is active stays so."""
        work = self.work(transaction, job.organization, job.payload["lane"])
        reason = "The scorer could not be trained. Ask for it again, with fewer streams; if it fails again, ask the operator."
        await work.scorers.end(ScorerId(job.subject), ScorerState.FAILED, Failure("training_failed", reason))
