"""Pushed chat and signals over the gateway's outbox."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from tldr.inputs.v1 import inputs_pb2
from tldr_bus import Outbox, Publication
from tldr_contracts.topics import INPUTS
from tldr_database import Transaction
from tldr_gateway.domain.streams.pushed import Moment, PushedMessage, PushedSample
from tldr_gateway.domain.streams.submission import Stream

_EVENT_BYTES = 800_000
"""Of the items in an event; with its wrapper it stays below what the bus takes."""
_ITEM_OVERHEAD = 8
"""Bytes that a repeated field adds to an item: its tag and its length."""


@dataclass(frozen=True, slots=True)
class OutboxInputs:
    """Publishes on `tldr.inputs.v1` in the transaction at hand, in the stream's lane."""

    outbox: Outbox
    transaction: Transaction

    async def chat(self, stream: Stream, messages: Sequence[PushedMessage], *, received_ms: int) -> None:
        """Publish ChatPushed, several where they are large."""
        for part in _parts([_message(message) for message in messages]):
            pushed = inputs_pb2.ChatPushed(stream_id=stream.id, messages=part, received_ms=received_ms)
            await self._publish(stream, inputs_pb2.InputEvent(chat_pushed=pushed))

    async def signals(self, stream: Stream, samples: Sequence[PushedSample], *, received_ms: int) -> None:
        """Publish SignalsPushed, several where they are large."""
        for part in _parts([_sample(sample) for sample in samples]):
            pushed = inputs_pb2.SignalsPushed(stream_id=stream.id, samples=part, received_ms=received_ms)
            await self._publish(stream, inputs_pb2.InputEvent(signals_pushed=pushed))

    async def _publish(self, stream: Stream, event: inputs_pb2.InputEvent) -> None:
        await self.outbox.append(
            self.transaction, Publication(INPUTS, event, stream.organization, stream.id, stream.lane)
        )


def _parts(items: Sequence[Any]) -> Iterator[Sequence[Any]]:
    part: list[Any] = []
    size = 0
    for item in items:
        bytes = item.ByteSize() + _ITEM_OVERHEAD
        if part and size + bytes > _EVENT_BYTES:
            yield part
            part, size = [], 0
        part.append(item)
        size += bytes
    if part:
        yield part


def _message(message: PushedMessage) -> inputs_pb2.PushedMessage:
    return inputs_pb2.PushedMessage(
        id=message.id,
        author=message.author,
        text=message.text,
        emotes=message.emotes,
        deleted=message.deleted,
        **_moment(message.at),
    )


def _sample(sample: PushedSample) -> inputs_pb2.PushedSample:
    return inputs_pb2.PushedSample(signal=sample.signal, value=sample.value, **_moment(sample.at))


def _moment(at: Moment) -> dict[str, int]:
    known = {"wall_ms": at.wall_ms, "stream_ms": at.stream_ms}
    return {name: value for name, value in known.items() if value is not None}
