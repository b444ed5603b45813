"""Events from the bus: what endpoints want to know."""

from dataclasses import dataclass
from typing import Any

from tldr.detections.v1.detections_pb2 import HighlightDetected
from tldr.highlights.v1.highlights_pb2 import RUN_OUTCOME_COMPLETED, HighlightEvent, StreamSettled
from tldr.organizations.v1.organizations_pb2 import OrganizationEvent
from tldr.streams.v1.streams_pb2 import StreamEvent
from tldr_bus import Received, Subscription
from tldr_contracts.topics import HIGHLIGHTS, ORGANIZATIONS, STREAMS
from tldr_database import Transaction
from tldr_webhook_dispatcher.adapters.work_postgres import PostgresWork, WorkFactory

_ENDS = {"completed", "failed", "cancelled", "deleted"}


@dataclass(frozen=True, slots=True)
class Events:
    """The handlers of this service."""

    work: WorkFactory

    def subscriptions(self) -> tuple[Subscription[Any], ...]:
        """What this service reads."""
        return (
            Subscription(HIGHLIGHTS, self.on_highlight, self.on_dead),
            Subscription(STREAMS, self.on_stream, self.on_dead),
            Subscription(ORGANIZATIONS, self.on_organization, self.on_dead),
        )

    async def on_highlight(self, transaction: Transaction, received: Received[HighlightEvent]) -> None:
        """A highlight, or the end of a run."""
        work, event = self.work(transaction, received.organization), received.message
        stream = received.subject
        if received.kind == "settled" and not event.settled.rescore:
            # A run that failed is followed by StreamFailed, and perhaps by another attempt.
            if event.settled.outcome == RUN_OUTCOME_COMPLETED:
                await work.end.settled(stream, lane=received.lane)
            return
        # Of a rescore only the end is told: whoever hears of it lists the run.
        if await work.ends.dropped(stream) or event.ready.highlight.rescore or event.failed.highlight.rescore:
            return
        match received.kind:
            case "settled":
                await self._send(work, received, *rescore_data(event.settled))
            case "ready":
                await self._send(work, received, "highlight.ready", highlight_data(event.ready.highlight, clip=True))
            case "failed":
                data = highlight_data(event.failed.highlight, clip=False)
                failure = {"code": event.failed.failure.code, "reason": event.failed.failure.reason}
                await self._send(work, received, "highlight.failed", {**data, "failure": failure})
            case "withdrawn":
                data = {"id": event.withdrawn.highlight_id, "stream_id": stream}
                await self._send(work, received, "highlight.withdrawn", data)

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
                failure = {"code": event.failed.failure.code, "reason": event.failed.failure.reason}
                await self._send(work, received, "stream.failed", {"stream_id": stream, "failure": failure})
            case "cancelled":
                await work.ends.drop(stream)
                await self._send(work, received, "stream.cancelled", {"stream_id": stream})
            case "deleted":
                await work.ends.drop(stream)
        if received.kind in _ENDS:
            await work.close(stream)

    async def on_organization(self, transaction: Transaction, received: Received[OrganizationEvent]) -> None:
        """An organization that is gone is told nothing more, and nothing of it is kept."""
        if received.kind == "deleted":
            work = self.work(transaction, received.organization)
            for endpoint in await work.endpoints.all():
                await work.outgoing.cancel(endpoint.id)
            await work.endpoints.delete_all()
            await work.ends.delete_all()

    async def on_dead(self, transaction: Transaction, received: Received[Any], reason: str) -> None:
        """A message that cannot be made stays in the dead letters, from where it can be redriven."""

    async def _send(self, work: PostgresWork, received: Received[Any], kind: str, data: dict[str, Any]) -> None:
        await work.send(kind, data, stream=received.subject, lane=received.lane)


def rescore_data(settled: StreamSettled) -> tuple[str, dict[str, Any]]:
    """Type and content of the one webhook about a rescore."""
    data = {"stream_id": settled.stream_id, "run_id": settled.run_id}
    if settled.outcome != RUN_OUTCOME_COMPLETED:
        return "rescore.failed", {**data, "failure": {"code": settled.failure.code, "reason": settled.failure.reason}}
    ready, failed = len(settled.ready_ids), len(settled.failed_ids)
    return "rescore.completed", {
        **data,
        "duration_ms": settled.duration_ms,
        "highlight_count": ready + failed,
        "failed_count": failed,
    }


def highlight_data(highlight: HighlightDetected, *, clip: bool) -> dict[str, Any]:
    """A highlight as a webhook tells it."""
    path = f"/v1/highlights/{highlight.highlight_id}"
    return {
        "id": highlight.highlight_id,
        "stream_id": highlight.stream_id,
        "revision": highlight.revision,
        "start_ms": highlight.range.start_ms,
        "end_ms": highlight.range.end_ms,
        "peak_ms": highlight.peak_ms,
        "types": list(highlight.types),
        "score": highlight.score,
        "confidence": highlight.confidence,
        "title": highlight.title,
        "reason": highlight.reason,
        "clip_path": f"{path}/clip" if clip else None,
    }
