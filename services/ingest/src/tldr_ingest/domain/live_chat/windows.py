"""Cuts a live chat into windows of stream time by the wall clock, and holds each back for a moment."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from tldr_ingest.domain.chat.message import ChatMessage
from tldr_ingest.domain.chat.report import ChatCounts
from tldr_ingest.domain.chat.windows import MOST_CHARACTERS, MOST_MESSAGES, ChatWindow
from tldr_ingest.domain.live_chat.coverage import LiveCoverage, MissingChat
from tldr_ingest.domain.live_chat.events import (
    Broken,
    Heard,
    Listening,
    LiveChatEvent,
    LiveMessage,
    TakenBack,
    Uncounted,
)

_SECOND = 1000
# A window that waited (a quiet chat, a database that was away) covers no more than that.
_LONGEST_MS = 10_000
# While the stream's zero is not known, or nothing can be published; two minutes of the busiest chats.
_MOST_HELD = 50_000
_MOST_KNOWN = 50_000
_HELD_TOO_LONG = "chat_held_too_long"
_HELD_TOO_LONG_REASON = "More was written than can be held until the stream's picture and sound are known."


@dataclass(slots=True)
class LiveWindows:
    """Windows of at least `window_ms`, closed `grace_ms` behind what was heard, so that a message can be taken back.

    `index` and `until_ms`: the next window's number, and where it begins in stream time; whole seconds. `zero_ms`: the wall
    clock at stream time 0; until it is known messages are held. `end_ms`: where the stream ends, when that is known.
    """

    coverage: LiveCoverage
    window_ms: int
    grace_ms: int
    index: int = 0
    until_ms: int = 0
    counts: ChatCounts = field(default_factory=ChatCounts)
    zero_ms: int | None = None
    end_ms: int | None = None
    _held: dict[str, LiveMessage] = field(default_factory=dict)
    _known: OrderedDict[str, None] = field(default_factory=OrderedDict)
    _unnamed: int = 0

    @property
    def finished(self) -> bool:
        """Whether all up to the stream's end was told."""
        return self.end_ms is not None and self.until_ms >= _up(self.end_ms)

    def take(self, events: Iterable[LiveChatEvent]) -> None:
        """What was heard, in the order it came. A message that is known by its id changes nothing."""
        for event in events:
            match event:
                case LiveMessage():
                    self._add(event)
                case TakenBack():
                    self._take_back(event)
                case Heard(until_ms):
                    self.coverage.heard(until_ms)
                case Listening(since_ms):
                    self.coverage.listens(since_ms)
                case Broken(code, reason):
                    self.coverage.breaks(code, reason)
                case Uncounted(unreadable):
                    self._count(unreadable=int(unreadable), other=int(not unreadable))
        if len(self._held) > _MOST_HELD:
            self._let_go()

    def due(self, now_ms: int) -> list[ChatWindow | MissingChat]:
        """What can be told now, in order of stream time; nothing is told twice. `now_ms`: the wall clock."""
        if self.zero_ms is None:
            return []
        until, missing = self._known_until(now_ms, self.zero_ms)
        last = self.end_ms is not None and until == _up(self.end_ms)
        if until - self.until_ms < self.window_ms and not last:
            return []
        told: list[ChatWindow | MissingChat] = []
        for one in missing:
            start, end = (
                max(_down(one.start_ms - self.zero_ms), self.until_ms),
                min(_up(one.end_ms - self.zero_ms), until),
            )
            if start < end:
                told += self._windows(start)
                told.append(replace(one, start_ms=start, end_ms=end))
                self._count(in_gaps=len(self._taken(end)))
                self.until_ms = end
        told += self._windows(until)
        self.coverage.forget(self.zero_ms + self.until_ms)
        if self.finished:
            self._count(after_end=len(self._held))
            self._held.clear()
        return told

    def _known_until(self, now_ms: int, zero_ms: int) -> tuple[int, list[MissingChat]]:
        """Up to where can be told, and what is missing. A range that is missing is told as one, where it is known as one."""
        known_ms, lasting = self.coverage.known(now_ms)
        # What is missing can be taken back by nobody.
        until = _down(known_ms - zero_ms - (0 if lasting else self.grace_ms))
        for one in self.coverage.missing:
            if one.start_ms - zero_ms < until < _up(one.end_ms - zero_ms):
                until = _down(one.start_ms - zero_ms)
        if self.end_ms is not None:
            until = min(until, _up(self.end_ms))
        return until, [*self.coverage.missing, *((lasting,) if lasting else ())]

    def _windows(self, until: int) -> Iterator[ChatWindow]:
        while self.until_ms < until:
            end = min(self.until_ms + _LONGEST_MS, until)
            messages = self._taken(end)
            yield ChatWindow(self.index, self.until_ms, end, tuple(messages))
            self._count(messages=len(messages))
            self.index, self.until_ms = self.index + 1, end

    def _taken(self, end: int) -> list[ChatMessage]:
        """The held messages up to there, in order of time; those of before the last window are late."""
        zero = self.zero_ms or 0
        due = [(one.at_ms - zero, key) for key, one in self._held.items() if one.at_ms - zero < end]
        messages: list[ChatMessage] = []
        size = 0
        for at_ms, key in sorted(due, key=lambda pair: pair[0]):
            one = self._held.pop(key)
            size += len(one.text)
            if at_ms < self.until_ms:
                self._count(before_start=int(at_ms < 0), late=int(at_ms >= 0))
            elif len(messages) < MOST_MESSAGES and size <= MOST_CHARACTERS:
                messages.append(ChatMessage(at_ms, one.author, one.text, one.emotes))
            else:
                self._count(crowded=1)
        return messages

    def _add(self, message: LiveMessage) -> None:
        key = message.id
        if not key:
            self._unnamed += 1
            key = f"\x00{self._unnamed}"
        elif key in self._known:
            return
        else:
            self._known[key] = None
            if len(self._known) > _MOST_KNOWN:
                self._known.popitem(last=False)  # of a plain dict the first one is searched for
        self._held[key] = message

    def _take_back(self, event: TakenBack) -> None:
        if event.id:
            gone = [event.id] if event.id in self._held else []
        else:
            gone = [key for key, one in self._held.items() if event.all or one.user == event.user]
        for key in gone:
            del self._held[key]
        self._count(taken_back=len(gone))

    def _let_go(self) -> None:
        """The older half is missing, whole seconds of it: what is held may not grow without a bound."""
        times = sorted(one.at_ms for one in self._held.values())
        first, last = times[0], times[len(times) // 2] + 1
        gone = [key for key, one in self._held.items() if one.at_ms < last]
        for key in gone:
            del self._held[key]
        self._count(in_gaps=len(gone))
        self.coverage.loses(first, last, _HELD_TOO_LONG, _HELD_TOO_LONG_REASON)

    def _count(self, **more: int) -> None:
        counted = {name: getattr(self.counts, name) + number for name, number in more.items() if number}
        if counted:
            self.counts = replace(self.counts, **counted)


def _down(ms: int) -> int:
    return ms // _SECOND * _SECOND


def _up(ms: int) -> int:
    return -(-ms // _SECOND) * _SECOND
