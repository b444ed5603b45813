"""Rows of the known replay formats; what is no message says why."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from typing import Any, NamedTuple

from tldr_ingest.domain.chat.message import ChatFormat, emotes_of, name_of, text_of
from tldr_ingest.domain.chat.times import WrittenTime, seconds, unix_time


class ChatRow(NamedTuple):
    """A message with its time as it was written; all strings are safe and bounded."""

    time: WrittenTime
    author: str
    text: str
    emotes: tuple[str, ...] = ()


class NoRow(StrEnum):
    """Why a row is no message."""

    MALFORMED = "malformed"
    NO_TIME = "no_time"
    NO_MESSAGE = "no_message"


Row = ChatRow | NoRow


def format_of(item: Any) -> ChatFormat | None:
    """The format that an element of a list, or a line, belongs to."""
    if not isinstance(item, Mapping):
        return None
    if "content_offset_seconds" in item:
        return ChatFormat.TWITCH_DOWNLOADER
    if "replayChatItemAction" in item or "addChatItemAction" in item:
        return ChatFormat.LIVE_CHAT
    known = {"time_in_seconds", "time_text", "message"} & item.keys()
    return ChatFormat.CHAT_DOWNLOADER if known else None


def row_of(item: Any, format: ChatFormat) -> Row:
    """An element of a list, or a line, of a JSON format."""
    return _READERS[format](item) if isinstance(item, Mapping) else NoRow.MALFORMED


def _twitch_downloader(comment: Mapping[str, Any]) -> Row:
    time, message = seconds(comment.get("content_offset_seconds")), comment.get("message")
    if not isinstance(message, Mapping):
        return NoRow.MALFORMED
    fragments = [part for part in _list(message.get("fragments")) if isinstance(part, Mapping)]
    body = message.get("body")
    if not isinstance(body, str):
        body = "".join(_text(part.get("text")) for part in fragments)
    emotes = [_text(part.get("text")) for part in fragments if part.get("emoticon")]
    commenter = comment.get("commenter")
    author = _first_text(commenter, ("display_name", "name")) if isinstance(commenter, Mapping) else ""
    return _row(time, author, body, emotes)


def _chat_downloader(item: Mapping[str, Any]) -> Row:
    text, author = item.get("message"), item.get("author")
    if text is not None and not isinstance(text, str):
        return NoRow.MALFORMED
    time = (
        seconds(item.get("time_in_seconds"))
        or seconds(item.get("time_text"))
        or unix_time(item.get("timestamp"), 10**6)
    )
    emotes = [_text(emote.get("name")) for emote in _list(item.get("emotes")) if isinstance(emote, Mapping)]
    name = _first_text(author, ("display_name", "name")) if isinstance(author, Mapping) else _text(author)
    return _row(time, name, text or "", emotes)


def _live_chat(line: Mapping[str, Any]) -> Row:
    """A line of yt-dlp's file: times of before the start are 0 as a number and negative as a text."""
    replay = line.get("replayChatItemAction")
    actions = _list(replay.get("actions")) if isinstance(replay, Mapping) else [line]
    offset = line.get("videoOffsetTimeMsec", replay.get("videoOffsetTimeMsec") if isinstance(replay, Mapping) else None)
    added = next((found for action in actions if (found := _at(action, "addChatItemAction", "item"))), None)
    kinds = ("liveChatTextMessageRenderer", "liveChatPaidMessageRenderer")
    item = next((found for kind in kinds if (found := _at(added, kind))), None)
    if item is None:
        return NoRow.NO_MESSAGE
    runs = [run for run in _list(_at(item, "message").get("runs")) if isinstance(run, Mapping)]
    shown = _text(_at(item, "timestampText").get("simpleText"))
    time = seconds(shown) if shown.startswith("-") else seconds(offset, 1000)
    time = time or seconds(shown) or unix_time(item.get("timestampUsec"), 10**6)
    parts = [(_text(run.get("text")) or _emoji(run), "emoji" in run) for run in runs]
    author = _text(_at(item, "authorName").get("simpleText"))
    text = "".join(f" {part} " if emoji else part for part, emoji in parts)
    return _row(time, author, " ".join(text.split()), [part for part, emoji in parts if emoji])


_READERS: dict[ChatFormat, Callable[[Mapping[str, Any]], Row]] = {
    ChatFormat.TWITCH_DOWNLOADER: _twitch_downloader,
    ChatFormat.CHAT_DOWNLOADER: _chat_downloader,
    ChatFormat.LIVE_CHAT: _live_chat,
}


def _row(time: WrittenTime | None, author: str, text: str, emotes: list[str]) -> Row:
    if not text.strip():
        return NoRow.NO_MESSAGE
    if time is None:
        return NoRow.NO_TIME
    return ChatRow(time, name_of(author), text_of(text), emotes_of(emotes))


def _emoji(run: Mapping[str, Any]) -> str:
    emoji = _at(run, "emoji")
    names = [name for name in _list(emoji.get("shortcuts")) if isinstance(name, str)]
    return _text(emoji.get("emojiId")) if not names or not emoji.get("isCustomEmoji") else names[0]


def _at(value: object, *names: str) -> Mapping[str, Any]:
    for name in names:
        value = value.get(name) if isinstance(value, Mapping) else None
    return value if isinstance(value, Mapping) else {}


def _list(value: object) -> Sequence[Any]:
    return value if isinstance(value, list) else []


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _first_text(mapping: Mapping[str, Any], names: tuple[str, ...]) -> str:
    return next((value for name in names if (value := _text(mapping.get(name)))), "")
