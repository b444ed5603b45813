"""Chat in windows of whole seconds of stream time, empty ones included."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from tldr_ingest.domain.chat import ChatMessage


@dataclass(frozen=True, slots=True)
class ChatWindow:
    """The messages of [start_ms, end_ms), in order of time. Windows are numbered from 0 without holes."""

    index: int
    start_ms: int
    end_ms: int
    messages: tuple[ChatMessage, ...]


@dataclass(slots=True)
class ChatWindows:
    """Cuts messages that are nearly in order into windows.

    A window is given back when a message `slack_ms` behind its end has come. A straggler that comes later still is
    dropped and counted in `late` (its second was already said to be complete); one from behind the end of the stream
    is dropped and counted in `after_end`. `first_index` leaves out windows published before.
    """

    length_s: int = 10
    slack_ms: int = 30_000
    first_index: int = 0
    late: int = field(default=0, init=False)
    after_end: int = field(default=0, init=False)

    def __post_init__(self) -> None:
        if self.length_s < 1:
            raise ValueError("a window lasts at least one second")

    def cut(self, messages: Iterable[ChatMessage], end_ms: int | None = None) -> Iterator[ChatWindow]:
        """All windows up to the end of the stream (rounded up to a second), or of the chat where that is not known."""
        length = 1000 * self.length_s
        open_windows: dict[int, list[ChatMessage]] = {}
        index = 0
        latest = -1
        for message in messages:
            if end_ms is not None and message.at_ms >= end_ms:
                self.after_end += 1
                continue
            number = message.at_ms // length
            if number < index:
                self.late += 1
                continue
            open_windows.setdefault(number, []).append(message)
            latest = max(latest, message.at_ms)
            while (index + 1) * length + self.slack_ms <= latest:
                yield from self._window(index, (index + 1) * length, open_windows)
                index += 1
        end = _whole_seconds(latest + 1 if end_ms is None else end_ms)
        while index * length < end:
            yield from self._window(index, min((index + 1) * length, end), open_windows)
            index += 1

    def _window(self, index: int, end_ms: int, windows: dict[int, list[ChatMessage]]) -> Iterator[ChatWindow]:
        messages = sorted(windows.pop(index, []), key=lambda message: message.at_ms)
        if index >= self.first_index:
            yield ChatWindow(index, index * 1000 * self.length_s, end_ms, tuple(messages))


def _whole_seconds(milliseconds: int) -> int:
    return -(-milliseconds // 1000) * 1000
