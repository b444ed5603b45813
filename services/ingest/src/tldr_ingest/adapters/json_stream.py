"""JSON values out of a file one after the other, without ever holding the whole file."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, TextIO

_CHUNK = 1 << 20
# A message is a few kB; a file's embedded emote pictures can be some MB. What is larger is no chat replay.
_LARGEST = 64 << 20
_SPACE = " \t\r\n"


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
            while self._at < len(self._buffer):
                if self._buffer[self._at] not in _SPACE:
                    return self._buffer[self._at]
                self._at += 1
            if not self._more(_CHUNK):
                return ""

    def take(self, character: str) -> bool:
        """Step over a character if it is the next."""
        if self.peek() != character:
            return False
        self._at += 1
        return True

    def value(self) -> Any:
        """The next value, whole."""
        self.peek()
        wanted = _CHUNK
        while True:
            try:
                found, end = self._decode(self._buffer, self._at)
            except ValueError as error:
                # Broken, or not all of it read yet; doubling keeps the repeated work bounded.
                if len(self._buffer) - self._at > _LARGEST or not self._more(wanted):
                    raise BrokenJson(str(error)) from error
                wanted *= 2
                continue
            except RecursionError as error:
                raise BrokenJson("nested too deeply") from error
            if end == len(self._buffer) and not self._ended and not isinstance(found, dict | list | str):
                # A number may go on in the next chunk.
                self._more(_CHUNK)
                continue
            self._at = end
            return found

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

    def _more(self, wanted: int) -> bool:
        chunk = self._text.read(wanted)
        self._ended = self._ended or not chunk
        self._buffer = self._buffer[self._at :] + chunk
        self._at = 0
        return bool(chunk)
