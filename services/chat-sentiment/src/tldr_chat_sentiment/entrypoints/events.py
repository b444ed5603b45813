"""Events from the bus: each becomes one use case in the transaction of its handler."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tldr.chat.v1.chat_pb2 import ChatEvent
from tldr.streams.v1.streams_pb2 import StreamEvent
from tldr_bus import Received, Subscription, unknown_fact
from tldr_chat_sentiment.adapters.chat_protobuf import end_of, gap_of, window_of
from tldr_chat_sentiment.application.follow_stream import FollowStream
from tldr_chat_sentiment.application.ports import Work
from tldr_chat_sentiment.application.record_chat import RecordChat
from tldr_contracts.ids import StreamId
from tldr_contracts.topics import CHAT, STREAMS
from tldr_database import Transaction
from tldr_streams.decisions import Decisions
from tldr_streams.values import Failure

_LOST = Failure("chat_not_kept", "A part of the chat could not be kept. What was written in it is not counted.")


@dataclass(frozen=True, slots=True)
class Events:
    """The handlers of this service. `work` binds adapters to a transaction, an organization and a lane."""

    work: Callable[[Transaction, str, int], Work]

    def subscriptions(self) -> tuple[Subscription[Any], ...]:
        """What this service reads."""
        return (
            Subscription(CHAT, self.on_chat, self.on_dead_chat),
            Subscription(STREAMS, Decisions(self._follow, lambda requested: requested.priority), self.on_dead_stream),
        )

    async def on_chat(self, transaction: Transaction, received: Received[ChatEvent]) -> None:
        """A window, a gap, or the end."""
        await self._record(transaction, received, None)

    async def on_dead_chat(self, transaction: Transaction, received: Received[ChatEvent], reason: str) -> None:
        """A window leaves its gap, and the end flows on as a bad one."""
        await self._record(transaction, received, _LOST)

    async def on_dead_stream(self, transaction: Transaction, received: Received[StreamEvent], reason: str) -> None:
        """A decision has no range: the dead letter keeps it, and redriving it is safe."""

    async def _record(self, transaction: Transaction, received: Received[ChatEvent], lost: Failure | None) -> None:
        record, stream, event = (
            RecordChat(self._work(transaction, received)),
            StreamId(received.subject),
            received.message,
        )
        match received.kind:
            case "window_read":
                await record(stream, window_of(event.window_read), lost)
            case "gap_found":
                await record(stream, gap_of(event.gap_found), lost)
            case "ended":
                await record(stream, end_of(event.ended), lost)
            case _:
                unknown_fact(received)

    def _follow(self, transaction: Transaction, received: Received[StreamEvent]) -> FollowStream:
        return FollowStream(self._work(transaction, received))

    def _work(self, transaction: Transaction, received: Received[Any]) -> Work:
        return self.work(transaction, received.organization, received.lane)
