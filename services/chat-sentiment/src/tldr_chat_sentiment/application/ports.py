"""What the use cases need, in the words of the domain."""

from collections.abc import Sequence
from typing import Protocol

from tldr_chat_sentiment.domain.arrivals.arrival import Arrival, Numbered, Window
from tldr_chat_sentiment.domain.arrivals.chat_stream import ChatStream
from tldr_chat_sentiment.domain.arrivals.measure_in_order import Outcome
from tldr_chat_sentiment.domain.measuring.memory import ChatMemory
from tldr_contracts.ids import StreamId
from tldr_streams.following import Streams as Followed


class ContentLost(Exception):
    """A window's messages cannot be had, now or later; `code` and `reason` say why, without a word of them."""

    def __init__(self, code: str, reason: str) -> None:
        super().__init__(f"{code}: {reason}")
        self.code = code
        self.reason = reason


class Streams(Followed[ChatStream], Protocol):
    """The streams of one organization, and what their chat must remember."""

    async def memory(self, stream: StreamId) -> ChatMemory:
        """What the next window must know of those before it; empty at first."""

    async def remember(self, stream: StreamId, memory: ChatMemory) -> None:
        """Replace the memory of a stream that was put."""


class Arrivals(Protocol):
    """What came and was not worked off yet, in order of number."""

    async def append(self, stream: StreamId, arrivals: Sequence[Numbered]) -> None:
        """Keep them."""

    async def head(self, stream: StreamId, limit: int) -> Sequence[Numbered]:
        """The first of them, at most `limit`."""

    async def remove(self, stream: StreamId, through: int) -> None:
        """Delete those up to this number, it included, with their messages."""

    async def drop(self, stream: StreamId) -> None:
        """Delete all of them."""


class Measuring(Protocol):
    """Work to be done later."""

    async def ask(self, stream: ChatStream) -> None:
        """Ask that what is there is worked off. Many calls may be answered by one run; none is lost."""

    async def cancel(self, stream: StreamId) -> None:
        """Take back what was asked, also what is being done: it can write nothing from now on."""


class Announcements(Protocol):
    """What other services are told."""

    async def publish(self, stream: StreamId, outcomes: Sequence[Outcome]) -> None:
        """Say them in this order, after all that was said of the stream before."""

    async def close(self, stream: StreamId) -> None:
        """The stream came to an end: what was said of it need not be kept for ever."""


class Work(Protocol):
    """What may be touched in one transaction."""

    @property
    def streams(self) -> Streams:
        """The organization's streams."""

    @property
    def arrivals(self) -> Arrivals:
        """What came of their chat."""

    @property
    def measuring(self) -> Measuring:
        """Work to be done later."""

    @property
    def announcements(self) -> Announcements:
        """What others are told."""


class Contents(Protocol):
    """Messages of windows in their published form."""

    async def read(self, window: Window) -> bytes:
        """Raises ContentLost when they can never be read, OSError when another try may help."""


class Measurer(Protocol):
    """Turns arrivals into what is to be announced."""

    async def measure(self, arrivals: Sequence[Arrival], memory: ChatMemory) -> tuple[Sequence[Outcome], ChatMemory]:
        """See `measure_in_order`; windows hold their messages. One that cannot be read becomes a gap."""
