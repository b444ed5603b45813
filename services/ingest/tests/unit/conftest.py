"""Everything a use case may touch, in memory."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta

import pytest

from tldr_contracts.ids import StreamId
from tldr_ingest.application.packed_window import PackedWindow
from tldr_ingest.application.ports import ChatFact, MediaFact, SourceWaiting
from tldr_ingest.application.stored_segment import StoredSegment
from tldr_ingest.application.stream_record import Address, Request, StreamRecord
from tldr_ingest.domain.live.cursor import LiveCursor
from tldr_ingest.domain.live.events import SourceInterruption, SourceResumption
from tldr_ingest.domain.media.source import ReadGap, ResumeCursor, SourceInfo


@dataclass
class FakeWork:
    """Everything of one transaction, in memory; `said` and `asked` in order."""

    record: StreamRecord | None = None
    said: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    stored: list[StoredSegment] = field(default_factory=list)
    opened_by: str = ""

    @property
    def streams(self) -> "FakeWork":
        return self

    segments = gaps = keys = readings = announcements = streams

    async def get(self, stream: StreamId) -> StreamRecord:
        return self.record or StreamRecord(stream)

    lock = get

    async def put(self, record: StreamRecord) -> None:
        self.record = record

    async def add(self, stream: StreamId, added: Sequence[StoredSegment] | Sequence[ReadGap]) -> None:
        self.stored += [one for one in added if isinstance(one, StoredSegment)]

    async def of(self, stream: StreamId) -> Sequence[ReadGap]:
        return []

    async def cursor(self, stream: StreamId) -> ResumeCursor | LiveCursor | None:
        return self.stored[-1].cursor if self.stored else None

    async def forget(self, stream: StreamId) -> None:
        self.asked.append("forget")

    async def admit(self, stream: StreamId, key_digest: str) -> None:
        self.opened_by = key_digest

    async def refuse(self, stream: StreamId) -> None:
        self.opened_by = ""

    async def ask_media(self, record: StreamRecord, delay: timedelta = timedelta()) -> None:
        self.asked.append(f"media {record.attempt}{' later' if delay else ''}")

    async def ask_end(self, record: StreamRecord, delay: timedelta) -> None:
        self.asked.append(f"end {record.attempt}")

    async def ask_chat(self, record: StreamRecord) -> None:
        self.asked.append(f"chat {record.attempt}")

    async def ask_live_chat(self, record: StreamRecord) -> None:
        self.asked.append(f"live chat {record.attempt}")

    async def cancel(self, stream: StreamId, *, live_chat: bool = True) -> None:
        self.asked.append("cancel" if live_chat else "cancel all but live chat")

    async def purge(self, stream: StreamId, *, chat_only: bool = False) -> None:
        self.asked.append("purge chat" if chat_only else "purge")

    async def media(self, record: StreamRecord, facts: Sequence[MediaFact]) -> None:
        self.said += [_named(fact) for fact in facts]

    async def media_ended(self, record: StreamRecord) -> None:
        failure = record.media.failure
        self.said.append(
            f"ended {record.attempt} at {record.media.read_until_ms}{' ' + failure.code if failure else ''}"
        )

    async def chat(self, record: StreamRecord, facts: Sequence[ChatFact]) -> None:
        self.said += [_named_chat(fact) for fact in facts]

    async def chat_ended(self, record: StreamRecord) -> None:
        failure = record.chat.failure
        self.said.append(
            f"chat ended {record.attempt} at {record.chat.read_until_ms}{' ' + failure.code if failure else ''}"
        )

    async def close(self, stream: StreamId) -> None:
        self.said.append("closed")


def _named(fact: MediaFact) -> str:
    if isinstance(fact, StoredSegment):
        return f"segment {fact.index}"
    match fact:
        case SourceInfo():
            return "started"
        case SourceWaiting():
            return f"waiting {fact.failure.code}"
        case SourceInterruption():
            return f"interrupted at {fact.at_ms}"
        case SourceResumption():
            return f"resumed at {fact.at_ms}"
    return f"gap {fact.start_ms} to {fact.end_ms}"


def _named_chat(fact: ChatFact) -> str:
    if isinstance(fact, PackedWindow):
        return f"window {fact.index} to {fact.end_ms}"
    return f"chat gap {fact.code} {fact.start_ms} to {fact.end_ms}"


@pytest.fixture
def work_on() -> type[FakeWork]:
    """`work_on(record)`: a transaction in which the stream is this one."""
    return FakeWork


@pytest.fixture
def begun() -> FakeWork:
    """A stream that was requested, without chat."""
    return FakeWork(StreamRecord(StreamId("str_1"), request=Request(0, Address("https://example.com/a.mp4"))))
