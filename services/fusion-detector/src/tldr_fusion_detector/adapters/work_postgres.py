"""Everything a use case may touch in one transaction, put together once."""

from dataclasses import dataclass, field
from datetime import timedelta

from tldr_bus import Outbox
from tldr_database import Transaction
from tldr_fusion_detector.adapters.learning.learning_jobs import JobLearning
from tldr_fusion_detector.adapters.learning.recalibrations_postgres import PostgresRecalibrations
from tldr_fusion_detector.adapters.learning.training_jobs import JobTrainingQueue
from tldr_fusion_detector.adapters.learning.verdicts_postgres import PostgresVerdicts
from tldr_fusion_detector.adapters.moments.announcements_outbox import OutboxAnnouncements
from tldr_fusion_detector.adapters.moments.evidence_postgres import PostgresEvidence
from tldr_fusion_detector.adapters.moments.found_highlights_postgres import PostgresFoundHighlights
from tldr_fusion_detector.adapters.moments.live_runs_postgres import PostgresLiveRuns
from tldr_fusion_detector.adapters.moments.runs_postgres import PostgresRuns
from tldr_fusion_detector.adapters.scoring.scorer_shelf import ScorerShelf
from tldr_fusion_detector.adapters.scoring.scorers_postgres import PostgresScorers
from tldr_fusion_detector.adapters.scoring.vocabularies_postgres import PostgresVocabularies
from tldr_fusion_detector.adapters.signals.coverages_postgres import PostgresCoverages
from tldr_fusion_detector.adapters.signals.gaps_postgres import PostgresGaps
from tldr_fusion_detector.adapters.signals.signals_postgres import PostgresSignals
from tldr_fusion_detector.adapters.signals.telemetry_postgres import PostgresTelemetry
from tldr_fusion_detector.adapters.streams_postgres import PostgresStreams
from tldr_fusion_detector.adapters.wakeups_jobs import JobWakeups
from tldr_fusion_detector.application.begin_attempt import BeginAttempt
from tldr_fusion_detector.application.follow_stream import FollowStream
from tldr_fusion_detector.application.learning.record_verdict import RecordVerdict
from tldr_fusion_detector.application.learning.request_scorer import RequestScorer
from tldr_fusion_detector.application.moments.fail_run import FailRun
from tldr_fusion_detector.application.moments.rescore_stream import RequestRescore
from tldr_fusion_detector.application.scoring.change_scorer import ChangeScorer
from tldr_fusion_detector.application.signals.follow_source import FollowSource
from tldr_fusion_detector.application.signals.push_signals import PushSignals
from tldr_fusion_detector.application.signals.record_signals import RecordSignals
from tldr_jobs import Jobs


@dataclass(frozen=True, slots=True)
class PostgresWork:
    """The repositories, the queue, the announcements and the use cases of one transaction."""

    streams: PostgresStreams
    coverages: PostgresCoverages
    signals: PostgresSignals
    gaps: PostgresGaps
    runs: PostgresRuns
    found: PostgresFoundHighlights
    live: PostgresLiveRuns
    wakeups: JobWakeups
    announcements: OutboxAnnouncements
    evidence: PostgresEvidence
    vocabularies: PostgresVocabularies
    verdicts: PostgresVerdicts
    recalibrations: PostgresRecalibrations
    learning: JobLearning
    scorers: PostgresScorers
    training: JobTrainingQueue
    telemetry: PostgresTelemetry

    @property
    def fail(self) -> FailRun:
        """Ends runs badly."""
        return FailRun(self.streams, self.runs, self.found, self.announcements)

    @property
    def follow_stream(self) -> FollowStream:
        """Keeps up with the gateway."""
        return FollowStream(
            self.streams, self.wakeups, self.announcements, self._begin, self.fail, self.verdicts, self.learning
        )

    @property
    def follow_source(self) -> FollowSource:
        """Keeps up with ingest."""
        return FollowSource(self.streams, self.gaps, self.coverages, self.push_signals, self.wakeups, self._begin)

    @property
    def push_signals(self) -> PushSignals:
        """Takes telemetry in."""
        return PushSignals(self.streams, self.signals, self.coverages, self.live, self.telemetry, self.wakeups)

    @property
    def rescore(self) -> RequestRescore:
        """Takes requests for further runs."""
        return RequestRescore(self.streams, self.runs, self.wakeups, self.fail, self.recalibrations, self.scorers)

    @property
    def record_signals(self) -> RecordSignals:
        """Appends what was measured."""
        return RecordSignals(self.streams, self.signals, self.coverages, self.gaps, self.wakeups, self._begin)

    @property
    def record_verdict(self) -> RecordVerdict:
        """Takes what a customer says of a highlight."""
        return RecordVerdict(self.streams, self.runs, self.found, self.verdicts, self.learning, self.announcements)

    @property
    def request_scorer(self) -> RequestScorer:
        """Takes requests for scorers."""
        return RequestScorer(self.streams, self.scorers, self.training)

    @property
    def change_scorer(self) -> ChangeScorer:
        """Takes what a customer wants of a scorer."""
        return ChangeScorer(self.scorers, self.training)

    @property
    def _begin(self) -> BeginAttempt:
        return BeginAttempt(self.streams, self.runs, self.recalibrations, self.scorers, self.fail)


@dataclass(frozen=True, slots=True)
class WorkFactory:
    """Binds the adapters to a transaction."""

    jobs: Jobs
    outbox: Outbox
    pace: timedelta
    shelf: ScorerShelf = field(default_factory=ScorerShelf)

    def __call__(self, transaction: Transaction, organization: str, lane: int) -> PostgresWork:
        """The work of one transaction on a stream in `lane`."""
        return PostgresWork(
            PostgresStreams(transaction, organization, lane),
            PostgresCoverages(transaction, organization),
            PostgresSignals(transaction, organization),
            PostgresGaps(transaction, organization),
            PostgresRuns(transaction, organization),
            PostgresFoundHighlights(transaction, organization),
            PostgresLiveRuns(transaction, organization),
            JobWakeups(self.jobs, transaction, organization, lane, self.pace),
            OutboxAnnouncements(self.outbox, transaction, organization, lane),
            PostgresEvidence(transaction, organization),
            PostgresVocabularies(transaction, organization),
            PostgresVerdicts(transaction, organization),
            PostgresRecalibrations(transaction, organization),
            JobLearning(self.jobs, transaction, organization, lane, self.pace),
            PostgresScorers(transaction, organization, self.shelf),
            JobTrainingQueue(self.jobs, transaction, organization, lane),
            PostgresTelemetry(transaction, organization),
        )
