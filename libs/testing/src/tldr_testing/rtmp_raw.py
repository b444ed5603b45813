"""A publisher whose every byte a test chooses: it speaks RTMP by itself, shares no code with the server, and may break it."""

from __future__ import annotations

import asyncio
import struct
from asyncio import StreamReader, StreamWriter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

AUDIO, VIDEO, DATA, COMMAND, COMMAND_AMF3, AGGREGATE = 8, 9, 18, 20, 17, 22
_END = b"\x00\x00\x09"


def amf(*values: Any) -> bytes:
    """Values in AMF0."""
    out = b""
    for value in values:
        match value:
            case None:
                out += b"\x05"
            case bool():
                out += bytes([1, value])
            case int() | float():
                out += b"\x00" + struct.pack(">d", value)
            case str():
                out += b"\x02" + _text(value)
            case dict():
                out += b"\x03" + b"".join(_text(name) + amf(one) for name, one in value.items()) + _END
            case _:
                raise TypeError(type(value))
    return out


def _text(text: str) -> bytes:
    return struct.pack(">H", len(text.encode())) + text.encode()


def chunks(
    type: int, timestamp: int, stream: int, payload: bytes, *, chunk: int = 128, number: int = 4, repeat: bool = True
) -> bytes:
    """A message in chunks. `repeat`: whether an extended timestamp stands in every chunk, as it should."""
    extended = struct.pack(">I", timestamp) if timestamp >= 0xFFFFFF else b""
    head = min(timestamp, 0xFFFFFF).to_bytes(3, "big") + len(payload).to_bytes(3, "big") + bytes([type])
    out = _basic(0, number) + head + struct.pack("<I", stream) + extended + payload[:chunk]
    for at in range(chunk, len(payload), chunk):
        out += _basic(3, number) + (extended if repeat else b"") + payload[at : at + chunk]
    return out


def _basic(form: int, number: int) -> bytes:
    if number < 64:
        return bytes([form << 6 | number])
    if number < 320:
        return bytes([form << 6, number - 64])
    return bytes([form << 6 | 1]) + struct.pack("<H", number - 64)


@dataclass(slots=True)
class RawPublisher:
    """A connection. `chunk`: the size of the chunks it sends."""

    reader: StreamReader
    writer: StreamWriter
    chunk: int = 128
    number: int = 0
    heard: bytearray = field(default_factory=bytearray)
    taken: int = 0
    """How many bytes were taken by the socket or wait for it."""

    async def send(self, data: bytes) -> None:
        """Bytes as they are."""
        self.writer.write(data)
        await self.writer.drain()
        self.taken += len(data)

    async def greet(self) -> None:
        """The handshake."""
        await self.send(b"\x03" + bytes(1536))
        answer = await self._within(self.reader.readexactly(1 + 2 * 1536))
        await self.send(answer[1:1537])

    async def message(self, type: int, timestamp: int, payload: bytes, **how: Any) -> None:
        """A message of the media stream."""
        await self.send(chunks(type, timestamp, 1, payload, chunk=self.chunk, **how))

    async def command(self, name: str, *values: Any, stream: int = 0, type: int = COMMAND) -> None:
        """A command, numbered."""
        self.number += 1
        payload = (b"\x00" if type == COMMAND_AMF3 else b"") + amf(name, self.number, *values)
        await self.send(chunks(type, 0, stream, payload, chunk=self.chunk, number=3))

    async def set_chunk(self, size: int) -> None:
        """Say how large chunks will be, and make them so."""
        await self.send(chunks(1, 0, 0, struct.pack(">I", size), chunk=self.chunk, number=2))
        self.chunk = size

    async def until(self, words: str) -> bytes:
        """Wait for words in what the server says; all of it. EOFError where it closes before, TimeoutError after 5 s."""
        return await self._within(self._until(words.encode()))

    async def closed(self, limit_s: float = 20.0) -> float:
        """Wait until the server has closed; seconds it took."""
        began = asyncio.get_running_loop().time()
        async with asyncio.timeout(limit_s):
            try:
                while data := await self.reader.read(65536):
                    self.heard += data
            except ConnectionError:
                pass
        return asyncio.get_running_loop().time() - began

    async def as_obs(self, name: str, *, app: str = "live", amf3: bool = False) -> None:
        """The commands of OBS up to `publish`, in its order; what comes then is for the test to see."""
        kind = COMMAND_AMF3 if amf3 else COMMAND
        about = {"app": app, "type": "nonprivate", "flashVer": "FMLE/3.0 (compatible; FMSc/1.0)", "tcUrl": "rtmp://x"}
        await self.greet()
        await self.set_chunk(4096)
        await self.command("connect", about, type=kind)
        await self.until("NetConnection.Connect.Success")
        await self.command("releaseStream", None, name, type=kind)
        await self.command("FCPublish", None, name, type=kind)
        await self.command("createStream", None, type=kind)
        await self.until("onFCPublish")
        await self.command("_checkbw", None, type=kind)
        await self.command("publish", None, name, "live", stream=1, type=kind)

    async def _until(self, words: bytes) -> bytes:
        while words not in self.heard:
            data = await self.reader.read(65536)
            if not data:
                raise EOFError(f"closed before {words!r} was said")
            self.heard += data
        return bytes(self.heard)

    async def _within(self, waiting: Any) -> bytes:
        async with asyncio.timeout(5):
            found: bytes = await waiting
            return found


@asynccontextmanager
async def raw_publisher(port: int, host: str = "127.0.0.1", local: str | None = None) -> AsyncIterator[RawPublisher]:
    """A connection that has said nothing yet; `local`: the address it comes from."""
    reader, writer = await asyncio.open_connection(host, port, local_addr=(local, 0) if local else None)
    try:
        yield RawPublisher(reader, writer)
    finally:
        writer.transport.abort()
