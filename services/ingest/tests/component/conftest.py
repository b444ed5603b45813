"""The real service among faked neighbours, and a web server whose files can be held back."""

import io
import json
import os
import re
import threading
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import av
import pytest
import pytest_asyncio
from tests.doubles.live_pieces import WALL, hls_pieces, later
from tests.doubles.played_feed import Broadcast, open_played

from tldr.streams.v1 import streams_pb2
from tldr_contracts.topics import CHAT, INGESTIONS
from tldr_embedded import Servers, ports
from tldr_ingest.bootstrap import DEFINITION, build
from tldr_ingest.domain.live.feed import Piece
from tldr_secrets import Sealer, redacted
from tldr_standins.irc_server import IrcServer, irc_server
from tldr_storage import bucket_of
from tldr_testing import Hosted, Hosting, Recorded, Recorder, eventually
from tldr_testing.hosting import SEALING_KEY, seal_sources
from tldr_testing.twitch_web import TwitchWeb

LANE = 5
_CHUNK = 1 << 14


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: "WebServer"

    def do_GET(self) -> None:
        path = self.path
        if path in self.server.redirects:
            self._head(302, 0, ("location", self.server.redirects[path]))
        elif path not in self.server.files:
            self._head(404, 0)
        elif self.server.held_at.get(path) == 0:
            self.server.released.wait(30)
            self.close_connection = True
        else:
            self._body(self.server.files[path])

    def _body(self, body: bytes) -> None:
        found = re.match(r"bytes=(\d+)-", self.headers.get("range", ""))
        at = int(found[1]) if found else 0
        self._head(206 if found else 200, len(body) - at, ("content-range", f"bytes {at}-{len(body) - 1}/{len(body)}"))
        while at < len(body):
            held = self.server.held_at.get(self.path)
            if held is not None and at >= held:
                self.server.reached.set()
                self.server.released.wait(30)
            if self.server.broken_at.get(self.path, len(body)) <= at:
                self.close_connection = True
                return
            self.wfile.write(body[at : at + _CHUNK])
            at += _CHUNK

    def _head(self, status: int, length: int, *headers: tuple[str, str]) -> None:
        self.send_response(status)
        for name, value in (*headers, ("content-length", str(length))):
            self.send_header(name, value)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        return


class WebServer(ThreadingHTTPServer):
    """Somebody else's server. `held_at`: how much of a file is sent before `released` (0: not even an answer);
    `broken_at`: where the connection is closed.
    """

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.files: dict[str, bytes] = {}
        self.redirects: dict[str, str] = {}
        self.held_at: dict[str, int] = {}
        self.broken_at: dict[str, int] = {}
        self.reached = threading.Event()
        self.released = threading.Event()

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}{path}"

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that went away is part of the tests."""


@pytest.fixture
def web() -> Iterator[WebServer]:
    server = WebServer()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield server
    server.released.set()
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture(scope="session")
def twitch() -> Iterator[TwitchWeb]:
    """A Twitch that the service asks instead of the real one."""
    with TwitchWeb() as site:
        yield site


@pytest_asyncio.fixture(scope="session")
async def twitch_chat() -> AsyncIterator[IrcServer]:
    """A double of Twitch's chat, which the service was told of."""
    async with irc_server() as server:
        yield server


@pytest_asyncio.fixture(scope="session")
async def ingest(
    servers: Servers, twitch: TwitchWeb, twitch_chat: IrcServer, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Hosted]:
    """One for all tests here: joining its groups takes the embedded broker five seconds."""
    seal_sources()
    os.environ["TLDR_INGEST_OPEN_LIMIT_S"] = "4"
    os.environ["TLDR_INGEST_PUSHED_CHAT_GRACE_S"] = "1"
    os.environ["TLDR_INGEST_TWITCH_IRC"] = twitch_chat.url
    os.environ["TLDR_INGEST_SITES"] = json.dumps(twitch.sites)
    os.environ["TLDR_INGEST_RTMP_LISTEN"] = f"127.0.0.1:{ports.choose(1)[0]}"
    os.environ["TLDR_INGEST_LIVE_LOOK_S"] = "0.3"
    os.environ["TLDR_INGEST_PUSH_GRACE_S"] = "1"
    os.environ["TLDR_INGEST_PUSH_FOLDER"] = str(tmp_path_factory.mktemp("push"))
    played = replace(DEFINITION, build=partial(build, open_feed=open_played))
    async with AsyncExitStack() as parts:
        yield await Hosting(servers, parts)(played, allow_loopback=True)


@pytest_asyncio.fixture(scope="session")
async def ingestions(ingest: Hosted) -> Recorder:
    return await ingest.recorder(INGESTIONS)


@pytest_asyncio.fixture(scope="session")
async def chats(ingest: Hosted) -> Recorder:
    return await ingest.recorder(CHAT)


