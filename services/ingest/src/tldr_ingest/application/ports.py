"""What the use cases need, in the words of the domain."""

from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

from tldr_contracts.ids import StreamId
from tldr_ingest.application.live_chat.ports import PushedMessages
from tldr_ingest.application.packed_window import ChatReading, PackedWindow
from tldr_ingest.application.stored_segment import StoredSegment
from tldr_ingest.application.stream_record import ChatRequest, FilePlace, StreamRecord
from tldr_ingest.domain.live.cursor import LiveCursor
from tldr_ingest.domain.live.events import SourceInterruption, SourceResumption
from tldr_ingest.domain.media.source import CutSegment, ReadGap, ResumeCursor, SourceEvent, SourceInfo
from tldr_streams.following import Streams
from tldr_streams.values import Failure


@dataclass(frozen=True, slots=True)
class SourceWaiting:
    """A live source is not there yet; it is waited for until `until_ms`, since 1970."""

    failure: Failure
    until_ms: int


MediaFact = SourceInfo | StoredSegment | ReadGap | SourceWaiting | SourceInterruption | SourceResumption
"""What is announced of picture and sound before the end."""

ChatFact = PackedWindow | ReadGap
"""The same of chat; only a live one has gaps."""


class ReadingFailed(Exception):
    """A source could not be read to its end. `passing`: another try may help."""

    def __init__(self, failure: Failure, *, passing: bool = False) -> None:
        super().__init__(f"{failure.code}: {failure.reason}")
        self.failure = failure
        self.passing = passing


class Segments(Protocol):
    """The manifests of one organization's streams."""

    async def add(self, stream: StreamId, segments: Sequence[StoredSegment]) -> None:
        """Keep segments that follow those that are there."""

    async def cursor(self, stream: StreamId) -> ResumeCursor | LiveCursor | None:
        """Where reading goes on after the last of them; None where there is none."""


class Gaps(Protocol):
    """What could not be read of one organization's streams."""

    async def add(self, stream: StreamId, gaps: Sequence[ReadGap]) -> None:
        """Keep gaps."""

    async def of(self, stream: StreamId) -> Sequence[ReadGap]:
        """Those of a stream, in order of time."""


class StreamKeys(Protocol):
    """Which keys open which pushed streams."""

    async def admit(self, stream: StreamId, key_digest: str) -> None:
        """From now on the key of this SHA-256 (in hex), and no other one, opens the stream."""

    async def refuse(self, stream: StreamId) -> None:
        """No key opens the stream any more; whoever publishes it is cut off."""


class Readings(Protocol):
    """Work to be done later."""

    async def ask_media(self, record: StreamRecord, delay: timedelta = timedelta()) -> None:
        """Ask that picture and sound are read in the record's attempt. Of a live source, what waits already begins earlier
        where this asks for less delay.
        """

    async def ask_end(self, record: StreamRecord, delay: timedelta) -> None:
        """Ask that the reading of a live source is ended by then, whatever has become of it. `cancel` does not take it back."""

    async def ask_chat(self, record: StreamRecord) -> None:
        """Ask that chat is read in the record's attempt."""

    async def ask_live_chat(self, record: StreamRecord) -> None:
        """Ask that chat is read as it is written in the record's attempt; it ends when picture and sound have ended."""

    async def cancel(self, stream: StreamId, *, live_chat: bool = True) -> None:
        """Take back what was asked, also what is being done: it can write nothing from now on.

        Waits for a running one's open transaction. Without `live_chat` the reading of that goes on.
        """

    async def purge(self, stream: StreamId, *, chat_only: bool = False) -> None:
        """Ask that the objects made of a stream are deleted, a little later. `cancel` does not take this back."""


class Announcements(Protocol):
    """What other services are told, in the order of the calls."""

    async def media(self, record: StreamRecord, facts: Sequence[MediaFact]) -> None:
        """What was read of picture and sound."""

    async def media_ended(self, record: StreamRecord) -> None:
        """Nothing more of picture and sound in the record's attempt."""

    async def chat(self, record: StreamRecord, facts: Sequence[ChatFact]) -> None:
        """What was read of chat; chat is complete, or known to be missing, up to the end of each fact."""

    async def chat_ended(self, record: StreamRecord) -> None:
        """Nothing more of chat in the record's attempt."""

    async def close(self, stream: StreamId) -> None:
        """The stream came to an end: what was said of it need not be kept for ever."""


class Work(Protocol):
    """What may be touched in one transaction."""

    @property
    def streams(self) -> Streams[StreamRecord]:
        """The organization's streams."""

    @property
    def segments(self) -> Segments:
        """Their manifests."""

    @property
    def gaps(self) -> Gaps:
        """What could not be read of them."""

    @property
    def keys(self) -> StreamKeys:
        """Who may publish them."""

    @property
    def pushed(self) -> PushedMessages:
        """Chat that customers sent, and that is in no window yet."""

    @property
    def readings(self) -> Readings:
        """Work to be done later."""

    @property
    def announcements(self) -> Announcements:
        """What others are told."""


class MediaReader(Protocol):
    """Cuts sources into segments."""

    def read(self, place: FilePlace, after: ResumeCursor | LiveCursor | None) -> AsyncGenerator[SourceEvent, None]:
        """SourceInfo first, then segments and gaps in order, then SourceEnded; behind a stored segment when given one.

        Reads ahead by a few segments at the most. Raises ReadingFailed. Close it to end the reading.
        """


class ChatReader(Protocol):
    """Reads chat replays."""

    def read(self, request: ChatRequest, first_index: int, end_ms: int) -> AsyncGenerator[ChatReading, None]:
        """Windows in order from `first_index` to the end of picture and sound, then ReplayEnded. Raises ReadingFailed before
        the first window where the file is no chat replay. Close it to end the reading.
        """


class Shelf(Protocol):
    """Stores what was read. Raises OSError when the store cannot be reached."""

    async def put_segment(self, stream: StreamId, segment: CutSegment, token: str) -> StoredSegment:
        """Store a segment's file; the token keeps two readers of one stream apart."""

    async def put_window(self, stream: StreamId, window: PackedWindow, token: str) -> PackedWindow:
        """The window as it can be announced: its messages are stored where they are too many for an event."""
