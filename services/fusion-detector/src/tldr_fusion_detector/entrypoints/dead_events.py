"""Records that are given up: what they would have said becomes a gap or a failure, so that no stream waits for ever."""

from dataclasses import dataclass
from typing import Any

from tldr.chat_signals.v1.chat_signals_pb2 import ChatSignalEvent
from tldr.ingestions.v1.ingestions_pb2 import IngestionEvent
from tldr.streams.v1.streams_pb2 import StreamEvent
from tldr.video_signals.v1.video_signals_pb2 import VideoSignalEvent
from tldr_bus import Received, unknown_fact
from tldr_contracts.ids import RunId, StreamId
from tldr_database import Transaction
from tldr_fusion_detector.adapters.requests_protobuf import request_of
from tldr_fusion_detector.adapters.work_postgres import PostgresWork, WorkFactory
from tldr_fusion_detector.application.signals.coverage import MEDIA
from tldr_fusion_detector.application.signals.reported_gap import ReportedGap
from tldr_fusion_detector.application.stream_record import Request
from tldr_fusion_detector.domain.signals.signals import Modality
from tldr_streams.values import Failure

CODE = "event_unreadable"
REASON = "Something that was measured could not be stored. Ask the operator to look at the dead letters."


@dataclass(frozen=True, slots=True)
class DeadEvents:
    """Called in the transaction that gives a record up. They touch as little of the record as they can."""

    work: WorkFactory

    async def on_stream(self, transaction: Transaction, received: Received[StreamEvent], reason: str) -> None:
        """Without its request a run can never be made: it fails. Other decisions wait for a redrive."""
        match received.kind:
            case "requested":
                requested = received.message.requested
                whole = request_of(requested)
                bare = Request(whole.priority, whole.mode, whole.chat, {})
                follow = self._work(transaction, received).follow_stream
                failure = Failure("request_unreadable", "The request could not be stored. Submit the stream again.")
                await follow.unreadable(StreamId(received.subject), max(requested.attempt, 1), bare, failure)
            case "rescore_requested":
                run = RunId(received.message.rescore_requested.run_id)
                failure = Failure("request_unreadable", "The request could not be stored. Ask for the rescore again.")
                await self._work(transaction, received).rescore.unreadable(StreamId(received.subject), run, failure)
            case "retried" | "failed" | "completed" | "cancelled" | "deleted" | "started" | "stopped" | "key_rotated":
                pass  # these wait for a redrive
            case "key_rotated" | "live" | "interrupted" | "resumed" | "input_ended":
                pass  # of no concern to the detector
            case _:
                unknown_fact(received)

    async def on_ingestion(self, transaction: Transaction, received: Received[IngestionEvent], reason: str) -> None:
        """Without its beginning the modalities are not known: as if the source could not be opened."""
        follow, event = self._work(transaction, received).follow_source, received.message
        stream = StreamId(received.subject)
        match received.kind:
            case "started":
                failure = Failure(CODE, REASON)
                await follow.ended(stream, event.started.attempt, duration_ms=0, failure=failure)
            case "ended":
                ended = event.ended
                failure = Failure(ended.failure.code or CODE, REASON)
                await follow.ended(stream, ended.attempt, duration_ms=ended.duration_ms, failure=failure)
            case "gap_found":
                span = event.gap_found.gap.range
                for gap in _gaps(MEDIA, span.start_ms, span.end_ms):
                    await follow.gap_found(stream, gap)
            case "segment_stored" | "waiting" | "interrupted" | "resumed":
                pass  # nothing of them is used
            case _:
                unknown_fact(received)

    async def on_video_signal(
        self, transaction: Transaction, received: Received[VideoSignalEvent], reason: str
    ) -> None:
        """The range is a gap in picture and sound; an end is a bad end."""
        await self._lost(self._work(transaction, received), received, MEDIA)

    async def on_chat_signal(self, transaction: Transaction, received: Received[ChatSignalEvent], reason: str) -> None:
        """The range is a gap in chat; an end is a bad end."""
        await self._lost(self._work(transaction, received), received, (Modality.CHAT,))

    async def _lost(self, work: PostgresWork, received: Received[Any], modalities: tuple[Modality, ...]) -> None:
        stream, fact, record = StreamId(received.subject), received.fact, work.record_signals
        found: Any = fact
        match received.kind:
            case "measured":
                until = found.complete_until_ms
                start = min((series.start_s * 1000 for series in found.series), default=until)
                await record.gap_found(stream, _gaps(modalities, start, until), modalities, until)
            case "gap_found":
                span = found.gap.range
                gaps = _gaps(modalities, span.start_ms, span.end_ms)
                await record.gap_found(stream, gaps, modalities, found.complete_until_ms)
            case "ended":
                await record.ended(
                    stream,
                    found.attempt,
                    modalities,
                    duration_ms=found.duration_ms,
                    failure=Failure(CODE, REASON),
                )
            case _:
                unknown_fact(received)

    def _work(self, transaction: Transaction, received: Received[Any]) -> PostgresWork:
        return self.work(transaction, received.organization, received.lane)


def _gaps(modalities: tuple[Modality, ...], start_ms: int, end_ms: int) -> tuple[ReportedGap, ...]:
    if start_ms >= end_ms:
        return ()
    return tuple(ReportedGap(modality, start_ms, end_ms, CODE, REASON) for modality in modalities)
