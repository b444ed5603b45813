"""The service's own database with its handlers and use cases on it, and messages of a made-up chat."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest
import pytest_asyncio
from google.protobuf import json_format
from google.protobuf.message import Message

from tldr.chat.v1 import chat_pb2
from tldr.common.v1 import common_pb2
from tldr.streams.v1 import streams_pb2
from tldr_bus import PostgresOutbox, Subscription
from tldr_chat_sentiment.adapters.contents_objects import ObjectContents
from tldr_chat_sentiment.adapters.measurer_thread import ThreadMeasurer
from tldr_chat_sentiment.adapters.measuring_jobs import MEASURE
from tldr_chat_sentiment.adapters.text_reader_vader import text_reader
from tldr_chat_sentiment.adapters.work_postgres import PostgresWork, WorkFactory
from tldr_chat_sentiment.application.give_up_chat import GiveUpChat
from tldr_chat_sentiment.application.measure_chat import MeasureChat
from tldr_chat_sentiment.bootstrap import DEFINITION
from tldr_chat_sentiment.domain.arrivals.arrival import Arrival
from tldr_chat_sentiment.domain.arrivals.measure_in_order import Outcome
from tldr_chat_sentiment.domain.measuring.memory import ChatMemory
from tldr_chat_sentiment.domain.sentiment.reading import TextReader
from tldr_chat_sentiment.entrypoints.events import Events
from tldr_contracts.ids import StreamId
from tldr_database import Database
from tldr_jobs import PostgresJobs
from tldr_storage import ObjectMissing
from tldr_streams.transactions import Transactions
from tldr_testing import ServiceDesk, migrated


class Shelf:
    """Objects in a dictionary; `away` says that the store cannot be reached."""

    def __init__(self) -> None:
        self.objects: dict[str, bytes] = {}
        self.away = False

    async def get(self, bucket: str, key: str, *, limit_bytes: int) -> bytes:
        if self.away:
            raise OSError("the object store cannot be reached")
        if key not in self.objects:
            raise ObjectMissing(key)
        if len(self.objects[key]) > limit_bytes:
            raise ValueError("too large")
        return self.objects[key]


@dataclass
class Desk(ServiceDesk[PostgresWork]):
    """The service without a broker: handlers are called as the bus calls them, jobs as the workers do."""

    work: WorkFactory = field(default_factory=lambda: WorkFactory(PostgresJobs(), PostgresOutbox("chat-sentiment")))
    shelf: Shelf = field(default_factory=Shelf)

    async def measure(self, stream: str, *, at_once: int = 128, meanwhile: Message | None = None) -> None:
        """Run what a job runs; `meanwhile` comes while the first batch is being measured."""
        measurer = _Interrupted(self, meanwhile)
        contents = ObjectContents(self.shelf)  # type: ignore[arg-type]
        await MeasureChat(contents, measurer)(
            StreamId(stream), Transactions(self.open, self.open, self.open), at_once=lambda: at_once
        )

    async def give_up(self, stream: str) -> None:
        """Run what follows the last attempt of a job."""
        async with self.open() as work:
            await GiveUpChat(work)(StreamId(stream))

    async def waiting(self, stream: str) -> list[Any]:
        """Jobs that wait."""
        wanted = "SELECT priority FROM jobs WHERE key = $1 AND kind = $2 AND state = 'waiting'"
        return await self.fetch(wanted, stream, MEASURE)

    async def kept(self, stream: str) -> list[Any]:
        """What came and was not worked off."""
        return await self.fetch("SELECT * FROM arrivals WHERE stream_id = $1 ORDER BY number", stream)

    def subscriptions(self) -> tuple[Subscription[Any], ...]:
        return Events(self.work).subscriptions()


class _Interrupted:
    """A measurer during whose first batch something else happens."""

    def __init__(self, desk: Desk, meanwhile: Message | None) -> None:
        self._desk = desk
        self._meanwhile = [meanwhile] if meanwhile else []
        self._measurer = ThreadMeasurer(text_reader)

    async def measure(self, arrivals: Sequence[Arrival], memory: ChatMemory) -> tuple[Sequence[Outcome], ChatMemory]:
        while self._meanwhile:
            await self._desk.tell(self._meanwhile.pop())
        return await self._measurer.measure(arrivals, memory)


@dataclass(frozen=True)
class Chat:
    """What ingest says of a stream's chat: windows of ten seconds, and one message a second."""

    stream: str
    attempt: int = 1

    def window(self, index: int, text: str = "nice one", seconds: int = 10) -> chat_pb2.ChatEvent:
        read = self._read(index, seconds)
        read.messages.CopyFrom(self.messages(index, text, seconds))
        return chat_pb2.ChatEvent(window_read=read)

    def stored(self, index: int, key: str, sha256: bytes = b"") -> chat_pb2.ChatEvent:
        """A window by reference."""
        read = self._read(index, 10)
        read.object.CopyFrom(common_pb2.ObjectReference(bucket="tldr-org", key=key, size_bytes=1, sha256=sha256))
        return chat_pb2.ChatEvent(window_read=read)

    def messages(self, index: int, text: str = "nice one", seconds: int = 10) -> chat_pb2.ChatMessages:
        start = 10_000 * index
        return chat_pb2.ChatMessages(
            messages=[
                chat_pb2.ChatMessage(at_ms=start + 1000 * second + 5, author=f"viewer {index} {second}", text=text)
                for second in range(seconds)
            ]
        )

    def gap(self, start_s: int, end_s: int) -> chat_pb2.ChatEvent:
        found = chat_pb2.ChatGapFound(
            stream_id=self.stream,
            gap=common_pb2.Gap(
                modality=common_pb2.MODALITY_CHAT,
                range=common_pb2.TimeRange(start_ms=1000 * start_s, end_ms=1000 * end_s),
                code="source_unreadable",
                reason="The chat could not be read.",
            ),
            complete_until_ms=1000 * end_s,
        )
        return chat_pb2.ChatEvent(gap_found=found)

    def ended(self, end_s: int, failure: common_pb2.Failure | None = None) -> chat_pb2.ChatEvent:
        ended = chat_pb2.ChatEnded(
            stream_id=self.stream, attempt=self.attempt, duration_ms=1000 * end_s, failure=failure
        )
        return chat_pb2.ChatEvent(ended=ended)

    def decided(self, kind: str, **words: int) -> streams_pb2.StreamEvent:
        """`requested`, `retried`, `failed`, `completed`, `cancelled` or `deleted`."""
        return json_format.ParseDict({kind: {"stream_id": self.stream, **words}}, streams_pb2.StreamEvent())

    def _read(self, index: int, seconds: int) -> chat_pb2.ChatWindowRead:
        start, end = 10_000 * index, 10_000 * index + 1000 * seconds
        return chat_pb2.ChatWindowRead(
            stream_id=self.stream,
            index=index,
            range=common_pb2.TimeRange(start_ms=start, end_ms=end),
            complete_until_ms=end,
        )


@pytest_asyncio.fixture(scope="session")
async def chat_database(postgres_admin: str) -> AsyncIterator[Database]:
    """One database for all tests; they keep apart by their organizations."""
    async with migrated(postgres_admin, DEFINITION) as database:
        yield database


@pytest.fixture
def desk(chat_database: Database, organization: str) -> Desk:
    return Desk(chat_database, organization)


@pytest.fixture
def chat(stream: str) -> Chat:
    return Chat(stream)


@pytest.fixture(scope="session")
def chat_of() -> type[Chat]:
    return Chat


@pytest.fixture(scope="session")
def read() -> TextReader:
    """The reader with the package's own tables, made once."""
    return text_reader()
