"""Events from the bus: each becomes one use case in the transaction of its handler."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from tldr.ingestions.v1.ingestions_pb2 import IngestionEvent
from tldr.streams.v1.streams_pb2 import StreamEvent
from tldr_bus import Received, Subscription, unknown_fact
from tldr_contracts.ids import StreamId
from tldr_contracts.topics import INGESTIONS, STREAMS
from tldr_database import Transaction
from tldr_streams.decisions import Decisions
from tldr_streams.messages import failure_of
from tldr_streams.values import Failure
from tldr_video_analysis.adapters.streams.ingestions_protobuf import (
    gap_of,
    modalities_of,
    request_of,
    segment_of,
)
from tldr_video_analysis.application.follow_source import FollowSource
from tldr_video_analysis.application.follow_stream import FollowStream
from tldr_video_analysis.application.plan_windows import PlanWindows
from tldr_video_analysis.application.ports import Work
from tldr_video_analysis.domain.streams.analysed_stream import Request, WindowLengths

_LOST = Failure("event_unreadable", "The end of the source could not be stored. Ask the operator to look at it.")


@dataclass(frozen=True, slots=True)
class Events:
    """The handlers of this service. `work` binds adapters to a transaction, an organization and a lane."""

    work: Callable[[Transaction, str, int], Work]
    lengths: WindowLengths

    def subscriptions(self) -> tuple[Subscription[Any], ...]:
        """What this service reads."""
        return (
            Subscription(INGESTIONS, self.on_ingestion, self.on_dead_ingestion, self.on_ingestions),
            Subscription(STREAMS, Decisions(self._follow_stream, request_of), self.on_dead_stream),
        )

    async def on_ingestions(self, transaction: Transaction, received: Sequence[Received[IngestionEvent]]) -> None:
        """Segments that follow one another are kept at once."""
        for (_, kind), run in groupby(received, key=lambda one: (one.subject, one.kind)):
            events = list(run)
            if kind == "segment_stored":
                await self._stored(transaction, events)
                continue
            for event in events:
                await self.on_ingestion(transaction, event)

    async def on_ingestion(self, transaction: Transaction, received: Received[IngestionEvent]) -> None:
        """The source as it is read."""
        follow, stream = self._follow_source(transaction, received), StreamId(received.subject)
        match received.kind:
            case "started":
                started = received.message.started
                await follow.opened(stream, max(started.attempt, 1), modalities_of(started.modalities))
            case "segment_stored":
                await self._stored(transaction, [received])
            case "gap_found":
                gap = gap_of(received.message.gap_found.gap)
                if gap is not None:
                    await follow.gap_found(stream, gap)
            case "ended":
                ended = received.message.ended
                failure = failure_of(ended.failure)
                await follow.ended(stream, max(ended.attempt, 1), duration_ms=ended.duration_ms, failure=failure)
            case "waiting" | "interrupted" | "resumed":
                pass  # what a pause left out is a gap
            case _:
                unknown_fact(received)

    async def on_dead_ingestion(
        self, transaction: Transaction, received: Received[IngestionEvent], reason: str
    ) -> None:
        """An end is a bad end. A segment leaves a hole that its neighbours, or the end, show. Without its beginning a
        source is taken to have picture and sound. Gaps are read by fusion-detector from the source as well.
        """
        if received.kind == "ended":
            ended = received.message.ended
            follow, stream = self._follow_source(transaction, received), StreamId(received.subject)
            await follow.ended(stream, max(ended.attempt, 1), duration_ms=max(ended.duration_ms, 0), failure=_LOST)

    async def on_dead_stream(self, transaction: Transaction, received: Received[StreamEvent], reason: str) -> None:
        """A request still lets the work begin, in the usual way; other decisions wait for a redrive."""
        if received.kind == "requested":
            attempt = max(received.message.requested.attempt, 1)
            usual = Request(priority=0, thorough=False, live=False)
            await self._follow_stream(transaction, received).requested(StreamId(received.subject), attempt, usual)

    async def _stored(self, transaction: Transaction, received: Sequence[Received[IngestionEvent]]) -> None:
        segments = [segment_of(one.message.segment_stored) for one in received]
        await self._follow_source(transaction, received[0]).stored(StreamId(received[0].subject), segments)

    def _follow_source(self, transaction: Transaction, received: Received[Any]) -> FollowSource:
        work = self.work(transaction, received.organization, received.lane)
        return FollowSource(work, PlanWindows(work, self.lengths))

    def _follow_stream(self, transaction: Transaction, received: Received[Any]) -> FollowStream:
        work = self.work(transaction, received.organization, received.lane)
        return FollowStream(work, PlanWindows(work, self.lengths))
