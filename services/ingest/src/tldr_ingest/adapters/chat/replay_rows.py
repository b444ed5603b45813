"""Finds out how a chat replay is written and gives its rows, in the file's order and in bounded memory."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, BinaryIO

from tldr_ingest.adapters.chat.chat_text import bounded_lines, text_of_file
from tldr_ingest.adapters.chat.csv_rows import csv_layout, csv_rows
from tldr_ingest.adapters.chat.json_stream import BrokenJson, JsonStream
from tldr_ingest.domain.chat.clock import Trim
from tldr_ingest.domain.chat.message import ChatFormat
from tldr_ingest.domain.chat.rows import NoRow, Row, format_of, row_of
from tldr_ingest.domain.chat.times import written_time
from tldr_ingest.domain.errors import NotAChatReplay

_HEAD = 1 << 16
_FIRST_LINES = 200
_EXPECTED = {
    ChatFormat.TWITCH_DOWNLOADER: 'an object with a list "comments" (JSON of TwitchDownloader)',
    ChatFormat.CHAT_DOWNLOADER: "a list of messages (JSON of chat-downloader)",
    ChatFormat.LIVE_CHAT: "lines with chat actions (.live_chat.json of yt-dlp)",
    ChatFormat.CSV: "a first line that names the columns time, author and text (CSV)",
}
_EXPORTS = "Export it as JSON (TwitchDownloader, chat-downloader or yt-dlp) or as CSV."
# "[0:01:02] name: text" of TwitchDownloader and chat-downloader, with dates as well.
_PLAIN_TEXT = re.compile(r"\[\d[\d:. -]*[:-]\d[\d:. -]*(?: *[a-z]+)?\] *\S|\d+:\d\d(?::\d\d)? [^,;]*:")


@dataclass(slots=True)
class ReplayRows:
    """The rows of a seekable binary file; what is known of the whole file is filled in while they are read.

    `format`: the one that is wanted, then the one that was found. Iterating raises NotAChatReplay.
    """

    file: BinaryIO
    format: ChatFormat | None = None
    trim: Trim | None = None
    truncated: bool = False
    _recognised: bool = field(default=False, init=False)
    _head: str = field(default="", init=False)

    def __iter__(self) -> Iterator[Row]:
        """Rows; what is no message says why."""
        with self._text() as text:
            self._head = text.read(_HEAD)
        start = self._head.lstrip()[:1]
        empty = start == "["
        for row in self._rows(start, self._head):
            empty = False
            yield row
        if not self._recognised and (not empty or self.truncated):
            raise self._refusal()

    def _rows(self, start: str, head: str) -> Iterator[Row]:
        try:
            if start == "[":
                with self._text() as text:
                    yield from self._items(JsonStream(text).elements())
            elif start == "{" and not _has_row_lines(head):
                with self._text() as text:
                    yield from self._object(JsonStream(text))
            elif _has_row_lines(head):
                with self._text() as text:
                    yield from self._lines(text)
            else:
                yield from self._table(head)
        except BrokenJson:
            # A download that broke off: what came before counts.
            self.truncated = True

    def _items(self, items: Iterator[Any]) -> Iterator[Row]:
        for item in items:
            found = format_of(item)
            if found is None:
                yield NoRow.NO_MESSAGE if isinstance(item, dict) else NoRow.MALFORMED
                continue
            self._recognise(found)
            yield row_of(item, found)

    def _lines(self, text: io.TextIOWrapper) -> Iterator[Row]:
        ended = True
        for line in bounded_lines(text):
            if not line.strip():
                continue
            ended = line.endswith("\n")
            try:
                item = json.loads(line)
            except (ValueError, RecursionError):
                if not ended:
                    raise BrokenJson("the last line breaks off") from None
                yield NoRow.MALFORMED
                continue
            yield from self._items(iter((item,)))

    def _object(self, stream: JsonStream) -> Iterator[Row]:
        for key in stream.members():
            if key == "video":
                self.trim = _trim_of(stream.value())
            elif key == "comments" and stream.peek() == "[":
                self._recognise(ChatFormat.TWITCH_DOWNLOADER)
                for comment in stream.elements():
                    yield row_of(comment, ChatFormat.TWITCH_DOWNLOADER)
            else:
                # Pictures of emotes and badges.
                stream.skip()

    def _table(self, head: str) -> Iterator[Row]:
        layout = csv_layout(iter(head.splitlines(keepends=True)))
        if layout is None:
            raise self._refusal()
        self._recognise(ChatFormat.CSV)
        number, columns, delimiter = layout
        with self._text() as text:
            yield from csv_rows(islice(bounded_lines(text), number, None), columns, delimiter)

    def _recognise(self, found: ChatFormat) -> None:
        if self.format is not None and found is not self.format:
            raise self._refusal()
        self.format, self._recognised = found, True

    def _refusal(self) -> NotAChatReplay:
        if export := _export_of(self._head):
            return NotAChatReplay(f"The file is not a chat replay that can be read: it is {export}")
        expected = _EXPECTED[self.format] if self.format else " or ".join(_EXPECTED.values())
        return NotAChatReplay(f"The file is not a chat replay: expected {expected}.")

    @contextmanager
    def _text(self) -> Iterator[io.TextIOWrapper]:
        text = text_of_file(self.file)
        try:
            yield text
        finally:
            # The file belongs to the caller, who may have closed it in the middle of an iteration.
            with suppress(ValueError):
                text.detach()


def _has_row_lines(head: str) -> bool:
    """Whether one of the first lines is an object of a known kind by itself; others may be broken, or of other actions."""
    for line in islice(head.splitlines(), _FIRST_LINES):
        if line[:1] == "{":
            with suppress(ValueError, RecursionError):
                if format_of(json.loads(line)):
                    return True
    return False


def _trim_of(video: Any) -> Trim | None:
    if not isinstance(video, dict):
        return None
    start, end = written_time(video.get("start")), written_time(video.get("end"))
    return Trim(start.value, end.value if end else 0) if start else None


def _export_of(head: str) -> str | None:
    start = head.lstrip()[:200].lower()
    if start.startswith("<"):
        return f"a page of HTML. {_EXPORTS}"
    if start.startswith("pk\x03\x04"):
        return "a ZIP archive. Submit the file in it, or pack it with gzip."
    return f"plain text. {_EXPORTS}" if _PLAIN_TEXT.match(start) else None
