"""A chat message in stream time, and the kinds of replay."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

# Longer than any platform allows; what exceeds it is cut, so that no single row can fill a window.
_MAX_TEXT = 2_000
_MAX_NAME = 200
_MAX_EMOTES = 100


class ChatFormat(StrEnum):
    """How a replay is written."""

    TWITCH_DOWNLOADER = "twitch_downloader"
    CHAT_DOWNLOADER = "chat_downloader"
    LIVE_CHAT = "live_chat"
    CSV = "csv"


@dataclass(frozen=True, slots=True)
class ChatMessage:
    """A message; `author` is empty where unknown, `emotes` are names as they stand in the text."""

    at_ms: int
    author: str
    text: str
    emotes: tuple[str, ...] = ()


def name_of(text: str) -> str:
    """A name made safe: bounded, without NUL and halves of characters."""
    return _clean(text, _MAX_NAME)


def text_of(text: str) -> str:
    """The same of what was written."""
    return _clean(text, _MAX_TEXT)


def emotes_of(names: list[str]) -> tuple[str, ...]:
    """The same of the names of emotes."""
    return tuple(_clean(name, _MAX_NAME) for name in names[:_MAX_EMOTES] if name.strip())


def _clean(text: str, limit: int) -> str:
    return text[:limit].replace("\x00", "").encode("utf-8", "replace").decode("utf-8")
