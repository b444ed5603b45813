"""RTMP's messages: their types, and what is sent of them in chunks."""

from __future__ import annotations

import struct
from dataclasses import dataclass, field
from enum import IntEnum

_NO_TIME = 0xFFFFFF


class MessageType(IntEnum):
    """The types that are answered to; others are passed by."""

    SET_CHUNK_SIZE = 1
    ABORT = 2
    ACKNOWLEDGEMENT = 3
    USER_CONTROL = 4
    WINDOW_SIZE = 5
    PEER_BANDWIDTH = 6
    AUDIO = 8
    VIDEO = 9
    DATA_AMF3 = 15
    COMMAND_AMF3 = 17
    DATA = 18
    COMMAND = 20
    AGGREGATE = 22


@dataclass(frozen=True, slots=True)
class RtmpMessage:
    """A whole message; `timestamp` in milliseconds, modulo 2^32."""

    type: int
    timestamp: int
    stream: int
    payload: bytes = field(repr=False)


def chunked(message: RtmpMessage, *, chunk_stream: int = 3, chunk_bytes: int = 128) -> bytes:
    """The message in chunks: a full header, then headers of one byte. `chunk_stream` is 2 to 63."""
    late = message.timestamp >= _NO_TIME
    extended = struct.pack(">I", message.timestamp) if late else b""
    head = (_NO_TIME if late else message.timestamp).to_bytes(3, "big") + len(message.payload).to_bytes(3, "big")
    head += bytes([message.type]) + struct.pack("<I", message.stream) + extended
    out = bytearray([chunk_stream]) + head
    for at in range(0, max(len(message.payload), 1), chunk_bytes):
        if at:
            out += bytes([0xC0 | chunk_stream]) + extended
        out += message.payload[at : at + chunk_bytes]
    return bytes(out)


def control(type: MessageType, figure: int, more: bytes = b"") -> RtmpMessage:
    """A message about the connection itself: a figure of four bytes."""
    return RtmpMessage(type, 0, 0, struct.pack(">I", figure) + more)


def parts_of(aggregate: RtmpMessage) -> list[RtmpMessage]:
    """The messages within an aggregate; their timestamps count from that of the aggregate. A rest that is cut off is left."""
    parts: list[RtmpMessage] = []
    data, at, first = aggregate.payload, 0, None
    while at + 11 <= len(data):
        size = int.from_bytes(data[at + 1 : at + 4], "big")
        timestamp = int.from_bytes(data[at + 4 : at + 7], "big") | data[at + 7] << 24
        if at + 11 + size > len(data):
            break
        first = timestamp if first is None else first
        shifted = (aggregate.timestamp + timestamp - first) % 2**32
        parts.append(RtmpMessage(data[at], shifted, aggregate.stream, data[at + 11 : at + 11 + size]))
        at += 11 + size + 4
    return parts
