"""Announcements over the service's outbox."""

from collections.abc import Sequence
from dataclasses import dataclass

from tldr.detections.v1 import detections_pb2
from tldr_bus import Outbox, Publication
from tldr_contracts.ids import HighlightId, StreamId
from tldr_contracts.topics import DETECTIONS
from tldr_database import Transaction
from tldr_fusion_detector.adapters.signals.signals_protobuf import gap
from tldr_fusion_detector.application.learning.verdict import Opinion
from tldr_fusion_detector.application.moments.found_highlight import FoundHighlight, FoundState
from tldr_fusion_detector.application.moments.run_record import RunRecord
from tldr_fusion_detector.application.signals.reported_gap import ReportedGap
from tldr_streams.messages import failure_message, modality_message, range_message

_STATES = {
    FoundState.PROVISIONAL: detections_pb2.DETECTION_STATE_PROVISIONAL,
    FoundState.FINAL: detections_pb2.DETECTION_STATE_FINAL,
}

_VERDICTS = {
    None: detections_pb2.VERDICT_UNSPECIFIED,
    Opinion.ACCEPTED: detections_pb2.VERDICT_ACCEPTED,
    Opinion.REJECTED: detections_pb2.VERDICT_REJECTED,
}


@dataclass(frozen=True, slots=True)
class OutboxAnnouncements:
    """Publishes on `tldr.detections.v1` in the transaction at hand, in the lane of the stream being handled."""

    outbox: Outbox
    transaction: Transaction
    organization: str
    lane: int

    async def revised(self, run: RunRecord, found: Sequence[FoundHighlight]) -> None:
        """Publish HighlightDetected or HighlightRetracted for each."""
        await self._publish(run.stream, *(_event(run, one) for one in found))

    async def completed(
        self, run: RunRecord, highlights: Sequence[FoundHighlight], gaps: Sequence[ReportedGap]
    ) -> None:
        """Publish DetectionCompleted."""
        message = detections_pb2.DetectionCompleted(
            stream_id=run.stream,
            run_id=run.id,
            attempt=run.attempt,
            highlight_ids=[found.id for found in highlights],
            duration_ms=run.duration_ms,
            gaps=[gap(found) for found in gaps],
            rescore=run.rescore,
        )
        await self._publish(run.stream, detections_pb2.DetectionEvent(completed=message))

    async def failed(self, run: RunRecord) -> None:
        """Publish DetectionFailed."""
        message = detections_pb2.DetectionFailed(
            stream_id=run.stream,
            run_id=run.id,
            attempt=run.attempt,
            failure=failure_message(run.failure),
            rescore=run.rescore,
        )
        await self._publish(run.stream, detections_pb2.DetectionEvent(failed=message))

    async def judged(self, stream: StreamId, highlight: HighlightId, opinion: Opinion | None, *, lane: int) -> None:
        """Publish HighlightJudged."""
        message = detections_pb2.HighlightJudged(stream_id=stream, highlight_id=highlight, verdict=_VERDICTS[opinion])
        event = detections_pb2.DetectionEvent(judged=message)
        await self.outbox.append(self.transaction, Publication(DETECTIONS, event, self.organization, stream, lane))

    async def close(self, stream: StreamId) -> None:
        """Let what was published of the stream go after the retention."""
        await self.outbox.close(self.transaction, stream)

    async def _publish(self, stream: StreamId, *events: detections_pb2.DetectionEvent) -> None:
        await self.outbox.append(
            self.transaction,
            *(Publication(DETECTIONS, event, self.organization, stream, self.lane) for event in events),
        )


def _event(run: RunRecord, found: FoundHighlight) -> detections_pb2.DetectionEvent:
    if found.state is FoundState.RETRACTED:
        retracted = detections_pb2.HighlightRetracted(
            stream_id=run.stream, run_id=run.id, highlight_id=found.id, revision=found.revision
        )
        return detections_pb2.DetectionEvent(retracted=retracted)
    return detections_pb2.DetectionEvent(detected=_detected(run, found))


def _detected(run: RunRecord, found: FoundHighlight) -> detections_pb2.HighlightDetected:
    highlight = found.highlight
    return detections_pb2.HighlightDetected(
        stream_id=run.stream,
        run_id=run.id,
        highlight_id=found.id,
        revision=found.revision,
        state=_STATES[found.state],
        range=range_message(highlight.start_ms, highlight.end_ms),
        peak_ms=highlight.peak_ms,
        types=highlight.types,
        score=highlight.score,
        confidence=highlight.confidence,
        title=highlight.title,
        reason=highlight.reason,
        dimensions=[
            detections_pb2.DimensionScore(dimension=part.dimension, score=part.score, weight=part.weight)
            for part in highlight.dimensions
        ],
        contributions=[
            detections_pb2.Contribution(
                signal=part.signal,
                dimension=part.dimension,
                value=part.value,
                normalised=part.normalised,
                amount=part.amount,
            )
            for part in highlight.contributions
        ],
        missing=[modality_message(one) for one in highlight.missing],
        rescore=run.rescore,
    )
