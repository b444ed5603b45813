"""What reading a live chat needs, in the words of the domain."""

from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from tldr_contracts.ids import StreamId
from tldr_ingest.application.stream_record import Request
from tldr_ingest.domain.live_chat.events import LiveChatEvent


class LiveChatReader(Protocol):
    """Reads the chat of a platform as it is written."""

    def follow(self, channel: str) -> AsyncGenerator[Sequence[LiveChatEvent], None]:
        """What is heard from now on, in the order it came; connects, and connects again, by itself.

        `Listening` comes before the first message, `Broken` once nothing comes any more. A message may come twice, with the
        same id. Ends when the platform says that the chat is over. Raises ReadingFailed where there is no such chat. Waits
        while nobody takes what was read. Close it to hang up.
        """


class ChatChannels(Protocol):
    """Finds out whose chat is meant where a request leaves that to the source's page."""

    async def channel_of(self, request: Request) -> str:
        """The channel, as its reader knows it. Raises ReadingFailed where none can be found out, NotLive while
        the page says nothing."""


@dataclass(frozen=True, slots=True)
class PushedMessage:
    """A message that a customer sent; strings are safe and bounded. One of the two times is there."""

    id: str
    wall_ms: int | None
    stream_ms: int | None
    author: str = field(repr=False)
    text: str = field(repr=False)
    emotes: tuple[str, ...] = field(default=(), repr=False)

    def at_ms(self, zero_ms: int) -> int:
        """When it was written, in stream time."""
        return self.stream_ms if self.stream_ms is not None else (self.wall_ms or 0) - zero_ms


class PushedMessages(Protocol):
    """Messages that one organization sent and that are in no window yet."""

    async def fresh(self, stream: StreamId, ids: Sequence[str]) -> frozenset[str]:
        """Those of the ids that were not heard of before; from now on they were."""

    async def waiting(self, stream: StreamId, most: int) -> int:
        """How many there are; counted up to `most`."""

    async def keep(self, stream: StreamId, messages: Sequence[PushedMessage]) -> None:
        """Keep messages with fresh ids."""

    async def take_back(self, stream: StreamId, ids: Sequence[str]) -> int:
        """Delete those that are still kept; how many they were."""

    async def until(self, stream: StreamId, zero_ms: int, end_ms: int, most: int) -> Sequence[PushedMessage]:
        """Up to `most` of before `end_ms` in stream time, in order of time."""

    async def take(self, stream: StreamId, zero_ms: int, end_ms: int) -> frozenset[str]:
        """Delete those of before `end_ms`; their ids."""

    async def drop(self, stream: StreamId) -> int:
        """Delete all; how many they were."""
