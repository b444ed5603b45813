"""Events from the bus: what the mesh reports of streams."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from google.protobuf import json_format

from tldr.common.v1.common_pb2 import Gap
from tldr.deliveries.v1.deliveries_pb2 import DeliveryEvent
from tldr.highlights.v1.highlights_pb2 import HighlightEvent, StreamSettled
from tldr.ingestions.v1.ingestions_pb2 import IngestionEvent
from tldr_bus import Received, Subscription, unknown_fact
from tldr_contracts.ids import RunId, StreamId
from tldr_contracts.topics import DELIVERIES, HIGHLIGHTS, INGESTIONS
from tldr_database import Transaction
from tldr_gateway.adapters.work_postgres import Work, WorkFactory
from tldr_gateway.application.streams.follow_stream import Outcome
from tldr_gateway.domain.streams.stream import Failure
from tldr_gateway.entrypoints.highlight_news import highlight_news
from tldr_gateway.entrypoints.source_events import follow_source
from tldr_secrets import struck


@dataclass(frozen=True, slots=True)
class Events:
    """The handlers of this service."""

    work: WorkFactory

    def subscriptions(self) -> tuple[Subscription[Any], ...]:
        """What this service reads."""
        return (
            Subscription(INGESTIONS, self.on_ingestion, self.on_dead),
            Subscription(HIGHLIGHTS, self.on_highlight, self.on_dead_highlight),
            Subscription(DELIVERIES, self.on_delivery, self.on_dead),
        )

    async def on_ingestion(self, transaction: Transaction, received: Received[IngestionEvent]) -> None:
        """A sign of work."""
        work = self.work(transaction, received.organization)
        stream = StreamId(received.subject)
        match received.kind:
            case "started":
                await work.follow.started(stream, attempt=received.message.started.attempt)
            case "segment_stored" | "gap_found" | "ended" | "waiting" | "interrupted" | "resumed":
                await work.follow.moved(stream, received.time)
            case _:
                unknown_fact(received)
        await follow_source(work, received)

    async def on_highlight(self, transaction: Transaction, received: Received[HighlightEvent]) -> None:
        """A sign of work, or its end."""
        work, event = self.work(transaction, received.organization), received.message
        stream = StreamId(received.subject)
        match received.kind:
            case "settled":
                await _settling(work, event.settled)(stream, outcome_of(event.settled))
            case "ready" | "failed":
                await self._tell(work, received)
                highlight = event.ready.highlight if received.kind == "ready" else event.failed.highlight
                if highlight.rescore:
                    await work.follow_runs.moved(stream, RunId(highlight.run_id))
            case "detected" | "revised":
                await self._tell(work, received)
            case "withdrawn":
                await self._tell(work, received)
                gone = event.withdrawn
                if gone.deleted:
                    await work.follow.highlight_deleted(stream, RunId(gone.run_id), rescore=gone.rescore)
            case _:
                unknown_fact(received)

    async def _tell(self, work: Work, received: Received[HighlightEvent]) -> None:
        stream, news = StreamId(received.subject), highlight_news(received)
        await work.follow.moved(stream, received.time)
        if news:
            await work.feed.tell(stream, news)

    async def on_delivery(self, transaction: Transaction, received: Received[DeliveryEvent]) -> None:
        """What became of a webhook: an endpoint that was switched off goes into the audit log."""
        match received.kind:
            case "endpoint_disabled":
                disabled = received.message.endpoint_disabled
                work = self.work(transaction, received.organization)
                await work.note("webhook_endpoint.disabled", disabled.endpoint_id, received.time)
            case "delivered" | "abandoned":
                pass  # the dispatcher keeps the log of deliveries, and is asked for it
            case _:
                unknown_fact(received)

    async def on_dead(self, transaction: Transaction, received: Received[Any], reason: str) -> None:
        """A sign of work that cannot be read changes nothing; a stream that shows none at all is failed as stalled."""

    async def on_dead_highlight(
        self, transaction: Transaction, received: Received[HighlightEvent], reason: str
    ) -> None:
        """An end that cannot be handled ends the stream, or the run, as failed: nobody waits for it for ever."""
        if received.kind == "settled":
            settled = received.message.settled
            what = "Ask for the rescore again." if settled.rescore else "Retry the stream."
            failure = Failure("outcome_unreadable", f"The outcome could not be stored. {what}")
            outcome = Outcome(RunId(settled.run_id), settled.attempt, failure=failure)
            await _settling(self.work(transaction, received.organization), settled)(StreamId(received.subject), outcome)


def _settling(work: Work, settled: StreamSettled) -> Callable[[StreamId, Outcome], Awaitable[None]]:
    """A rescore ends itself, every other run the stream."""
    return work.follow_runs.settled if settled.rescore else work.follow.settled


def outcome_of(settled: StreamSettled) -> Outcome:
    """What a settled run says, in the application's words."""
    failure = Failure(settled.failure.code, struck(settled.failure.reason)) if settled.HasField("failure") else None
    return Outcome(
        run=RunId(settled.run_id),
        attempt=settled.attempt,
        duration_ms=settled.duration_ms,
        highlights=len(settled.ready_ids) + len(settled.failed_ids),
        gaps=tuple(_gap(gap) for gap in settled.gaps),
        failure=failure,
    )


def _gap(gap: Gap) -> dict[str, Any]:
    document = json_format.MessageToDict(gap, preserving_proto_field_name=True)
    return {**document, "reason": struck(gap.reason)}
