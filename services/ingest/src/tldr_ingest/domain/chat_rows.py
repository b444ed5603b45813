"""Rows of the known replay formats to messages; a row that is none gives None."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from tldr_ingest.domain.chat import ChatMessage, compose, milliseconds_of

# In order of preference: a file may have several (chat-downloader writes `timestamp`, a date, beside the others).
_TIME_COLUMNS = (
    "time_in_seconds",
    "content_offset_seconds",
    "time",
    "t",
    "seconds",
    "time_s",
    "offset",
    "offset_seconds",
    "t_game",
    "time_text",
    "timestamp",
)
_AUTHOR_COLUMNS = (
    "author",
    "author.display_name",
    "author.name",
    "author_name",
    "display_name",
    "user",
    "username",
    "user_name",
    "commenter",
    "name",
    "nick",
    "nickname",
    "sender",
)
_TEXT_COLUMNS = ("text", "message", "message.body", "body", "chat", "content", "comment", "msg")

Row = Callable[[Any], ChatMessage | None]


def twitch_downloader_row(comment: Any) -> ChatMessage | None:
    """An element of `comments` in TwitchDownloader's JSON (also of Twitch's own old API)."""
    if not isinstance(comment, Mapping):
        return None
    at_ms, message = milliseconds_of(comment.get("content_offset_seconds")), comment.get("message")
    if at_ms is None or not isinstance(message, Mapping):
        return None
    fragments = [part for part in _list(message.get("fragments")) if isinstance(part, Mapping)]
    body = message.get("body")
    if not isinstance(body, str):
        body = "".join(_text(part.get("text")) for part in fragments)
    if not body:
        return None
    emotes = [_text(part.get("text")) for part in fragments if part.get("emoticon")]
    commenter = comment.get("commenter")
    author = _first_text(commenter, ("display_name", "name")) if isinstance(commenter, Mapping) else ""
    return compose(at_ms, author, body, emotes)


def chat_downloader_row(item: Any) -> ChatMessage | None:
    """An element of chat-downloader's list, or a line of its JSON lines."""
    if not isinstance(item, Mapping):
        return None
    at_ms, text = milliseconds_of(item.get("time_in_seconds", item.get("time_text"))), item.get("message")
    if at_ms is None or not isinstance(text, str) or not text:
        return None
    emotes = [_text(emote.get("name")) for emote in _list(item.get("emotes")) if isinstance(emote, Mapping)]
    author = item.get("author")
    name = _first_text(author, ("display_name", "name")) if isinstance(author, Mapping) else _text(author)
    return compose(at_ms, name, text, emotes)


def csv_row(header: Sequence[str]) -> Row | None:
    """A reader of rows under this header, or None where time or text is missing."""
    names = [_column(name) for name in header]
    time, author, text = (_position(names, known) for known in (_TIME_COLUMNS, _AUTHOR_COLUMNS, _TEXT_COLUMNS))
    if time is None or text is None:
        return None

    def read(row: Sequence[str]) -> ChatMessage | None:
        if len(row) <= max(time, text):
            return None
        at_ms = milliseconds_of(row[time])
        if at_ms is None or not row[text].strip():
            return None
        name = row[author].strip() if author is not None and author < len(row) else ""
        return compose(at_ms, name, row[text], [])

    return read


def _column(name: str) -> str:
    return name.strip().strip("\"'").lower().replace(" ", "_").replace("-", "_")


def _position(names: list[str], known: tuple[str, ...]) -> int | None:
    return next((names.index(name) for name in known if name in names), None)


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _first_text(mapping: Mapping[str, Any], names: tuple[str, ...]) -> str:
    return next((value for name in names if (value := _text(mapping.get(name)))), "")
