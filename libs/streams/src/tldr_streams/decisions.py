"""The gateway's decisions, from their topic to the use case that follows them."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic

from tldr.streams.v1.streams_pb2 import StreamEvent, StreamRequested
from tldr_bus import Received, unknown_fact
from tldr_contracts.ids import RunId, StreamId
from tldr_database import Transaction
from tldr_streams.following import R, S, StreamFollower


@dataclass(frozen=True, slots=True)
class Decisions(Generic[S, R]):
    """Handles `tldr.streams.v1`. `follow` binds a follower to a transaction, `request_of` reads what of a request matters."""

    follow: Callable[[Transaction, Received[StreamEvent]], StreamFollower[S, R]]
    request_of: Callable[[StreamRequested], R]

    async def __call__(self, transaction: Transaction, received: Received[StreamEvent]) -> None:
        """One decision is one call of the follower."""
        follow, stream, event = self.follow(transaction, received), StreamId(received.subject), received.message
        match received.kind:
            case "requested":
                await follow.requested(stream, max(event.requested.attempt, 1), self.request_of(event.requested))
            case "retried":
                await follow.retried(stream, event.retried.attempt)
            case "stopped":
                await follow.stopped(stream)
            case "failed":
                await follow.failed(stream, max(event.failed.attempt, 1))
            case "completed":
                await follow.completed(stream)
            case "cancelled":
                await follow.cancelled(stream)
            case "deleted":
                await follow.deleted(stream)
            case "key_rotated":
                await follow.key_rotated(stream, event.key_rotated.key_digest.hex())
            case "rescore_requested":
                asked = event.rescore_requested
                await follow.rescore_requested(stream, RunId(asked.run_id), make_default=asked.make_default)
            case "started":
                pass  # the gateway's own note
            case "live" | "interrupted" | "resumed" | "input_ended":
                pass  # news for customers; who works on the stream hears of it from ingest
            case _:
                unknown_fact(received)
