"""Events from the bus: each becomes one use case in the transaction of its handler."""

from dataclasses import dataclass
from typing import Any

from tldr.detections.v1.detections_pb2 import DetectionEvent
from tldr.ingestions.v1.ingestions_pb2 import IngestionEvent, SegmentStored
from tldr.organizations.v1.organizations_pb2 import OrganizationEvent
from tldr.streams.v1.streams_pb2 import SOURCE_KIND_LIVE, StreamEvent, StreamRequested
from tldr_bus import Received, Subscription, unknown_fact
from tldr_contracts.ids import HighlightId, RunId, StreamId
from tldr_contracts.topics import DETECTIONS, INGESTIONS, ORGANIZATIONS, STREAMS
from tldr_database import Transaction
from tldr_highlight_store.adapters.highlights.detections_protobuf import (
    completed_run,
    failed_run,
    highlight_of,
    verdict_of,
)
from tldr_highlight_store.adapters.streams.organizations_postgres import PostgresOrganizations
from tldr_highlight_store.adapters.work_postgres import PostgresWork, WorkFactory
from tldr_highlight_store.application.highlights.record_highlight import RecordHighlight
from tldr_highlight_store.application.highlights.record_verdict import RecordVerdict
from tldr_highlight_store.application.highlights.retract_highlight import RetractHighlight
from tldr_highlight_store.application.highlights.settle_run import EndRun
from tldr_highlight_store.application.streams.follow_source import FollowSource
from tldr_highlight_store.application.streams.follow_stream import FollowStream
from tldr_highlight_store.domain.highlights.run import Run
from tldr_highlight_store.domain.streams.segment import Segment
from tldr_highlight_store.domain.streams.stream import Request
from tldr_streams.decisions import Decisions
from tldr_streams.values import Failure


@dataclass(frozen=True, slots=True)
class Events:
    """The handlers of this service."""

    work: WorkFactory

    def subscriptions(self) -> tuple[Subscription[Any], ...]:
        """What this service reads."""
        return (
            Subscription(DETECTIONS, self.on_detection, self.on_dead_detection),
            Subscription(INGESTIONS, self.on_ingestion, self.on_dead_ingestion),
            Subscription(STREAMS, Decisions(self._follow, request_of), self.on_dead),
            Subscription(ORGANIZATIONS, self.on_organization, self.on_dead),
        )

    async def on_detection(self, transaction: Transaction, received: Received[DetectionEvent]) -> None:
        """A highlight or the end of a run."""
        work, event = self._work(transaction, received), received.message
        match received.kind:
            case "detected":
                record = RecordHighlight(work.streams, work.highlights, work.clips, work.announcements, work.settle)
                await record(highlight_of(event.detected))
            case "retracted":
                retract = RetractHighlight(work.streams, work.highlights, work.announcements)
                await retract(HighlightId(event.retracted.highlight_id), event.retracted.revision)
            case "judged":
                await RecordVerdict(work)(HighlightId(event.judged.highlight_id), verdict_of(event.judged))
            case "completed":
                await EndRun(work.streams, work.runs, work.settle)(completed_run(event.completed))
            case "failed":
                await EndRun(work.streams, work.runs, work.settle)(failed_run(event.failed))
            case _:
                unknown_fact(received)

    async def on_ingestion(self, transaction: Transaction, received: Received[IngestionEvent]) -> None:
        """The source as it is read."""
        follow = FollowSource(self._work(transaction, received))
        match received.kind:
            case "segment_stored":
                stored = received.message.segment_stored
                await follow.segment_stored(StreamId(stored.stream_id), segment_of(stored))
            case "ended":
                ended = received.message.ended
                await follow.ended(StreamId(ended.stream_id), attempt=ended.attempt, duration_ms=ended.duration_ms)
            case "started" | "gap_found" | "waiting" | "interrupted" | "resumed":
                pass  # a clip is cut from what is there
            case _:
                unknown_fact(received)

    async def on_dead_detection(
        self, transaction: Transaction, received: Received[DetectionEvent], reason: str
    ) -> None:
        """A detection that cannot be handled ends its run as failed: nobody waits for it for ever."""
        fact = received.fact
        run = RunId(getattr(fact, "run_id", ""))
        if run:
            failure = Failure(
                "detection_unreadable", "A detection could not be stored. Ask the operator to look at the dead letters."
            )
            work, stream = self._work(transaction, received), StreamId(received.subject)
            attempt = getattr(fact, "attempt", 0) or (await work.streams.get(stream)).attempt
            ended = Run(run, stream, attempt, failure=failure, rescore=getattr(fact, "rescore", False))
            await EndRun(work.streams, work.runs, work.settle)(ended)

    async def on_organization(self, transaction: Transaction, received: Received[OrganizationEvent]) -> None:
        """How long an organization keeps things."""
        organizations = PostgresOrganizations(transaction, received.organization)
        if received.kind == "changed":
            changed = received.message.changed
            await organizations.put(
                changed.version,
                segment_days=changed.segment_retention_days,
                highlight_days=changed.highlight_retention_days,
                dvr_minutes=changed.dvr_minutes,
            )
        elif received.kind == "deleted":
            await organizations.delete(received.message.deleted.version)
        else:
            unknown_fact(received)

    async def on_dead_ingestion(
        self, transaction: Transaction, received: Received[IngestionEvent], reason: str
    ) -> None:
        """A segment that is not known fails the clips that need it; an end that cannot be kept is one all the same."""
        if received.kind == "ended":
            await self.on_ingestion(transaction, received)

    async def on_dead(self, transaction: Transaction, received: Received[Any], reason: str) -> None:
        """The dead letter keeps it, and redriving it is safe."""

    def _follow(self, transaction: Transaction, received: Received[StreamEvent]) -> FollowStream:
        return FollowStream(self._work(transaction, received))

    def _work(self, transaction: Transaction, received: Received[Any]) -> PostgresWork:
        return self.work(transaction, received.organization, received.lane)


def request_of(requested: StreamRequested) -> Request:
    """What of a request matters here."""
    return Request(requested.priority, requested.source.kind == SOURCE_KIND_LIVE)


def segment_of(stored: SegmentStored) -> Segment:
    """The segment a message speaks of."""
    return Segment(
        index=stored.index,
        start_ms=stored.range.start_ms,
        end_ms=stored.range.end_ms,
        bucket=stored.object.bucket,
        key=stored.object.key,
        size_bytes=stored.object.size_bytes,
        container=stored.container,
        offset_ms=stored.offset_ms,
        decode_from=stored.decode_from,
    )
