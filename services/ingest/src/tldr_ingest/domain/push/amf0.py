"""AMF0, the notation of RTMP's commands: only as much as they need, within limits."""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence

from tldr_ingest.domain.push.limits import ProtocolBroken, RtmpLimits

Value = float | bool | str | None | Mapping[str, "Value"] | Sequence["Value"]

_END_OF_OBJECT = b"\x00\x00\x09"


def decoded(data: bytes, limits: RtmpLimits) -> list[Value]:
    """The values one after the other. Raises ProtocolBroken for what is not AMF0, too deep, too much or cut off."""
    if len(data) > limits.command_bytes:
        raise ProtocolBroken("a command is too large")
    return _Decoder(data, limits).all()


def encoded(*values: Value) -> bytes:
    """The values one after the other. Texts have less than 64 KiB."""
    return b"".join(_value(value) for value in values)


def _value(value: Value) -> bytes:
    match value:
        case None:
            return b"\x05"
        case bool():
            return b"\x01\x01" if value else b"\x01\x00"
        case float() | int():
            return b"\x00" + struct.pack(">d", value)
        case str():
            return b"\x02" + _text(value)
        case Mapping():
            inner = b"".join(_text(name) + _value(one) for name, one in value.items())
            return b"\x03" + inner + _END_OF_OBJECT
        case _:
            return b"\x0a" + struct.pack(">I", len(value)) + b"".join(_value(one) for one in value)


def _text(text: str) -> bytes:
    raw = text.encode()
    return struct.pack(">H", len(raw)) + raw


class _Decoder:
    def __init__(self, data: bytes, limits: RtmpLimits) -> None:
        self._data = data
        self._at = 0
        self._left = limits.command_values
        self._depth = limits.command_depth

    def all(self) -> list[Value]:
        values: list[Value] = []
        while self._at < len(self._data):
            values.append(self._value(0))
        return values

    def _value(self, depth: int) -> Value:  # noqa: PLR0911 - one for each marker
        self._left -= 1
        if self._left < 0 or depth > self._depth:
            raise ProtocolBroken("a command holds too much")
        match self._take(1)[0]:
            case 0x00:
                number: float = struct.unpack(">d", self._take(8))[0]
                return number
            case 0x01:
                return self._take(1) != b"\x00"
            case 0x02:
                return self._text(2)
            case 0x03:
                return self._object(depth)
            case 0x05 | 0x06 | 0x0D:
                return None
            case 0x08:
                self._take(4)  # how many there are is a claim, and its end is marked
                return self._object(depth)
            case 0x0A:
                count = int.from_bytes(self._take(4), "big")
                return [self._value(depth + 1) for _ in range(min(count, self._left + 1))]
            case 0x0B:
                milliseconds: float = struct.unpack(">d", self._take(10)[:8])[0]
                return milliseconds
            case 0x0C | 0x0F:
                return self._text(4)
            case 0x10:
                self._text(2)
                return self._object(depth)
            case _:
                raise ProtocolBroken("a command holds what is not AMF0")

    def _object(self, depth: int) -> dict[str, Value]:
        found: dict[str, Value] = {}
        while self._data[self._at : self._at + 3] != _END_OF_OBJECT:
            name = self._text(2)
            found[name] = self._value(depth + 1)
        self._at += 3
        return found

    def _text(self, size: int) -> str:
        return self._take(int.from_bytes(self._take(size), "big")).decode(errors="replace")

    def _take(self, count: int) -> bytes:
        end = self._at + count
        if end > len(self._data):
            raise ProtocolBroken("a command is cut off")
        taken = self._data[self._at : end]
        self._at = end
        return taken
