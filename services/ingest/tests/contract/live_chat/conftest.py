"""A reader of live chat beside the double of its platform, and what it gives as windows."""

import asyncio
import ssl
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from time import time
from typing import Any

import pytest
import pytest_asyncio

from tldr.chat.v1 import chat_pb2
from tldr_bus import PostgresOutbox
from tldr_contracts.ids import StreamId
from tldr_database import Database, driver
from tldr_ingest.adapters.chat.packing import packed
from tldr_ingest.adapters.live_chat.channels import SourceChannels
from tldr_ingest.adapters.live_chat.join_limiter import JoinLimiter
from tldr_ingest.adapters.live_chat.twitch_connection import TwitchServer, TwitchTimes
from tldr_ingest.adapters.live_chat.twitch_irc import TwitchIrcReader
from tldr_ingest.adapters.streams.readings_jobs import READ_LIVE_CHAT
from tldr_ingest.adapters.streams.work_postgres import PostgresWork, WorkFactory
from tldr_ingest.application.end_reading import EndReading
from tldr_ingest.application.live_chat.ports import LiveChatReader
from tldr_ingest.application.live_chat.read_live_chat import LivePace, ReadLiveChat
from tldr_ingest.application.live_chat.read_pushed_chat import ReadPushedChat
from tldr_ingest.application.packed_window import PackedWindow
from tldr_ingest.application.stream_record import (
    Address,
    LiveChatKind,
    LiveChatRequest,
    LiveSettings,
    MediaProgress,
    Request,
    StreamRecord,
)
from tldr_ingest.domain.chat.windows import ChatWindow
from tldr_ingest.domain.live_chat.coverage import LiveCoverage, MissingChat
from tldr_ingest.domain.live_chat.events import LiveChatEvent
from tldr_ingest.domain.live_chat.windows import LiveWindows
from tldr_ingest.entrypoints.jobs import JobHandlers
from tldr_jobs import PostgresJobs, WorkerPool
from tldr_outbound import AddressPolicy
from tldr_secrets import Sealer
from tldr_standins.irc_server import IrcServer
from tldr_testing import LANE, eventually
from tldr_testing.hosting import SEALING_KEY

TLS = ssl.create_default_context()


def now_ms() -> int:
    return int(1000 * time())


def backoff_s(failures: int) -> float:
    return 0.2


class Followed:
    """What a reader gave, and the windows that were made of it: of a stream that began when it was first asked."""

    def __init__(self, events: AsyncGenerator[Sequence[LiveChatEvent], None]) -> None:
        self.events: list[LiveChatEvent] = []
        self.zero_ms = now_ms() // 1000 * 1000 - 1000
        coverage = LiveCoverage("joined", "Joined.", self.zero_ms)
        self.windows = LiveWindows(coverage, 1000, 0, zero_ms=self.zero_ms)
        self.told: list[ChatWindow | MissingChat] = []
        self.task = asyncio.create_task(self._follow(events))

    async def _follow(self, events: AsyncGenerator[Sequence[LiveChatEvent], None]) -> None:
        async for batch in events:
            self.events += batch
            self.windows.take(batch)

    def of(self, kind: type[Any]) -> list[Any]:
        return [event for event in self.events if isinstance(event, kind)]

    def texts(self) -> list[str]:
        """All messages that are in windows, or held for one, in order of time."""
        self.told += self.windows.due(now_ms())
        closed = [message.text for one in self.told if isinstance(one, ChatWindow) for message in one.messages]
        return closed + [one.text for one in sorted(self.windows._held.values(), key=lambda one: one.at_ms)]

    async def until(self, kind: type[Any], count: int = 1) -> list[Any]:
        async def there() -> list[Any] | None:
            if self.task.done():
                self.task.result()
            return found if len(found := self.of(kind)) >= count else None

        return await eventually(there, every_s=0.01)


@asynccontextmanager
async def followed(events: AsyncGenerator[Sequence[LiveChatEvent], None]) -> AsyncIterator[Followed]:
    made = Followed(events)
    try:
        yield made
    finally:
        made.task.cancel()
        await asyncio.gather(made.task, return_exceptions=True)
        await events.aclose()


