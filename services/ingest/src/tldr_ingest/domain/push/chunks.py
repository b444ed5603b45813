"""RTMP's chunk stream: bytes in, whole messages out, with never more in memory than the limits say."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from tldr_ingest.domain.push.limits import ProtocolBroken, RtmpLimits
from tldr_ingest.domain.push.messages import MessageType, RtmpMessage

_EXTENDED = 0xFFFFFF
_HEADER_BYTES = (11, 7, 3, 0)
_FIRST_CHUNK_BYTES = 128


@dataclass(slots=True)
class _ChunkStream:
    """What the last header on a chunk stream said; `step` is what a header of one byte adds for a new message."""

    timestamp: int = 0
    step: int = 0
    extended: int | None = None
    length: int = 0
    type: int = 0
    message_stream: int = 0
    begun: bool = False
    payload: bytearray = field(default_factory=bytearray)


class ChunkReader:
    """Takes bytes as they come. Raises ProtocolBroken for what is no chunk stream or is beyond a limit; then it is spent."""

    def __init__(self, limits: RtmpLimits) -> None:
        self._limits = limits
        self._streams: dict[int, _ChunkStream] = {}
        self._unread = bytearray()
        self._chunk_bytes = _FIRST_CHUNK_BYTES
        self._waiting = 0
        self.chunks = 0
        """How many there were: what a publisher costs is more than its bytes."""

    @property
    def held_bytes(self) -> int:
        """What is kept of messages that are not whole yet."""
        return self._waiting + len(self._unread)

    def feed(self, data: bytes) -> Iterator[RtmpMessage]:
        """The messages that are whole with these bytes. Take all of them before more is fed."""
        self._unread += data
        at = 0
        try:
            while (taken := self._chunk(at)) is not None:
                at, message = taken
                self.chunks += 1
                if message is not None:
                    self._mind(message)
                    yield message
        finally:
            del self._unread[:at]

    def _chunk(self, at: int) -> tuple[int, RtmpMessage | None] | None:
        """The chunk at a place, and where it ends; None where it is not there as a whole. Changes nothing before it is."""
        header = self._header(at)
        if header is None:
            return None
        at, number, form = header
        known = self._streams.get(number)
        if known is None and (form != 0 or len(self._streams) >= self._limits.chunk_streams):
            raise ProtocolBroken("a chunk stream without a beginning, or one too many")
        if known is not None and known.begun and form != 3:
            raise ProtocolBroken("a message begins before the one before it has ended")
        end = at + _HEADER_BYTES[form]
        if len(self._unread) < end:
            return None
        fields = self._unread[at:end]
        length = int.from_bytes(fields[3:6], "big") if form < 2 else (known.length if known else 0)
        if length > self._limits.message_bytes:
            raise ProtocolBroken("a message is too large")
        extended, end_of_time = self._extended(known, form, fields, end)
        if end_of_time is None:
            return None
        payload = min(self._chunk_bytes, length - (len(known.payload) if known and known.begun else 0))
        end = end_of_time + payload
        if len(self._unread) < end:
            return None
        stream = self._streams.setdefault(number, _ChunkStream())
        if not stream.begun:
            _begin(stream, form, fields, extended)
        return end, self._append(stream, end_of_time, end)

    def _header(self, at: int) -> tuple[int, int, int] | None:
        """Where the message header begins, the chunk stream, and the header's form."""
        data = self._unread
        if len(data) <= at:
            return None
        form, number = data[at] >> 6, data[at] & 63
        size = 1 if number > 1 else 2 + number
        if len(data) < at + size:
            return None
        if number == 0:
            number = 64 + data[at + 1]
        elif number == 1:
            number = 64 + data[at + 1] + (data[at + 2] << 8)
        return at + size, number, form

    def _extended(
        self, known: _ChunkStream | None, form: int, fields: bytearray, at: int
    ) -> tuple[int | None, int | None]:
        """The extended timestamp and where it ends; the second is None where it is not there yet.

        A header of one byte repeats it. Some encoders leave it out there, so four other bytes are payload.
        """
        if form < 3 and int.from_bytes(fields[:3], "big") != _EXTENDED:
            return None, at
        if form == 3 and (known is None or known.extended is None):
            return None, at
        if len(self._unread) < at + 4:
            return None, None
        found = int.from_bytes(self._unread[at : at + 4], "big")
        if form == 3 and known is not None and found != known.extended:
            return known.extended, at
        return found, at + 4

    def _append(self, stream: _ChunkStream, start: int, end: int) -> RtmpMessage | None:
        self._waiting += end - start
        if self._waiting > self._limits.waiting_bytes:
            raise ProtocolBroken("too many messages are not whole")
        stream.payload += memoryview(self._unread)[start:end]
        if len(stream.payload) < stream.length:
            return None
        self._waiting -= stream.length
        message = RtmpMessage(stream.type, stream.timestamp, stream.message_stream, bytes(stream.payload))
        stream.payload = bytearray()
        stream.begun = False
        return message

    def _mind(self, message: RtmpMessage) -> None:
        """What a message says of the chunks behind it."""
        if message.type not in (MessageType.SET_CHUNK_SIZE, MessageType.ABORT):
            return
        if len(message.payload) < 4:
            raise ProtocolBroken("a control message is too short")
        figure = int.from_bytes(message.payload[:4], "big")
        if message.type == MessageType.ABORT:
            stream = self._streams.get(figure)
            if stream is not None and stream.begun:
                self._waiting -= len(stream.payload)
                stream.payload, stream.begun = bytearray(), False
        elif 1 <= figure <= self._limits.chunk_bytes:
            self._chunk_bytes = figure
        else:
            raise ProtocolBroken("a chunk size is out of range")


def _begin(stream: _ChunkStream, form: int, fields: bytearray, extended: int | None) -> None:
    """A message begins: its header says what differs from the one before it."""
    if form < 3:
        stream.extended = extended
        stream.step = extended if extended is not None else int.from_bytes(fields[:3], "big")
    if form < 2:
        stream.length, stream.type = int.from_bytes(fields[3:6], "big"), fields[6]
    if form == 0:
        stream.message_stream = int.from_bytes(fields[7:11], "little")
        stream.timestamp = stream.step
    else:
        stream.timestamp = (stream.timestamp + stream.step) % 2**32
    stream.begun = True
