"""Events from the bus: each becomes one use case in the transaction of its handler."""

from dataclasses import dataclass
from typing import Any

from tldr.inputs.v1.inputs_pb2 import InputEvent
from tldr.streams.v1.streams_pb2 import StreamEvent
from tldr_bus import Received, Subscription, unknown_fact
from tldr_contracts.ids import StreamId
from tldr_contracts.topics import INPUTS, STREAMS
from tldr_database import Transaction
from tldr_ingest.adapters.streams.inputs_protobuf import pushed_messages
from tldr_ingest.adapters.streams.requests_protobuf import request_of
from tldr_ingest.adapters.streams.work_postgres import WorkFactory
from tldr_ingest.application.follow_stream import FollowStream
from tldr_ingest.application.give_up_reading import GiveUpReading
from tldr_ingest.application.live_chat.take_in_chat import TakeInChat
from tldr_streams.decisions import Decisions


@dataclass(frozen=True, slots=True)
class Events:
    """The handlers of this service."""

    work: WorkFactory

    def subscriptions(self) -> tuple[Subscription[Any], ...]:
        """What this service reads."""
        return (
            Subscription(STREAMS, Decisions(self._follow, request_of), self.on_dead),
            Subscription(INPUTS, self.on_input, self.on_dead_input),
        )

    async def on_input(self, transaction: Transaction, received: Received[InputEvent]) -> None:
        """What customers send into a stream at work."""
        match received.kind:
            case "chat_pushed":
                pushed = received.message.chat_pushed
                messages, deleted = pushed_messages(pushed)
                work = self.work(transaction, received.organization, received.lane)
                await TakeInChat(work)(StreamId(received.subject), messages, deleted, pushed.received_ms)
            case "signals_pushed":
                pass  # the detector's
            case _:
                unknown_fact(received)

    async def on_dead_input(self, transaction: Transaction, received: Received[InputEvent], reason: str) -> None:
        """What cannot be taken in stays in the dead letters, from where it can be redriven; messages are counted as lost."""
        if received.kind == "chat_pushed":
            work = self.work(transaction, received.organization, received.lane)
            await TakeInChat(work).lost(StreamId(received.subject), len(received.message.chat_pushed.messages))

    async def on_dead(self, transaction: Transaction, received: Received[StreamEvent], reason: str) -> None:
        """A decision that cannot be handled: an attempt that was to begin ends at once, since nobody else would end it."""
        work = self.work(transaction, received.organization, received.lane)
        stream, event = StreamId(received.subject), received.message
        match received.kind:
            case "requested":
                await FollowStream(work).requested(stream, max(event.requested.attempt, 1), None)
            case "retried":
                await GiveUpReading(work).attempt(stream, event.retried.attempt)

    def _follow(self, transaction: Transaction, received: Received[StreamEvent]) -> FollowStream:
        return FollowStream(self.work(transaction, received.organization, received.lane))
