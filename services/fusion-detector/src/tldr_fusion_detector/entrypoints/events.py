"""Events from the bus: each becomes one use case in the transaction of its handler."""

from dataclasses import dataclass, replace
from typing import Any

from tldr.chat_signals.v1.chat_signals_pb2 import ChatSignalEvent
from tldr.ingestions.v1.ingestions_pb2 import IngestionEvent
from tldr.inputs.v1.inputs_pb2 import InputEvent
from tldr.streams.v1.streams_pb2 import StreamEvent
from tldr.video_signals.v1.video_signals_pb2 import VideoSignalEvent
from tldr_bus import Received, Subscription, unknown_fact
from tldr_contracts.ids import RunId, StreamId
from tldr_contracts.topics import CHAT_SIGNALS, INGESTIONS, INPUTS, STREAMS, VIDEO_SIGNALS
from tldr_database import Transaction
from tldr_fusion_detector.adapters.requests_protobuf import profile_document, request_of
from tldr_fusion_detector.adapters.signals.signals_protobuf import (
    chat_measurement,
    modality_of,
    pushed_samples,
    reported_gap,
    video_measurements,
)
from tldr_fusion_detector.adapters.work_postgres import PostgresWork, WorkFactory
from tldr_fusion_detector.application.follow_stream import FollowStream
from tldr_fusion_detector.application.signals.coverage import MEDIA
from tldr_fusion_detector.domain.signals.signals import Modality
from tldr_fusion_detector.entrypoints.dead_events import DeadEvents
from tldr_streams.decisions import Decisions
from tldr_streams.messages import failure_of

CHAT_ONLY = (Modality.CHAT,)


@dataclass(frozen=True, slots=True)
class Events:
    """The handlers of this service."""

    work: WorkFactory

    def subscriptions(self) -> tuple[Subscription[Any], ...]:
        """What this service reads."""
        dead = DeadEvents(self.work)
        return (
            Subscription(STREAMS, self.on_stream, dead.on_stream),
            Subscription(INGESTIONS, self.on_ingestion, dead.on_ingestion),
            Subscription(INPUTS, self.on_input, self.on_dead_input),
            Subscription(VIDEO_SIGNALS, self.on_video_signal, dead.on_video_signal),
            Subscription(CHAT_SIGNALS, self.on_chat_signal, dead.on_chat_signal),
        )

    async def on_stream(self, transaction: Transaction, received: Received[StreamEvent]) -> None:
        """What the gateway decided, and further runs that are asked for."""
        if received.kind != "rescore_requested":
            await Decisions(self._follow, request_of)(transaction, received)
            return
        asked = received.message.rescore_requested
        rescore = self._work(transaction, received).rescore
        await rescore(StreamId(received.subject), RunId(asked.run_id), profile_document(asked.profile))

    async def on_ingestion(self, transaction: Transaction, received: Received[IngestionEvent]) -> None:
        """The source as it is read."""
        follow, event = self._work(transaction, received).follow_source, received.message
        stream = StreamId(received.subject)
        match received.kind:
            case "started":
                started = event.started
                modalities = tuple(modality_of(modality) for modality in started.modalities)
                await follow.opened(
                    stream,
                    started.attempt,
                    modalities,
                    claimed_ms=started.claimed_duration_ms,
                    wall_zero_ms=started.wall_zero_ms,
                )
            case "gap_found":
                await follow.gap_found(stream, reported_gap(event.gap_found.gap))
            case "ended":
                ended = event.ended
                failure = failure_of(ended.failure)
                await follow.ended(stream, ended.attempt, duration_ms=ended.duration_ms, failure=failure)
            case "segment_stored" | "waiting" | "interrupted" | "resumed":
                pass  # segments are for those who decode them; what a pause left out is a gap
            case _:
                unknown_fact(received)

    async def on_input(self, transaction: Transaction, received: Received[InputEvent]) -> None:
        """What customers send into a stream at work."""
        match received.kind:
            case "signals_pushed":
                push = self._work(transaction, received).push_signals
                await push(StreamId(received.subject), pushed_samples(received.message.signals_pushed))
            case "chat_pushed":
                pass  # chat comes as it was measured
            case _:
                unknown_fact(received)

    async def on_dead_input(self, transaction: Transaction, received: Received[InputEvent], reason: str) -> None:
        """What cannot be taken in stays in the dead letters, from where it can be redriven."""

    async def on_video_signal(self, transaction: Transaction, received: Received[VideoSignalEvent]) -> None:
        """Picture and sound as they were measured."""
        record, event = self._work(transaction, received).record_signals, received.message
        stream = StreamId(received.subject)
        match received.kind:
            case "measured":
                for measurement in video_measurements(event.measured, MEDIA):
                    await record.measured(stream, measurement)
            case "gap_found":
                found = event.gap_found
                await record.gap_found(stream, (reported_gap(found.gap),), MEDIA, found.complete_until_ms)
            case "ended":
                ended = event.ended
                modalities = tuple(modality_of(modality) for modality in ended.modalities) or MEDIA
                failure = failure_of(ended.failure)
                await record.ended(stream, ended.attempt, modalities, duration_ms=ended.duration_ms, failure=failure)
            case _:
                unknown_fact(received)

    async def on_chat_signal(self, transaction: Transaction, received: Received[ChatSignalEvent]) -> None:
        """Chat as it was measured."""
        record, event = self._work(transaction, received).record_signals, received.message
        stream = StreamId(received.subject)
        match received.kind:
            case "measured":
                await record.measured(stream, chat_measurement(event.measured, CHAT_ONLY))
            case "gap_found":
                found = event.gap_found
                await record.gap_found(stream, (reported_gap(found.gap),), CHAT_ONLY, found.complete_until_ms)
            case "ended":
                ended = event.ended
                failure = failure_of(ended.failure)
                await record.ended(stream, ended.attempt, CHAT_ONLY, duration_ms=ended.duration_ms, failure=failure)
            case _:
                unknown_fact(received)

    def _follow(self, transaction: Transaction, received: Received[StreamEvent]) -> FollowStream:
        follow = self._work(transaction, received).follow_stream
        failure = failure_of(received.message.failed.failure)
        return replace(follow, failure=failure) if failure else follow

    def _work(self, transaction: Transaction, received: Received[Any]) -> PostgresWork:
        return self.work(transaction, received.organization, received.lane)