@dataclass(frozen=True)
class Submitted:
    """One stream, as the gateway would submit it."""

    service: Hosted
    ingestions: Recorder
    chats: Recorder
    organization: str
    stream: str
    stored_at_s: int = 0

    async def say(self, **fact: Any) -> None:
        event = streams_pb2.StreamEvent(**fact)
        await self.service.publish(event, organization=self.organization, subject=self.stream, lane=LANE)

    async def request(
        self,
        media: Path | bytes | str,
        chat: bytes | str | None = None,
        *,
        live: bool = False,
        settings: dict[str, Any] | None = None,
        **chat_words: Any,
    ) -> None:
        """Submit an upload (bytes or a file) or an address. `chat_words`: what else the request says of the chat."""
        source = streams_pb2.Source(kind=streams_pb2.SOURCE_KIND_LIVE if live else streams_pb2.SOURCE_KIND_RECORDING)
        source.live.MergeFrom(streams_pb2.LiveSettings(**(settings or {})))
        await self._place(source, media.read_bytes() if isinstance(media, Path) else media, "media")
        requested = streams_pb2.StreamRequested(stream_id=self.stream, lane=LANE, priority=3, attempt=1, source=source)
        if chat is not None:
            requested.chat.MergeFrom(streams_pb2.ChatSource(**chat_words))
            await self._place(requested.chat, chat, "chat")
        await self.say(requested=requested)

    async def ended(self, count: int = 1) -> Recorded:
        """What was said of picture and sound when it had ended."""
        return await self.ingestions.until(self.stream, "ended", count=count)

    async def chat_ended(self, count: int = 1) -> Recorded:
        return await self.chats.until(self.stream, "ended", count=count)

    async def ask(self, question: str) -> Any:
        async with self.service.asking(self.organization) as client:
            return (await client.get(f"/internal/streams/{self.stream}/{question}")).json()

    async def _place(self, source: streams_pb2.Source | streams_pb2.ChatSource, what: bytes | str, name: str) -> None:
        if isinstance(what, str):
            source.address.sealed, source.address.shown = Sealer(SEALING_KEY).seal(what), redacted(what)
            return
        bucket, key = bucket_of(self.organization), f"uploads/{self.stream}/{name}"
        await self.service.objects.put(bucket, key, what, "application/octet-stream")
        source.upload.bucket, source.upload.key = bucket, key
        source.upload.stored_at_s = self.stored_at_s or (await self.service.objects.stat(bucket, key)).stored_at_s


@pytest.fixture
def submitted(ingest: Hosted, ingestions: Recorder, chats: Recorder, organization: str, stream: str) -> Submitted:
    return Submitted(ingest, ingestions, chats, organization, stream)


@pytest.fixture(scope="session")
def recording(recorder_in: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Forty seconds, 4 MB: sources at addresses are read 512 kB at a time."""
    record = recorder_in(tmp_path_factory.mktemp("recording"))
    path: Path = record("a.mkv", record.Picture(frames=40 * 30), record.Sound("pcm_s16le", seconds=40))
    return path


@pytest_asyncio.fixture
async def halfway(submitted: Submitted, web: WebServer, recording: Path) -> AsyncIterator[int]:
    """A stream whose source is held back in its middle; how many segments were announced."""
    data = web.files["/a.mkv"] = recording.read_bytes()
    web.held_at["/a.mkv"] = len(data) // 2
    await submitted.request(web.url("/a.mkv"), b"time,text\n1,hello\n")

    async def settled() -> int | None:
        progress = await submitted.ask("progress")
        return progress["segments"] if progress.get("read_until_ms", 0) >= 12_000 else None

    yield await eventually(settled)


def _frame_times(source: Any, offset_ms: int = 0) -> list[int]:
    with av.open(source) as container:
        return [int(1000 * float(frame.time) + 0.5) + offset_ms for frame in container.decode(video=0)]


@pytest.fixture
def frame_times() -> Callable[[Path], list[int]]:
    """Stream times of all frames that can be decoded."""
    return lambda path: _frame_times(str(path))


@pytest.fixture
def stored_frames(ingest: Hosted) -> Callable[[Sequence[Any]], Awaitable[list[int]]]:
    """The same of segments that were announced; each is decoded alone."""

    async def read(segments: Sequence[Any]) -> list[int]:
        times: list[int] = []
        for segment in segments:
            assert segment.decode_from == segment.index
            data = await ingest.objects.get(segment.object.bucket, segment.object.key, limit_bytes=1 << 24)
            times += _frame_times(io.BytesIO(data), segment.offset_ms)
        return sorted(times)

    return read


@pytest.fixture(scope="session")
def packaged(recorder_in: Any, tmp_path_factory: pytest.TempPathFactory) -> list[Piece]:
    """Ten pieces of two seconds."""
    record = recorder_in(tmp_path_factory.mktemp("live"))
    path = record("a.mp4", record.Picture(frames=600, width=64, height=48), record.Sound(seconds=20))
    return hls_pieces(path, tmp_path_factory.mktemp("hls") / "pieces")


@pytest.fixture
def pieces(packaged: list[Piece]) -> list[Piece]:
    """The same, the first one half a minute ago."""
    return later(packaged, clock="0", wall_ms=time.time_ns() // 1_000_000 - 30_000 - WALL)


@pytest.fixture
def broadcast(tmp_path: Path) -> Broadcast:
    """A live source, as a test plays it."""
    return Broadcast(tmp_path / "source")
