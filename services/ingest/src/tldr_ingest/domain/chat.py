"""A chat message in stream time, and what a replay may hold."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from enum import StrEnum

# No platform keeps a stream longer than two days; a time beyond is not a time in the stream (a date, microseconds).
LATEST_MS = 48 * 3_600_000
# Longer than any platform allows; what exceeds it is cut, so that no single row can fill a window.
_MAX_TEXT = 2_000
_MAX_NAME = 200
_MAX_EMOTES = 100
_CLOCK = re.compile(r"^(-?)(?:(\d{1,4}):)?(\d{1,3}):(\d{1,2}(?:\.\d+)?)$")


class ChatFormat(StrEnum):
    """How a replay is written."""

    TWITCH_DOWNLOADER = "twitch_downloader"
    CHAT_DOWNLOADER = "chat_downloader"
    CSV = "csv"


@dataclass(frozen=True, slots=True)
class ChatMessage:
    """A message; `author` is empty where unknown, `emotes` are names as they stand in the text."""

    at_ms: int
    author: str
    text: str
    emotes: tuple[str, ...] = ()


@dataclass(slots=True)
class ReplayCounts:
    """What became of a replay's rows: `malformed` and `impossible` ones (times outside the stream) were skipped."""

    read: int = 0
    malformed: int = 0
    impossible: int = 0
    truncated: bool = False


def compose(at_ms: int, author: str, text: str, emotes: list[str]) -> ChatMessage:
    """A message with its strings made safe: bounded, without NUL and halves of characters."""
    names = tuple(_clean(name, _MAX_NAME) for name in emotes[:_MAX_EMOTES] if name.strip())
    return ChatMessage(at_ms, _clean(author, _MAX_NAME), _clean(text, _MAX_TEXT), names)


def milliseconds_of(time: object) -> int | None:
    """Milliseconds of seconds (a number, or text) or of a clock (`1:02:03.5`, `-0:05`); None where it is no time.

    Times that are no number or unreasonably far away give a value beyond LATEST_MS.
    """
    if isinstance(time, str):
        time = time.strip()
        clock = _CLOCK.match(time)
        if clock:
            sign, hours, minutes, seconds = clock.groups()
            total = 3600 * int(hours or 0) + 60 * int(minutes) + float(seconds)
            return round(1000 * (-total if sign else total))
        try:
            time = float(time)
        except ValueError:
            return None
    if isinstance(time, bool) or not isinstance(time, int | float):
        return None
    if abs(time) > LATEST_MS or not math.isfinite(time):
        return LATEST_MS + 1
    return round(1000 * time)


def _clean(text: str, limit: int) -> str:
    return text[:limit].replace("\x00", "").encode("utf-8", "replace").decode("utf-8")
