"""Which columns of a CSV hold time, author and text."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tldr_ingest.domain.chat.message import name_of, text_of
from tldr_ingest.domain.chat.rows import ChatRow, NoRow, Row
from tldr_ingest.domain.chat.times import WrittenTime, seconds, written_time

# In order of preference: a file may have several (chat-downloader writes `timestamp`, a date, beside the others).
_SECONDS = ("time_in_seconds", "content_offset_seconds", "offset_seconds", "seconds", "time_s")
_MILLISECONDS = ("time_in_ms", "time_ms", "offset_ms", "milliseconds", "ms", "timestamp_ms")
_BARE = ("time", "t", "offset", "t_game", "time_text", "timestamp", "datetime", "date", "created_at")
_AUTHOR = (
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
_TEXT = ("text", "message", "message.body", "body", "chat", "content", "comment", "msg")


@dataclass(frozen=True, slots=True)
class Columns:
    """Places of the columns; `author` is None where there is none."""

    width: int
    time: int
    text: int
    author: int | None
    read_time: Callable[[object], WrittenTime | None]

    def row(self, cells: Sequence[str]) -> Row:
        """A row under these columns."""
        if len(cells) <= max(self.time, self.text):
            return NoRow.MALFORMED
        if not cells[self.text].strip():
            return NoRow.NO_MESSAGE
        time = self.read_time(cells[self.time])
        if time is None:
            return NoRow.NO_TIME
        author = cells[self.author].strip() if self.author is not None and self.author < len(cells) else ""
        return ChatRow(time, name_of(author), text_of(cells[self.text]))

    def is_row(self, cells: Sequence[str]) -> bool:
        """Whether the cells are a whole row by themselves, and not the middle of a text."""
        return len(cells) == self.width and self.read_time(cells[self.time]) is not None


def columns_of(header: Sequence[str]) -> Columns | None:
    """The columns under a header, or None where time or text is missing."""
    names = [name.strip().strip("\"'").lower().replace(" ", "_").replace("-", "_") for name in header]
    author, text = _position(names, _AUTHOR), _position(names, _TEXT)
    kinds: tuple[tuple[tuple[str, ...], Callable[[object], WrittenTime | None]], ...] = (
        (_SECONDS, seconds),
        (_BARE[:4], written_time),
        (_MILLISECONDS, _milliseconds),
        (_BARE, written_time),
    )
    for known, read in kinds:
        time = _position(names, known)
        if time is not None and text is not None:
            return Columns(len(names), time, text, author, read)
    return None


def _milliseconds(written: object) -> WrittenTime | None:
    return seconds(written, 1000)


def _position(names: list[str], known: tuple[str, ...]) -> int | None:
    return next((names.index(name) for name in known if name in names), None)
