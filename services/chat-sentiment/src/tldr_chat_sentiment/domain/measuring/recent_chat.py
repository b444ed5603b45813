"""Decides which messages count: many voices are a reaction, one voice many times is not.

A message counts unless one of these holds, each judged by what was written before it, never after:

* copy: its voice wrote nearly the same text within 30 s, and that one was not itself a copy;
* hurry: its voice has counted three times within 10 s;
* flood: its voice wrote more than five messages within 10 s and has counted once within them;
* pasted by few: the text is long (six distinct words or a link), somebody else wrote it within 30 s, and fewer than six
  voices have. From the sixth voice on it is a crowd repeating a text together, and counts.

An unknown author is a voice of its own each time. So five spammers that paste one text count five times in 30 s when it
is short, and once when it is long.
"""

from collections import deque
from itertools import islice
from typing import Final, NamedTuple

from tldr_chat_sentiment.domain.measuring.memory import (
    REMEMBERED_MESSAGES,
    REMEMBERED_MS,
    UNKNOWN_VOICE,
    ChatMemory,
    Heard,
)

HURRY_MS: Final = 10_000
HURRY_COUNTED: Final = 3
FLOOD_WRITTEN: Final = 5
CROWD_VOICES: Final = 6
AGREEMENT_MS: Final = 10_000
_NOTHING: Final[deque[Heard]] = deque()


class Verdict(NamedTuple):
    """counts: see above. agrees: another voice wrote nearly the same text within 10 s."""

    counts: bool
    agrees: bool


class RecentChat:
    """The last 30 s of chat, at most 3,600 messages; messages must come in order of time."""

    def __init__(self, memory: ChatMemory) -> None:
        self._heard: deque[Heard] = deque()
        self._by_voice: dict[int, deque[Heard]] = {}
        self._by_text: dict[int, deque[Heard]] = {}
        self._wrote: set[tuple[int, int]] = set()  # voice and text
        self._counted: dict[int, deque[Heard]] = {}
        for message in memory:
            self._remember(message)

    def hear(self, at_ms: int, voice: int, key: int, long: bool) -> Verdict:
        """Judge a message and remember it. voice: UNKNOWN_VOICE where nobody knows; key: equal for nearly equal texts."""
        self._forget(at_ms)
        fresh = (voice, key) not in self._wrote
        counts = fresh and not self._is_too_much(at_ms, voice) and not (long and self._is_pasted_by_few(key))
        agrees = self._agrees(at_ms, voice, key)
        self._remember(Heard(at_ms, voice, key, fresh, counts))
        return Verdict(counts, agrees)

    def memory(self) -> ChatMemory:
        """What the next window must know."""
        return ChatMemory.of(self._heard)

    def _is_too_much(self, at_ms: int, voice: int) -> bool:
        if voice == UNKNOWN_VOICE:
            return False
        since = at_ms - HURRY_MS
        counted = self._counted.get(voice, _NOTHING)
        if len(counted) >= HURRY_COUNTED and counted[-HURRY_COUNTED].at_ms > since:
            return True
        written = self._by_voice.get(voice, _NOTHING)
        floods = len(written) >= FLOOD_WRITTEN and written[-FLOOD_WRITTEN].at_ms > since
        return floods and bool(counted) and counted[-1].at_ms > since

    def _is_pasted_by_few(self, key: int) -> bool:
        return 0 < len(self._by_text.get(key, _NOTHING)) < CROWD_VOICES - 1

    def _agrees(self, at_ms: int, voice: int, key: int) -> bool:
        # A voice stands here at most once in 30 s, so that one of the last two is another's if any is.
        latest = islice(reversed(self._by_text.get(key, _NOTHING)), 2)
        return any(
            message.at_ms > at_ms - AGREEMENT_MS and (message.voice != voice or voice == UNKNOWN_VOICE)
            for message in latest
        )

    def _remember(self, message: Heard) -> None:
        if len(self._heard) == REMEMBERED_MESSAGES:
            self._drop_oldest()
        self._heard.append(message)
        if message.fresh:
            self._by_text.setdefault(message.key, deque()).append(message)
        if message.voice != UNKNOWN_VOICE:
            self._by_voice.setdefault(message.voice, deque()).append(message)
            if message.fresh:
                self._wrote.add((message.voice, message.key))
            if message.counted:
                self._counted.setdefault(message.voice, deque()).append(message)

    def _forget(self, now_ms: int) -> None:
        while self._heard and self._heard[0].at_ms <= now_ms - REMEMBERED_MS:
            self._drop_oldest()

    def _drop_oldest(self) -> None:
        message = self._heard.popleft()
        if message.fresh:
            _drop(self._by_text, message.key)
        if message.voice != UNKNOWN_VOICE:
            _drop(self._by_voice, message.voice)
            if message.fresh:
                self._wrote.discard((message.voice, message.key))
            if message.counted:
                _drop(self._counted, message.voice)


def _drop(index: dict[int, deque[Heard]], name: int) -> None:
    messages = index[name]
    messages.popleft()
    if not messages:
        del index[name]
