"""Events from the bus: what endpoints want to know."""

from dataclasses import dataclass
from typing import Any

from tldr.detections.v1.detections_pb2 import HighlightDetected
from tldr.highlights.v1.highlights_pb2 import RUN_OUTCOME_COMPLETED, HighlightEvent
from tldr.organizations.v1.organizations_pb2 import OrganizationEvent
from tldr.streams.v1.streams_pb2 import StreamEvent
from tldr_bus import Received, Subscription, unknown_fact
from tldr_contracts.highlight_webhooks import highlight_of
from tldr_contracts.topics import HIGHLIGHTS, ORGANIZATIONS, STREAMS
from tldr_database import Transaction
from tldr_webhook_dispatcher.adapters.messages.content_protobuf import failure_of, rescore_of, source_of
from tldr_webhook_dispatcher.adapters.work_postgres import PostgresWork, WorkFactory
from tldr_webhook_dispatcher.domain.messages import content
from tldr_webhook_dispatcher.domain.messages.content import Content

_ENDS = {"completed", "failed", "cancelled", "deleted"}


@dataclass(frozen=True, slots=True)
class Events:
    """The handlers of this service."""

    work: WorkFactory

    def subscriptions(self) -> tuple[Subscription[Any], ...]:
        """What this service reads."""
        return (
            Subscription(HIGHLIGHTS, self.on_highlight, self.on_dead, also_locks=_events),
            Subscription(STREAMS, self.on_stream, self.on_dead, also_locks=_events),
            Subscription(ORGANIZATIONS, self.on_organization, self.on_dead, also_locks=_events),
        )

    async def on_highlight(self, transaction: Transaction, received: Received[HighlightEvent]) -> None:
        """A highlight, or the end of a run. Of a rescore only the end is told: whoever hears of it lists the run."""
        work, event = self.work(transaction, received.organization), received.message
        stream = received.subject
        match received.kind:
            case "settled" if event.settled.rescore:
                await self._send(work, received, rescore_of(event.settled))
            case "settled" if event.settled.outcome == RUN_OUTCOME_COMPLETED:
                await work.end.settled(stream, lane=received.lane)
            case "settled":
                pass  # a run that failed is followed by StreamFailed, and perhaps by another attempt
            case "detected" | "revised" | "ready" | "failed" if _of_rescore(received):
                pass
            case "detected":
                await self._send(work, received, content.detected(highlight_of(event.detected.highlight)))
            case "revised":
                await self._send(work, received, content.revised(highlight_of(event.revised.highlight)))
            case "ready":
                await self._send(work, received, content.ready(highlight_of(event.ready.highlight)))
            case "failed":
                failure = failure_of(event.failed.failure)
                await self._send(work, received, content.failed(highlight_of(event.failed.highlight), failure))
            case "withdrawn":
                gone = event.withdrawn
                said = content.withdrawn(gone.highlight_id, stream=stream, revision=gone.revision, deleted=gone.deleted)
                await self._send(work, received, said)
            case _:
                unknown_fact(received)

    async def on_stream(self, transaction: Transaction, received: Received[StreamEvent]) -> None:
        """What the gateway decided."""
        work, event = self.work(transaction, received.organization), received.message
        stream = received.subject
        match received.kind:
            case "completed":
                done = event.completed
                await work.end.completed(
                    stream, duration_ms=done.duration_ms, highlights=done.highlights, lane=received.lane
                )
            case "failed":
                failed = content.stream_failed(stream, failure_of(event.failed.failure))
                await work.send(failed, stream=stream, lane=received.lane)
            case "cancelled":
                await work.ends.drop(stream)
                await work.send(content.stream_cancelled(stream), stream=stream, lane=received.lane)
            case "deleted":
                await work.ends.drop(stream)
            case "live" | "interrupted" | "resumed" | "input_ended":
                await self._send(work, received, source_of(event))
            case "requested" | "started" | "retried" | "stopped" | "rescore_requested" | "key_rotated":
                pass  # whoever asked knows, and what comes of it is told
            case _:
                unknown_fact(received)
        if received.kind in _ENDS:
            await work.close(stream)

    async def on_organization(self, transaction: Transaction, received: Received[OrganizationEvent]) -> None:
        """An organization that is gone is told nothing more, and nothing of it is kept."""
        if received.kind == "deleted":
            work = self.work(transaction, received.organization)
            # First the events: whoever tells of one has locked their numbers before it asks for deliveries.
            await work.events.close()
            for endpoint in await work.endpoints.all():
                await work.outgoing.cancel(endpoint.id)
            await work.endpoints.delete_all()
            await work.ends.delete_all()
        elif received.kind != "changed":  # plans and retention do not change what is told
            unknown_fact(received)

    async def on_dead(self, transaction: Transaction, received: Received[Any], reason: str) -> None:
        """A message that cannot be made stays in the dead letters, from where it can be redriven."""

    async def _send(self, work: PostgresWork, received: Received[Any], said: Content) -> None:
        """Of a stream that was cancelled or deleted nothing more is told."""
        if not await work.ends.dropped(received.subject):
            await work.send(said, stream=received.subject, lane=received.lane)


def _events(received: Received[Any]) -> str:
    """Those of the organization, whose numbers are locked as soon as one is told."""
    return f"events of {received.organization}"


def _of_rescore(received: Received[HighlightEvent]) -> bool:
    highlight: HighlightDetected = getattr(received.message, received.kind).highlight
    return highlight.rescore
