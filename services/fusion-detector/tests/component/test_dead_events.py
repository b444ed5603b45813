"""What is given up becomes a gap or a failure: no stream waits for ever."""

from datetime import timedelta
from typing import Any

from tldr.common.v1 import common_pb2
from tldr_fusion_detector.adapters.learning.learner_thread import ThreadLearner
from tldr_fusion_detector.adapters.learning.training_process import ProcessTraining
from tldr_fusion_detector.adapters.moments.detector_thread import ThreadDetector
from tldr_fusion_detector.adapters.moments.live_detector_thread import ThreadLiveDetector
from tldr_fusion_detector.adapters.wakeups_jobs import ADVANCE
from tldr_fusion_detector.application.learning.recalibrate_confidence import RecalibrateConfidence
from tldr_fusion_detector.application.learning.train_scorer import TrainScorer
from tldr_fusion_detector.application.moments.advance_live import AdvanceLive
from tldr_fusion_detector.application.moments.advance_stream import AdvanceStream
from tldr_fusion_detector.application.moments.detect_run import DetectRun
from tldr_fusion_detector.application.signals.deadlines import Deadlines
from tldr_fusion_detector.entrypoints.jobs import JobHandlers
from tldr_jobs import ExhaustedJob
from tldr_service import SystemClock

LANE = 5


async def test_a_dead_measurement_is_a_gap_that_the_watermark_passes(
    service: Any, stream: str, broadcast_of: Any
) -> None:
    broadcast = broadcast_of(stream)
    windows = list(broadcast.video())
    await service.tell(broadcast.requested(chat=False), broadcast.opened(), *windows[:3])
    await service.tell(windows[3], dead=True)
    await service.tell(*windows[4:], broadcast.video_ended())
    await service.advance(stream)
    *_, completed = await service.published(stream)
    spans = {(gap.modality, gap.range.start_ms, gap.range.end_ms) for gap in completed.gaps}
    assert spans == {(common_pb2.MODALITY_VIDEO, 36_000, 48_000), (common_pb2.MODALITY_AUDIO, 36_000, 48_000)}


async def test_an_event_that_named_no_stream_is_missed_by_the_next_one(
    service: Any, stream: str, broadcast_of: Any
) -> None:
    broadcast = broadcast_of(stream)
    pictures, chat = list(broadcast.video()), list(broadcast.chat())
    await service.tell(broadcast.requested(), broadcast.opened(), *pictures[:3], *pictures[4:], broadcast.video_ended())
    await service.tell(*chat[1:10], broadcast.chat_gap(120, 180), broadcast.chat_ended())
    await service.advance(stream)
    *_, completed = await service.published(stream)
    spans = {(gap.modality, gap.range.start_ms, gap.range.end_ms, gap.code) for gap in completed.gaps}
    assert spans == {
        (common_pb2.MODALITY_VIDEO, 36_000, 48_000, "event_lost"),
        (common_pb2.MODALITY_AUDIO, 36_000, 48_000, "event_lost"),
        (common_pb2.MODALITY_CHAT, 0, 10_000, "event_lost"),
        (common_pb2.MODALITY_CHAT, 100_000, 120_000, "event_lost"),
        (common_pb2.MODALITY_CHAT, 120_000, 180_000, "chat_empty"),
    }


async def test_an_event_that_comes_after_all_is_missed_no_longer(service: Any, stream: str, broadcast_of: Any) -> None:
    broadcast = broadcast_of(stream)
    pictures = list(broadcast.video())
    await service.tell(broadcast.requested(chat=False), broadcast.opened(), *pictures[:3], *pictures[4:], pictures[3])
    await service.tell(broadcast.video_ended())
    await service.advance(stream)
    *_, completed = await service.published(stream)
    assert not completed.gaps


async def test_what_the_source_gave_a_reason_for_is_not_missed(service: Any, stream: str, broadcast_of: Any) -> None:
    broadcast = broadcast_of(stream)
    pictures = list(broadcast.video())
    await service.tell(broadcast.requested(chat=False), broadcast.opened(), *pictures[:3], *pictures[5:])
    await service.tell(broadcast.source_gap(36, 50), broadcast.source_ended(), broadcast.video_ended())
    await service.advance(stream)
    *_, completed = await service.published(stream)
    spans = {(gap.modality, gap.range.start_ms, gap.range.end_ms, gap.code) for gap in completed.gaps}
    assert spans == {
        (common_pb2.MODALITY_VIDEO, 36_000, 50_000, "source_hole"),
        (common_pb2.MODALITY_VIDEO, 50_000, 60_000, "event_lost"),
        (common_pb2.MODALITY_AUDIO, 36_000, 60_000, "event_lost"),
    }


async def test_a_dead_end_ends_its_modality_with_a_failure(service: Any, stream: str, broadcast_of: Any) -> None:
    broadcast = broadcast_of(stream)
    await service.tell(broadcast.requested(), broadcast.opened(), *broadcast.video(), broadcast.video_ended())
    await service.tell(*broadcast.chat(end=100))
    await service.tell(broadcast.chat_ended(), dead=True)
    await service.advance(stream)
    *_, completed = await service.published(stream)
    (gap,) = completed.gaps
    assert (gap.modality, gap.range.start_ms, gap.range.end_ms) == (common_pb2.MODALITY_CHAT, 100_000, 180_000)


async def test_a_dead_beginning_of_the_source_fails_the_run(service: Any, stream: str, broadcast_of: Any) -> None:
    broadcast = broadcast_of(stream)
    await service.tell(broadcast.requested())
    await service.tell(broadcast.opened(), dead=True)
    await service.advance(stream)
    (failed,) = await service.published(stream)
    assert failed.failure.code == "event_unreadable"


async def test_a_dead_request_fails_its_run_at_once(service: Any, stream: str, broadcast_of: Any) -> None:
    request = broadcast_of(stream).requested()
    await service.tell(request, dead=True)
    (failed,) = await service.published(stream)
    assert failed.failure.code == "request_unreadable"


async def test_an_advance_that_fails_for_good_fails_the_run_once(service: Any, stream: str, broadcast_of: Any) -> None:
    broadcast = broadcast_of(stream)
    await service.tell(broadcast.requested(), broadcast.opened(), *broadcast.video(end=60))
    handlers = JobHandlers(
        service.work,
        AdvanceStream(DetectRun(ThreadDetector()), AdvanceLive(ThreadLiveDetector(), Deadlines())),
        RecalibrateConfidence(ThreadLearner()),
        TrainScorer(ProcessTraining(60), SystemClock().now),
        1,
        timedelta(minutes=1),
    )
    job = ExhaustedJob(1, ADVANCE, service.organization, stream, {"lane": LANE}, "unexpected_error", "ValueError: …")
    for _ in range(2):
        async with service.database.tenant(service.organization) as transaction:
            await handlers.exhausted(transaction, job)
    await service.advance(stream)
    (failed,) = await service.published(stream)
    assert failed.failure.code == "detection_failed"
