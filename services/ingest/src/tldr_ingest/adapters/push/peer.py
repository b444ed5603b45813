"""One connection as messages: the greeting, chunks in and out, acknowledgements, and how fast it may send."""

from __future__ import annotations

import asyncio
from asyncio import StreamReader, StreamWriter
from collections import deque
from collections.abc import Iterable

from tldr_ingest.domain.push import handshake
from tldr_ingest.domain.push.chunks import ChunkReader
from tldr_ingest.domain.push.commands import WINDOW_BYTES
from tldr_ingest.domain.push.limits import ProtocolBroken, RtmpLimits
from tldr_ingest.domain.push.messages import MessageType, RtmpMessage, chunked, control

_READ_BYTES = 64 << 10
_FIRST_CHUNK_BYTES = 128
_SMALLEST_WINDOW = 1 << 14
_UNTAKEN_BYTES = 64 << 10
_WRITE_S = 5.0
_BURST_S = 10.0
_CHUNK_COST = 128
"""What a chunk costs in time, as bytes: some send a byte in each."""


class PatientReader(StreamReader):
    """A publisher that resets its connection is one that has gone: what it sent before is read all the same."""

    def set_exception(self, exc: Exception) -> None:
        """The connection was lost."""
        self.feed_eof()


class Peer:
    """What is not read is held back by TCP, so a reader that waits slows its publisher down."""

    def __init__(self, reader: StreamReader, writer: StreamWriter, limits: RtmpLimits, bytes_per_s: int) -> None:
        self._reader = reader
        self._writer = writer
        self._limits = limits
        self._chunks = ChunkReader(limits)
        self._messages: deque[RtmpMessage] = deque()
        self._chunk_bytes = _FIRST_CHUNK_BYTES
        self._window = WINDOW_BYTES
        self._received = 0
        self._acknowledged = 0
        self._bytes_per_s = bytes_per_s
        self._clock = asyncio.get_running_loop().time
        self._began_s = self._clock()

    @property
    def received_bytes(self) -> int:
        """Since it was greeted."""
        return self._received

    async def greet(self) -> None:
        """Raises ProtocolBroken, and IncompleteReadError for who goes."""
        greeting = await self._reader.readexactly(handshake.GREETING_BYTES)
        self._writer.write(handshake.answer(greeting))
        await self._drain()
        await self._reader.readexactly(handshake.RETURN_BYTES)

    async def message(self) -> RtmpMessage | None:
        """The next one, None when the peer has gone. Raises ProtocolBroken."""
        while not self._messages:
            await self._hold_back()
            data = await self._reader.read(_READ_BYTES)
            if not data:
                return None
            self._received += len(data)
            self._messages += [message for message in self._chunks.feed(data) if not self._mind(message)]
            self._acknowledge()
        return self._messages.popleft()

    async def send(self, messages: Iterable[RtmpMessage]) -> None:
        """Raises TimeoutError where the peer takes nothing."""
        for message in messages:
            number = 2 if message.type < MessageType.AUDIO else 3
            self._writer.write(chunked(message, chunk_stream=number, chunk_bytes=self._chunk_bytes))
            if message.type == MessageType.SET_CHUNK_SIZE:
                self._chunk_bytes = int.from_bytes(message.payload, "big")
        await self._drain()

    def _mind(self, message: RtmpMessage) -> bool:
        """Whether the message was about the connection itself."""
        if message.type == MessageType.WINDOW_SIZE:
            if len(message.payload) < 4:
                raise ProtocolBroken("a control message is too short")
            self._window = max(_SMALLEST_WINDOW, int.from_bytes(message.payload[:4], "big"))
        return message.type < MessageType.AUDIO

    def _acknowledge(self) -> None:
        """Not waited for: one that has gone is read to its end, and one that takes nothing is told nothing."""
        if self._received - self._acknowledged < self._window:
            return
        self._acknowledged = self._received
        if self._writer.transport.get_write_buffer_size() < _UNTAKEN_BYTES:
            said = control(MessageType.ACKNOWLEDGEMENT, self._received % 2**32)
            self._writer.write(chunked(said, chunk_stream=2, chunk_bytes=self._chunk_bytes))

    async def _hold_back(self) -> None:
        """Who sends more than is allowed is read more slowly; ten seconds of it may come at once."""
        if not self._bytes_per_s:
            return
        now_s, paid_s = self._clock(), (self._received + _CHUNK_COST * self._chunks.chunks) / self._bytes_per_s
        self._began_s = max(self._began_s, now_s - paid_s)  # what was not used is not saved up
        ahead_s = self._began_s + paid_s - now_s - _BURST_S
        if ahead_s > 0:
            await asyncio.sleep(ahead_s)

    async def _drain(self) -> None:
        async with asyncio.timeout(_WRITE_S):
            await self._writer.drain()