@pytest.fixture
def twitch() -> Any:
    """`twitch(server, channel)`: follows a channel on a double of the server."""

    def follow(server: IrcServer, channel: str = "room", *, silence_s: float = 5.0, answer_s: float = 5.0) -> Any:
        times = TwitchTimes(silence_s, answer_s, overlap_s=0.3)
        reader = TwitchIrcReader(
            TwitchServer(server.url, AddressPolicy(allow_loopback=True), TLS, times),
            now_ms,
            JoinLimiter(100),
            backoff_s,
        )
        return followed(reader.follow(channel))

    return follow


STREAM_CHAT = {
    LiveChatKind.TWITCH: LiveChatRequest(LiveChatKind.TWITCH, "room"),
    LiveChatKind.PUSH: LiveChatRequest(LiveChatKind.PUSH),
}


class WindowShelf:
    """Keeps no objects: windows stay as they are. Throws once where it is told to."""

    def __init__(self) -> None:
        self.trouble: list[Exception] = []

    async def put_window(self, stream: StreamId, window: PackedWindow, token: str) -> PackedWindow:
        if self.trouble:
            raise self.trouble.pop()
        return window


@dataclass
class LiveStream:
    """A live stream on the service's database, whose chat is read by its jobs; other parts of ingest are played."""

    database: Database
    organization: str
    stream: str
    readers: Mapping[LiveChatKind, LiveChatReader] = field(default_factory=dict)
    shelf: WindowShelf = field(default_factory=WindowShelf)
    grace_ms: int = 0
    ahead_ms: int = 0
    server: IrcServer | None = None
    work: WorkFactory = field(default_factory=lambda: WorkFactory(PostgresJobs(), PostgresOutbox("ingest")))
    pool: WorkerPool | None = None

    def now_ms(self) -> int:
        """This test's clock."""
        return now_ms() + self.ahead_ms

    def pass_by(self, ms: int) -> None:
        """Let time pass at once, here and where the chat is."""
        self.ahead_ms += ms
        if self.server is not None:
            self.server.skew_ms = self.ahead_ms

    @property
    def id(self) -> StreamId:
        return StreamId(self.stream)

    async def begin(self, kind: LiveChatKind = LiveChatKind.TWITCH, *, zero_ms: int = 0, until_ms: int = 0) -> None:
        """It was requested, and opened where its zero is known."""
        request = Request(0, Address("https://example.com/live"), LiveSettings(), STREAM_CHAT[kind])
        media = MediaProgress(opened_attempt=1, read_until_ms=until_ms, wall_zero_ms=zero_ms)
        async with self.open() as work:
            record = StreamRecord(self.id, request=request, media=media)
            await work.streams.put(record)
            await work.readings.ask_live_chat(record)

    @asynccontextmanager
    async def open(self) -> AsyncIterator[PostgresWork]:
        async with self.database.tenant(self.organization) as transaction:
            yield self.work(transaction, self.organization, LANE)

    async def change(self, **media: Any) -> None:
        """Something is known of picture and sound."""
        async with self.open() as work:
            record = await work.streams.lock(self.id)
            await work.streams.put(replace(record, media=replace(record.media, **media)))

    async def end_media(self, duration_ms: int) -> None:
        async with self.open() as work:
            await EndReading(work).media(await work.streams.lock(self.id), duration_ms=duration_ms)

    async def record(self) -> StreamRecord:
        async with self.open() as work:
            return await work.streams.get(self.id)

    async def run(self) -> None:
        """Start the workers, after others were stopped."""
        pace = LivePace(window_ms=1000, grace_ms=self.grace_ms, look_ms=50, tick_ms=20)
        shelf: Any = self.shelf
        handlers = JobHandlers(
            self.work,
            media=lambda organization: None,  # type: ignore[arg-type,return-value]
            live=lambda organization: None,  # type: ignore[arg-type,return-value]
            chat=lambda organization: None,  # type: ignore[arg-type,return-value]
            live_chat=lambda organization: ReadLiveChat(
                self.readers, SourceChannels(Sealer(SEALING_KEY)), shelf, packed, self.now_ms, _passes, pace
            ),
            pushed_chat=lambda organization: ReadPushedChat(shelf, packed, self.now_ms, pace),
            objects=None,  # type: ignore[arg-type]
            live_chats_at_once=4,
            uploads_at_once=1,
            addresses_at_once=1,
            live_at_once=1,
            chats_at_once=1,
            spare=0,
            limit=timedelta(minutes=1),
        )
        workers = [worker for worker in handlers.workers() if worker.kind == READ_LIVE_CHAT]
        self.pool = WorkerPool(self.database, workers, poll=timedelta(milliseconds=100))
        self.running = asyncio.create_task(self.pool.run())

    async def stop(self) -> None:
        if self.pool is not None:
            await self.pool.stop()
            await self.running
            self.pool = None

    async def said(self) -> list[Any]:
        """What was published, in order."""
        async with self.database.system() as transaction:
            query = "SELECT payload FROM outbox WHERE subject = $1 AND topic = 'tldr.chat.v1' ORDER BY id"
            rows = await (await driver(transaction)).fetch(query, self.stream)
        events: list[Any] = [chat_pb2.ChatEvent.FromString(row["payload"]) for row in rows]
        return [getattr(event, event.WhichOneof("event")) for event in events]

    async def windows(self) -> list[Any]:
        return [fact for fact in await self.said() if isinstance(fact, chat_pb2.ChatWindowRead)]

    async def gaps(self) -> list[Any]:
        return [fact.gap for fact in await self.said() if isinstance(fact, chat_pb2.ChatGapFound)]

    async def texts(self) -> list[str]:
        return [message.text for window in await self.windows() for message in window.messages.messages]

    async def ended(self) -> Any:
        async def there() -> Any:
            return next((fact for fact in await self.said() if isinstance(fact, chat_pb2.ChatEnded)), None)

        return await eventually(there)

    async def until_ms(self, wanted: int) -> None:
        async def there() -> bool:
            return (await self.record()).chat.read_until_ms >= wanted

        await eventually(there)

    async def whole(self) -> None:
        """What was published is one row of windows and gaps without a hole, numbered without one."""
        facts = [fact for fact in await self.said() if not isinstance(fact, chat_pb2.ChatEnded)]
        spans = [fact.range if isinstance(fact, chat_pb2.ChatWindowRead) else fact.gap.range for fact in facts]
        assert [span.start_ms for span in spans] == [0, *(span.end_ms for span in spans[:-1])]
        assert [fact.complete_until_ms for fact in facts] == [span.end_ms for span in spans]
        windows = await self.windows()
        assert [window.index for window in windows] == list(range(len(windows)))


