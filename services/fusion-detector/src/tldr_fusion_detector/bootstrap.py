"""The composition root: every object of this service, made once."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

from tldr_fusion_detector.adapters.learning.learner_thread import ThreadLearner
from tldr_fusion_detector.adapters.learning.training_process import ProcessTraining
from tldr_fusion_detector.adapters.moments.detector_thread import ThreadDetector
from tldr_fusion_detector.adapters.moments.explainer_thread import ThreadExplainer
from tldr_fusion_detector.adapters.moments.live_detector_thread import ThreadLiveDetector
from tldr_fusion_detector.adapters.retention_postgres import PostgresRetention
from tldr_fusion_detector.adapters.work_postgres import PostgresWork, WorkFactory
from tldr_fusion_detector.application.learning.recalibrate_confidence import RecalibrateConfidence
from tldr_fusion_detector.application.learning.train_scorer import TrainScorer
from tldr_fusion_detector.application.moments.advance_live import AdvanceLive
from tldr_fusion_detector.application.moments.advance_stream import AdvanceStream
from tldr_fusion_detector.application.moments.answer_questions import AnswerQuestions
from tldr_fusion_detector.application.moments.detect_run import DetectRun
from tldr_fusion_detector.application.moments.explain_highlight import ExplainHighlight
from tldr_fusion_detector.application.moments.try_profile import TryProfile
from tldr_fusion_detector.application.signals.deadlines import Deadlines
from tldr_fusion_detector.domain.signals.signals import Modality
from tldr_fusion_detector.entrypoints.events import Events
from tldr_fusion_detector.entrypoints.http import router
from tldr_fusion_detector.entrypoints.http_dry_runs import dry_runs_router
from tldr_fusion_detector.entrypoints.http_highlights import highlights_router
from tldr_fusion_detector.entrypoints.http_scorers import scorers_router
from tldr_fusion_detector.entrypoints.jobs import JobHandlers
from tldr_fusion_detector.settings import FusionDetectorSettings
from tldr_service import BackgroundTask, Definition, Infrastructure, Service

# Questions publish nothing, so no lane matters to them.
_NO_LANE = 0
# For the signals of 500 hours, before the training itself begins.
_READING = timedelta(minutes=10)


def build(infrastructure: Infrastructure) -> Service:
    """Put the service together."""
    settings = FusionDetectorSettings()
    work = WorkFactory(infrastructure.jobs, infrastructure.outbox, timedelta(seconds=settings.advance_every_s))
    detector = ThreadDetector()
    training = ProcessTraining(settings.training_limit_s, memory_mb=settings.training_memory_mb)
    retention = PostgresRetention(infrastructure.database)

    @asynccontextmanager
    async def open_work(organization: str) -> AsyncIterator[PostgresWork]:
        async with infrastructure.database.tenant(organization) as transaction:
            yield work(transaction, organization, _NO_LANE)

    async def forget() -> None:
        await retention.forget(infrastructure.clock.now(), timedelta(days=settings.retention_days))

    return Service(
        name=DEFINITION.name,
        routers=(
            router(AnswerQuestions(open_work, detector), infrastructure.access),
            dry_runs_router(TryProfile(open_work, DetectRun(detector)), infrastructure.access),
            highlights_router(open_work, ExplainHighlight(open_work, ThreadExplainer()), infrastructure.access),
            scorers_router(open_work, infrastructure.access),
        ),
        subscriptions=Events(work).subscriptions(),
        workers=JobHandlers(
            work,
            AdvanceStream(DetectRun(detector), AdvanceLive(ThreadLiveDetector(), _deadlines(settings))),
            RecalibrateConfidence(ThreadLearner()),
            TrainScorer(training, infrastructure.clock.now),
            settings.advances_at_once,
            timedelta(seconds=settings.training_limit_s) + _READING,
        ).workers(),
        tasks=(BackgroundTask("forget old streams", forget, interval_s=settings.sweep_interval_s),),
        close=training.close,
    )


def _deadlines(settings: FusionDetectorSettings) -> Deadlines:
    media, chat, pushed = (
        timedelta(seconds=limit_s)
        for limit_s in (settings.media_deadline_s, settings.chat_deadline_s, settings.signals_deadline_s)
    )
    behind = {Modality.VIDEO: media, Modality.AUDIO: media, Modality.CHAT: chat, Modality.EXTERNAL: pushed}
    return Deadlines(behind, timedelta(seconds=settings.signals_silent_s))


DEFINITION = Definition("fusion-detector", Path(__file__).parent / "migrations", build)
