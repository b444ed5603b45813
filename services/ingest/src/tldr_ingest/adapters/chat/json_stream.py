"""JSON values out of a file one after the other, in bounded memory."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any, TextIO

from tldr_ingest.domain.errors import ChatTooLarge

_CHUNK = 1 << 18
# A message is a few kB. Decoding what is larger may take thirty times its size: `[],[],[],...`.
_LARGEST = 1 << 20
_DEEPEST = 256
_SPACE = re.compile(r"[ \t\r\n]*")
_BRACKET = re.compile(r'["\[\]{}]')
_STRING_END = re.compile(r'["\\]')


class BrokenJson(Exception):
    """The text is not JSON from here on, or ends in the middle of a value."""


class JsonStream:
    """A cursor over JSON text. Methods raise BrokenJson."""

    def __init__(self, text: TextIO) -> None:
        self._text = text
        self._buffer = ""
        self._at = 0
        self._ended = False
        self._decode = json.JSONDecoder().raw_decode

    def peek(self) -> str:
        """The next character that is not space, or nothing at the end."""
        while True:
            self._at = _end(_SPACE, self._buffer, self._at)
            if self._at < len(self._buffer):
                return self._buffer[self._at]
            if not self._more(_CHUNK):
                return ""

    def take(self, character: str) -> bool:
        """Step over a character if it is the next."""
        if self.peek() != character:
            return False
        self._at += 1
        return True

    def value(self) -> Any:
        """The next value, whole. Raises ChatTooLarge where it is longer than any row."""
        self.peek()
        wanted = _CHUNK
        while True:
            try:
                found, end = self._decode(self._buffer, self._at)
            except ValueError as error:
                # Broken, or not all of it read yet; doubling keeps the repeated work bounded.
                if len(self._buffer) - self._at > _LARGEST:
                    raise ChatTooLarge("A value in the chat file is larger than 1 MB; no chat message is.") from error
                if not self._more(wanted):
                    raise BrokenJson(str(error)) from error
                wanted *= 2
                continue
            except RecursionError as error:
                raise BrokenJson("nested too deeply") from error
            if end == len(self._buffer) and not self._ended and not isinstance(found, dict | list | str):
                # A number may go on in the next chunk.
                if len(self._buffer) - self._at > _LARGEST:
                    raise ChatTooLarge("A number in the chat file is larger than 1 MB.")
                self._more(_CHUNK)
                continue
            self._at = end
            return found

    def skip(self) -> None:
        """Step over the next value without decoding it, however large it is: emotes embedded as pictures."""
        if self.peek() not in ("[", "{", '"'):
            self.value()
            return
        depth = 0
        while True:
            mark = self._next(_BRACKET)
            if mark == '"':
                while self._next(_STRING_END) == "\\":
                    self._escaped()
            depth += {"[": 1, "{": 1, "]": -1, "}": -1}.get(mark, 0)
            if depth <= 0:
                return
            if depth > _DEEPEST:
                raise ChatTooLarge("The chat file is nested deeper than any chat replay.")

    def elements(self) -> Iterator[Any]:
        """The elements of the array that begins here."""
        if not self.take("["):
            raise BrokenJson("no list")
        if self.take("]"):
            return
        while True:
            yield self.value()
            if self.take("]"):
                return
            if not self.take(","):
                raise BrokenJson("the list does not go on")

    def members(self) -> Iterator[str]:
        """The names in the object that begins here; the caller takes each value before the next name."""
        if not self.take("{"):
            raise BrokenJson("no object")
        if self.take("}"):
            return
        while True:
            key = self.value()
            if not isinstance(key, str) or not self.take(":"):
                raise BrokenJson("no key")
            yield key
            if self.take("}"):
                return
            if not self.take(","):
                raise BrokenJson("the object does not go on")

    def _next(self, marks: re.Pattern[str]) -> str:
        while True:
            if found := marks.search(self._buffer, self._at):
                self._at = found.end()
                return found[0]
            self._at = len(self._buffer)
            if not self._more(_CHUNK):
                raise BrokenJson("ends in the middle of a value")

    def _escaped(self) -> None:
        if self._at == len(self._buffer) and not self._more(_CHUNK):
            raise BrokenJson("ends in the middle of a value")
        self._at += 1

    def _more(self, wanted: int) -> bool:
        chunk = self._text.read(wanted)
        self._ended = self._ended or not chunk
        self._buffer = self._buffer[self._at :] + chunk
        self._at = 0
        return bool(chunk)


def _end(pattern: re.Pattern[str], text: str, at: int) -> int:
    found = pattern.match(text, at)
    return found.end() if found else at
