"""Loads an HTTP server from this process, cheaply: kept connections, httptools to read the answers."""

import asyncio
import random
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import httptools

_PATIENCE_S = 30


@dataclass(frozen=True, slots=True)
class Call:
    """A request: its target begins with a slash."""

    method: str
    target: str
    body: bytes = b""


@dataclass(slots=True)
class Measured:
    """How long answers took, in seconds, and how many were none or an error."""

    took_s: list[float] = field(default_factory=list)
    errors: int = 0

    def percentile(self, share: float) -> float:
        """In milliseconds."""
        ordered = sorted(self.took_s)
        return 1000 * ordered[min(int(share * len(ordered)), len(ordered) - 1)]

    def __str__(self) -> str:
        """One line."""
        p50, p95, p99 = (self.percentile(share) for share in (0.5, 0.95, 0.99))
        return f"{len(self.took_s)} answers, p50 {p50:.1f} ms, p95 {p95:.1f} ms, p99 {p99:.1f} ms, {self.errors} errors"


class Connection:
    """One connection, one request at a time."""

    def __init__(self, url: str, headers: dict[str, str]) -> None:
        where = urlsplit(url)
        self._host, self._port = str(where.hostname), where.port or 80
        lines = {"host": where.netloc, "content-type": "application/json", **headers}
        self._head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
        self._reader: asyncio.StreamReader | None = None
        self._writer: asyncio.StreamWriter | None = None

    async def call(self, call: Call) -> tuple[int, bytes]:
        """The status and the body; OSError or TimeoutError without an answer."""
        async with asyncio.timeout(_PATIENCE_S):
            if self._reader is None or self._writer is None:
                self._reader, self._writer = await asyncio.open_connection(self._host, self._port)
            first = f"{call.method} {call.target} HTTP/1.1\r\n{self._head}content-length: {len(call.body)}\r\n\r\n"
            self._writer.write(first.encode() + call.body)
            answer = _Answer()
            parser = httptools.HttpResponseParser(answer)
            while not answer.done:
                chunk = await self._reader.read(1 << 16)
                if not chunk:
                    raise ConnectionError("the server closed the connection")
                parser.feed_data(chunk)
            if not parser.should_keep_alive():
                self.close()
            return parser.get_status_code(), b"".join(answer.parts)

    def close(self) -> None:
        """The next call opens it again."""
        if self._writer is not None:
            self._writer.close()
        self._reader = self._writer = None


class _Answer:
    def __init__(self) -> None:
        self.parts: list[bytes] = []
        self.done = False

    def on_body(self, body: bytes) -> None:
        self.parts.append(body)

    def on_message_complete(self) -> None:
        self.done = True


async def saturate(connections: Sequence[Connection], call: Call, seconds: float) -> Measured:
    """The same call again and again on each connection."""
    measured, ends = Measured(), time.perf_counter() + seconds

    async def again(connection: Connection) -> None:
        while time.perf_counter() < ends:
            await _timed(connection, call, measured, time.perf_counter())

    await _together([again(connection) for connection in connections])
    return measured


async def at_rate(
    connections: Sequence[Connection], calls: Callable[[random.Random], Call], *, per_s: float, seconds: float
) -> Measured:
    """Calls that come at random times, whether the ones before are answered or not; the time a call waits for a connection
    counts.
    """
    measured, dice, begun = Measured(), random.Random(7), time.perf_counter()
    due: asyncio.Queue[tuple[float, Call] | None] = asyncio.Queue()

    async def answered(connection: Connection) -> None:
        while (one := await due.get()) is not None:
            await _timed(connection, one[1], measured, one[0])

    async def come() -> None:
        at = begun
        while (at := at + dice.expovariate(per_s)) < begun + seconds:
            await asyncio.sleep(max(0.0, at - time.perf_counter()))
            due.put_nowait((at, calls(dice)))
        for _ in connections:
            due.put_nowait(None)

    await _together([come(), *(answered(connection) for connection in connections)])
    return measured


async def _timed(connection: Connection, call: Call, measured: Measured, begun: float) -> None:
    try:
        status, _ = await connection.call(call)
    except (OSError, TimeoutError):
        connection.close()
        status = 0
    measured.took_s.append(time.perf_counter() - begun)
    measured.errors += not 200 <= status < 400


async def _together(parts: Sequence[Awaitable[None]]) -> None:
    async with asyncio.TaskGroup() as tasks:
        for part in parts:
            tasks.create_task(_run(part))


async def _run(part: Awaitable[None]) -> None:
    await part