def _passes(error: Exception) -> bool:
    return isinstance(error, OSError)


@pytest_asyncio.fixture
async def live(ingest_database: Database, organization: str, stream: str) -> AsyncIterator[LiveStream]:
    made = LiveStream(ingest_database, organization, stream)
    yield made
    await made.stop()
    async with made.open() as work:
        await work.readings.cancel(made.id)  # the next test's workers would take it up


@pytest.fixture
def on_twitch(live: LiveStream) -> Callable[[IrcServer], LiveStream]:
    """The stream, with its chat on a double of Twitch."""

    def on(server: IrcServer) -> LiveStream:
        where = TwitchServer(server.url, AddressPolicy(allow_loopback=True), TLS, TwitchTimes(silence_s=0.05))
        live.readers = {LiveChatKind.TWITCH: TwitchIrcReader(where, live.now_ms, JoinLimiter(100), backoff_s)}
        live.server = server
        return live

    return on


@pytest.fixture
def follow() -> Any:
    """`follow(events)`: what a reader gives, as windows."""
    return followed


@dataclass
class Clock:
    """A clock that can be moved on."""

    ahead_ms: int = 0

    def now_ms(self) -> int:
        return now_ms() + self.ahead_ms

    def pass_by(self, ms: int) -> None:
        self.ahead_ms += ms


@pytest.fixture
def clock() -> Clock:
    return Clock()
