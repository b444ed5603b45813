"""Announcements over the service's outbox."""

from collections.abc import Sequence
from dataclasses import dataclass

from tldr.common.v1 import common_pb2
from tldr.video_signals.v1.video_signals_pb2 import (
    ModalityCompleteness,
    VideoGapFound,
    VideoSignalEvent,
    VideoSignalsEnded,
    VideoSignalsMeasured,
)
from tldr_bus import Outbox, Publication
from tldr_contracts.ids import StreamId
from tldr_contracts.topics import VIDEO_SIGNALS
from tldr_database import Transaction
from tldr_streams.messages import failure_message, gap_message, modality_message, range_message
from tldr_video_analysis.domain.streams.gap import Gap
from tldr_video_analysis.domain.streams.releasing import Ended, GapFound, Measured, Outcome


@dataclass(frozen=True, slots=True)
class OutboxAnnouncements:
    """Publishes on `tldr.video-signals.v1` in the transaction at hand, in the lane of the stream being handled."""

    outbox: Outbox
    transaction: Transaction
    organization: str
    lane: int

    async def publish(self, stream: StreamId, outcomes: Sequence[Outcome]) -> None:
        """One event each."""
        publications = [
            Publication(VIDEO_SIGNALS, event_of(stream, outcome), self.organization, stream, self.lane)
            for outcome in outcomes
        ]
        await self.outbox.append(self.transaction, *publications)

    async def close(self, stream: StreamId) -> None:
        """Let the stream's outbox rows go after the retention."""
        await self.outbox.close(self.transaction, stream)


def event_of(stream: StreamId, outcome: Outcome) -> VideoSignalEvent:
    """An outcome as it is published."""
    match outcome:
        case Measured():
            return VideoSignalEvent(measured=_measured(stream, outcome))
        case GapFound(gap, complete_until_ms):
            found = VideoGapFound(stream_id=stream, gap=_gap(gap), complete_until_ms=complete_until_ms)
            return VideoSignalEvent(gap_found=found)
        case Ended():
            return VideoSignalEvent(ended=_ended(stream, outcome))


def _measured(stream: StreamId, measured: Measured) -> VideoSignalsMeasured:
    return VideoSignalsMeasured(
        stream_id=stream,
        series=[
            common_pb2.Series(name=name, start_s=measured.first_second, values=values.tolist())
            for name, values in measured.series.items()
        ],
        cuts_ms=measured.cuts_ms,
        pauses=[range_message(pause.start_ms, pause.end_ms) for pause in measured.pauses],
        complete_until_ms=measured.complete_until_ms,
        completeness=[
            ModalityCompleteness(modality=modality_message(modality), complete_until_ms=until_ms)
            for modality, until_ms in measured.completeness.items()
        ],
    )


def _gap(gap: Gap) -> common_pb2.Gap:
    return gap_message(gap.modality, gap.start_ms, gap.end_ms, gap.code, gap.reason)


def _ended(stream: StreamId, ended: Ended) -> VideoSignalsEnded:
    return VideoSignalsEnded(
        stream_id=stream,
        attempt=ended.attempt,
        modalities=[modality_message(modality) for modality in ended.modalities],
        duration_ms=ended.duration_ms,
        failure=failure_message(ended.failure),
    )
