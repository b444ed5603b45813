"""Chat in windows of whole seconds of stream time, empty ones included."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from tldr_ingest.domain.chat.message import ChatMessage

# The busiest chats have some 500 messages a second: what is beyond ten times as many is made up.
MOST_MESSAGES = 50_000
MOST_CHARACTERS = 8_000_000


@dataclass(frozen=True, slots=True)
class ChatWindow:
    """The messages of [start_ms, end_ms), in order of time. Windows are numbered from 0 without holes."""

    index: int
    start_ms: int
    end_ms: int
    messages: tuple[ChatMessage, ...]


@dataclass(slots=True)
class ChatWindows:
    """Cuts messages in order of time into windows; holds one of them at a time.

    `first_index` leaves out windows published before. What a window cannot take is dropped and counted in `crowded`.
    """

    length_s: int = 10
    first_index: int = 0
    crowded: int = field(default=0, init=False)

    def __post_init__(self) -> None:
        if self.length_s < 1:
            raise ValueError("a window lasts at least one second")

    def cut(self, messages: Iterable[ChatMessage], end_ms: int) -> Iterator[ChatWindow]:
        """All windows up to `end_ms` (rounded up to a second); every message lies in [0, end_ms)."""
        length, end = 1000 * self.length_s, -(-end_ms // 1000) * 1000
        waiting, following = iter(messages), None
        following = next(waiting, None)
        for index in range(-(-end // length)):
            window_end = min((index + 1) * length, end)
            taken: list[ChatMessage] = []
            size = 0
            while following is not None and following.at_ms < window_end:
                size += len(following.text)
                if len(taken) < MOST_MESSAGES and size <= MOST_CHARACTERS:
                    taken.append(following)
                else:
                    self.crowded += 1
                following = next(waiting, None)
            if index >= self.first_index:
                yield ChatWindow(index, index * length, window_end, tuple(taken))
