"""Reads chat replays: finds the format, yields messages in stream time, counts what had to be left out."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, BinaryIO

from tldr_ingest.adapters.json_stream import BrokenJson, JsonStream
from tldr_ingest.domain.chat import LATEST_MS, ChatFormat, ChatMessage, ReplayCounts
from tldr_ingest.domain.chat_rows import Row, chat_downloader_row, csv_row, twitch_downloader_row
from tldr_ingest.domain.errors import ChatTimesImpossible, NotAChatReplay

_HEAD = 1 << 16
_EXPECTED = {
    ChatFormat.TWITCH_DOWNLOADER: 'an object with a list "comments" (JSON of TwitchDownloader)',
    ChatFormat.CHAT_DOWNLOADER: "a list of messages (JSON of chat-downloader)",
    ChatFormat.CSV: "a first line that names the columns time, author and text (CSV)",
}


@dataclass(slots=True)
class ChatReplay:
    """A replay in a seekable binary file. Each iteration reads the file anew and counts anew."""

    file: BinaryIO
    format: ChatFormat
    offset_ms: int = 0
    counts: ReplayCounts = field(default_factory=ReplayCounts)

    def __iter__(self) -> Iterator[ChatMessage]:
        """Messages in the file's order. Raises NotAChatReplay at the end if there were rows, but not one message."""
        self.counts = counts = ReplayCounts()
        for row, read in self._rows(counts):
            message = read(row)
            if message is None:
                counts.malformed += 1
                continue
            at_ms = message.at_ms + self.offset_ms
            if not (0 <= at_ms <= LATEST_MS and message.at_ms <= LATEST_MS):
                counts.impossible += 1
                continue
            counts.read += 1
            yield message if not self.offset_ms else ChatMessage(at_ms, message.author, message.text, message.emotes)
        self._judge(counts)

    def _judge(self, counts: ReplayCounts) -> None:
        if counts.read:
            return
        if counts.impossible:
            raise ChatTimesImpossible(
                f"None of the {counts.impossible} messages has a time between the stream's start and 48 hours; "
                "times must be seconds since the start, and the offset must fit."
            )
        if counts.malformed or counts.truncated:
            raise NotAChatReplay(f"The file is not a chat replay: expected {_EXPECTED[self.format]}.")

    def _rows(self, counts: ReplayCounts) -> Iterator[tuple[Any, Row]]:
        self.file.seek(0)
        text = _text_of(self.file)
        try:
            if self.format is ChatFormat.CSV:
                yield from _csv_rows(text, counts)
            elif self.format is ChatFormat.TWITCH_DOWNLOADER:
                yield from ((comment, twitch_downloader_row) for comment in _comments(JsonStream(text)))
            else:
                yield from ((item, chat_downloader_row) for item in _items(JsonStream(text)))
        except BrokenJson:
            # A download that broke off: what came before counts.
            counts.truncated = True
        finally:
            _release(text)


def open_chat_replay(file: BinaryIO, format: ChatFormat | None = None, offset_ms: int = 0) -> ChatReplay:
    """Find out the format where none is named. Raises NotAChatReplay for a file of another kind."""
    found = _detect(file)
    if found is None or (format is not None and format is not found):
        expected = " or ".join(_EXPECTED.values()) if format is None else _EXPECTED[format]
        raise NotAChatReplay(f"The file is not a chat replay: expected {expected}.")
    return ChatReplay(file, found, offset_ms)


def _detect(file: BinaryIO) -> ChatFormat | None:
    file.seek(0)
    head = file.read(_HEAD)
    file.seek(0)
    text = _text_of(file)
    try:
        if not head.startswith((b"\xff\xfe", b"\xfe\xff")) and b"\x00" in head:
            return None
        stream = JsonStream(text)
        first = stream.peek()
        if first == "[":
            element: Any = next(stream.elements(), None)
            if element is None:
                return ChatFormat.CHAT_DOWNLOADER
            return _kind_of(element) if isinstance(element, dict) else None
        if first == "{":
            return _detect_object(stream)
    except BrokenJson:
        return None
    finally:
        _release(text)
    file.seek(0)
    text = _text_of(file)
    try:
        return ChatFormat.CSV if _csv_layout(text.readline()) else None
    finally:
        _release(text)


def _detect_object(stream: JsonStream) -> ChatFormat | None:
    found: dict[str, Any] = {}
    for key in stream.members():
        if key == "comments":
            return ChatFormat.TWITCH_DOWNLOADER if stream.peek() == "[" else None
        found[key] = stream.value()
    return _kind_of(found)


def _kind_of(element: dict[str, Any]) -> ChatFormat | None:
    if "content_offset_seconds" in element:
        return ChatFormat.TWITCH_DOWNLOADER
    return ChatFormat.CHAT_DOWNLOADER if {"time_in_seconds", "time_text", "message"} & element.keys() else None


def _comments(stream: JsonStream) -> Iterator[Any]:
    if stream.peek() == "[":
        yield from stream.elements()
        return
    for key in stream.members():
        if key == "comments":
            # What follows them are pictures of emotes and badges.
            yield from stream.elements()
            return
        stream.value()


def _items(stream: JsonStream) -> Iterator[Any]:
    if stream.peek() == "[":
        yield from stream.elements()
        return
    while stream.peek():
        yield stream.value()


def _csv_rows(text: io.TextIOWrapper, counts: ReplayCounts) -> Iterator[tuple[Any, Row]]:
    layout = _csv_layout(text.readline())
    if layout is None:
        counts.malformed += 1
        return
    read, delimiter = layout
    rows = csv.reader(text, delimiter=delimiter)
    while True:
        try:
            row = next(rows)
        except StopIteration:
            return
        except csv.Error:
            counts.malformed += 1
            continue
        if row:
            yield row, read


def _csv_layout(line: str) -> tuple[Row, str] | None:
    for delimiter in (",", ";", "\t"):
        header = next(csv.reader([line], delimiter=delimiter), [])
        if (read := csv_row(header)) is not None:
            return read, delimiter
    return None


def _text_of(file: BinaryIO) -> io.TextIOWrapper:
    mark = file.read(2)
    file.seek(0)
    encoding = "utf-16" if mark in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    return io.TextIOWrapper(file, encoding, errors="replace", newline="")


def _release(text: io.TextIOWrapper) -> None:
    # The file belongs to the caller, who may have closed it in the middle of an iteration.
    with suppress(ValueError):
        text.detach()
