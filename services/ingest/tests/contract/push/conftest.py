"""The RTMP server on a port of its own, with keys in memory, and what lies in its spool."""

from __future__ import annotations

import asyncio
import hashlib
import io
import ssl
import time
from collections.abc import AsyncIterator, Callable, Collection
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import av
import pytest
import pytest_asyncio

from tldr_contracts.ids import StreamId
from tldr_ingest.adapters.push.connection import Reception
from tldr_ingest.adapters.push.feed import PushFeed
from tldr_ingest.adapters.push.publishers import Publishers
from tldr_ingest.adapters.push.server_rtmp import Listening, RtmpServer
from tldr_ingest.adapters.push.spool_files import PushSpool, listing_of
from tldr_ingest.application.push.admit_publisher import AdmitPublisher
from tldr_ingest.domain.live.feed import FeedEvent, Missing, Piece, PieceMark
from tldr_ingest.domain.push.attempts import WrongKeys
from tldr_ingest.domain.push.following import PushSettings
from tldr_ingest.domain.push.limits import RtmpLimits
from tldr_ingest.domain.push.pieces import PieceLimits
from tldr_ingest.domain.push.spool_names import Listing
from tldr_testing import eventually

STREAM = StreamId("str_1")
KEY = "live_5ecret"
SHORT = RtmpLimits(setup_s=1.0, silence_s=1.0)


def now_ms() -> int:
    return time.time_ns() // 1_000_000


@dataclass
class Keys:
    """Streams by key; `asked` counts the look-ups."""

    by_key: dict[str, StreamId] = field(default_factory=lambda: {KEY: STREAM})
    asked: int = 0

    async def stream_of(self, digest: bytes) -> StreamId | None:
        self.asked += 1
        return self._known().get(digest)

    async def valid(self, digests: Collection[bytes]) -> Collection[bytes]:
        return set(digests) & set(self._known())

    async def open_streams(self, streams: Collection[StreamId]) -> Collection[StreamId]:
        return set(streams) & set(self.by_key.values())

    def _known(self) -> dict[bytes, StreamId]:
        return {hashlib.sha256(key.encode()).digest(): stream for key, stream in self.by_key.items()}


@dataclass
class Arrivals:
    """Streams whose publishers arrived."""

    heard: list[StreamId] = field(default_factory=list)
    failing: bool = False

    async def hear(self, stream: StreamId) -> None:
        self.heard.append(stream)
        if self.failing:
            raise ConnectionError("the database is away")


@dataclass
class Receiving:
    """A server that runs, and its spool."""

    server: RtmpServer
    keys: Keys
    spool: PushSpool
    serving: asyncio.Task[None]
    arrivals: Arrivals = field(default_factory=Arrivals)

    @property
    def port(self) -> int:
        assert self.server.port
        return self.server.port

    def address(self, name: str = KEY) -> str:
        return f"rtmp://127.0.0.1:{self.port}/live/{name}"

    def listing(self, stream: StreamId = STREAM) -> Listing:
        return listing_of(self.spool.folder(stream))

    def read(self, after: PieceMark | None = None, **settings: int) -> Given:
        """What a reader of the stream is given, to its end."""
        feed = PushFeed(self.spool.folder(STREAM), replace(PushSettings(), **settings), AtOnce(now_ms()))
        return Given(feed.follow(after))

    async def until(self, true: Callable[[Listing], Any]) -> Listing:
        """Wait for something of the stream's spool."""

        async def look() -> Listing | None:
            found = self.listing()
            return found if true(found) else None

        return await eventually(look, every_s=0.02)


@dataclass
class AtOnce:
    """The wall clock of a reader that does not wait: time passes when it would."""

    at_ms: int

    def now_ms(self) -> int:
        return self.at_ms

    def wait(self, seconds: float) -> None:
        self.at_ms += 1000


class Given(list[FeedEvent]):
    """What a reader of the spool was given."""

    @property
    def pieces(self) -> list[Piece]:
        return [event for event in self if isinstance(event, Piece)]

    @property
    def said(self) -> list[str]:
        """What it was told besides, in short."""
        return [event.code for event in self if not isinstance(event, Piece)]

    @property
    def missing(self) -> list[Missing]:
        return [event for event in self if isinstance(event, Missing)]

    def packets(self, kind: str) -> list[bytes]:
        """The content of all packets of a kind, in order; each piece is opened by itself."""
        return [
            data for piece in self.pieces for type, _, data in _packets(io.BytesIO(piece.data), "flv") if type == kind
        ]

    def times(self, kind: str) -> list[int]:
        """Their times in milliseconds."""
        return [
            pts for piece in self.pieces for type, pts, _ in _packets(io.BytesIO(piece.data), "flv") if type == kind
        ]


def _packets(file: Any, format: str | None = None) -> list[tuple[str, int, bytes]]:
    with av.open(file, format=format) as container:
        return [
            (packet.stream.type, int(1000 * packet.pts * packet.time_base + 0.5), bytes(packet))
            for packet in container.demux()
            if packet.size
        ]


@pytest.fixture(scope="session")
def packets_of() -> Callable[[Path, str], list[bytes]]:
    """The content of a file's packets of a kind, in order."""
    return lambda file, kind: [data for type, _, data in _packets(str(file)) if type == kind]


@pytest.fixture
def key() -> str:
    return KEY


@pytest_asyncio.fixture
async def receive(tmp_path: Path) -> AsyncIterator[Callable[..., Any]]:
    """`await receive(limits=…, publishers=…, tls=…)`: a server on a port of its own."""
    serving: list[asyncio.Task[None]] = []

    async def start(
        limits: RtmpLimits = SHORT,
        publishers: Publishers | None = None,
        pieces: PieceLimits | None = None,
        tls: ssl.SSLContext | None = None,
        wrong_keys: int = 10,
        spool: PushSpool | None = None,
    ) -> Receiving:
        keys, spool, arrivals = Keys(), spool or PushSpool(tmp_path / "spool"), Arrivals()
        reception = Reception(
            AdmitPublisher(keys, WrongKeys(wrong_keys)),
            publishers or Publishers(),
            spool,
            limits,
            pieces or PieceLimits(),
            now_ms,
            arrivals.hear,
        )
        server = RtmpServer(Listening("127.0.0.1", 0, tls), reception)
        serving.append(asyncio.create_task(server.serve()))
        await eventually(lambda: _true(server.port), every_s=0.01)
        return Receiving(server, keys, spool, serving[-1], arrivals)

    yield start
    for one in serving:
        one.cancel()
    await asyncio.gather(*serving, return_exceptions=True)


async def _true(value: Any) -> bool:
    return bool(value)


@pytest.fixture(scope="session")
def film(recorder_in: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Eight seconds of H.264 with B-frames and AAC, a keyframe each second."""
    record = recorder_in(tmp_path_factory.mktemp("film"))
    options = {"g": "30", "bf": "2", "preset": "ultrafast"}
    path: Path = record("a.mp4", record.Picture(frames=240, options=options), record.Sound(seconds=8))
    return path
