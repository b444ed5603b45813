"""A customer sends chat or external signals into a stream at work."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from tldr_contracts.ids import StreamId
from tldr_gateway.application.ports import Streams
from tldr_gateway.application.streams.errors import ChatNotPushed, SignalsNotDeclared, StreamNotFound, StreamOver
from tldr_gateway.domain.streams.pushed import PushedMessage, PushedSample, one_a_second
from tldr_gateway.domain.streams.submission import Stream
from tldr_service import Clock


class Inputs(Protocol):
    """Tells the services that wait for it; in the order of the calls, in as many events as it needs."""

    async def chat(self, stream: Stream, messages: Sequence[PushedMessage], *, received_ms: int) -> None:
        """Chat messages. `received_ms`: since 1970."""

    async def signals(self, stream: Stream, samples: Sequence[PushedSample], *, received_ms: int) -> None:
        """Figures of external signals. `received_ms`: since 1970."""


@dataclass(frozen=True, slots=True)
class PushInputs:
    """StreamNotFound for a stream that is not theirs, StreamOver for one that has ended."""

    streams: Streams
    inputs: Inputs
    clock: Clock

    async def chat(self, stream: StreamId, messages: Sequence[PushedMessage]) -> None:
        """ChatNotPushed where the stream's chat comes from elsewhere."""
        found = await self._mine(stream)
        if not found.takes_chat:
            raise ChatNotPushed
        await self.inputs.chat(found, messages, received_ms=self._now_ms)

    async def signals(self, stream: StreamId, samples: Sequence[PushedSample]) -> int:
        """How many were taken: one for each signal and second. SignalsNotDeclared where one of them was not announced."""
        found = await self._mine(stream)
        if not {sample.signal for sample in samples} <= set(found.signals):
            raise SignalsNotDeclared(", ".join(found.signals))
        taken = one_a_second(samples)
        await self.inputs.signals(found, taken, received_ms=self._now_ms)
        return len(taken)

    async def _mine(self, stream: StreamId) -> Stream:
        found = await self.streams.get(stream)
        if found is None:
            raise StreamNotFound
        if found.state.terminal:
            raise StreamOver(found.state)
        return found

    @property
    def _now_ms(self) -> int:
        return round(1000 * self.clock.now().timestamp())
