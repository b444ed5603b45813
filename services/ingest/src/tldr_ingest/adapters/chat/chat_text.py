"""The text of a chat file: unpacked, decoded, in lines of bounded length."""

from __future__ import annotations

import io
import tempfile
import zlib
from collections.abc import Iterator
from typing import BinaryIO

from tldr_ingest.domain.errors import ChatTooLarge

LONGEST_LINE = 1 << 20
_CHUNK = 1 << 20
_GZIP = b"\x1f\x8b"
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")


def copy_bounded(source: BinaryIO, file: BinaryIO, limit_bytes: int) -> None:
    """Copy all that `source` gives. Raises ChatTooLarge."""
    while chunk := source.read(_CHUNK):
        if file.tell() + len(chunk) > limit_bytes:
            raise _too_large(limit_bytes)
        file.write(chunk)
    file.flush()


def unpacked(file: BinaryIO, limit_bytes: int) -> tuple[BinaryIO, bool]:
    """The file, or what gzip packed into it, whatever it is called; and whether that broke off. Raises ChatTooLarge."""
    file.seek(0)
    packed = file.read(2) == _GZIP
    file.seek(0)
    if not packed:
        return file, False
    plain = tempfile.TemporaryFile()  # noqa: SIM115 - the caller reads it; it has no name
    try:
        broken = _unpack(file, plain, limit_bytes)
    except ChatTooLarge:
        plain.close()
        raise
    plain.seek(0)
    return plain, broken


def _unpack(file: BinaryIO, plain: BinaryIO, limit_bytes: int) -> bool:
    """Whether it broke off; what came before that was written, which `gzip.GzipFile` would throw away."""
    waiting = b""
    while waiting or (waiting := file.read(_CHUNK)):
        member = zlib.decompressobj(wbits=31)
        while not member.eof:
            try:
                data = member.decompress(waiting, _CHUNK)
            except zlib.error:
                return plain.tell() > 0
            if plain.tell() + len(data) > limit_bytes:
                raise _too_large(limit_bytes)
            plain.write(data)
            waiting = member.unconsumed_tail
            if not waiting and not member.eof and not data and not (waiting := file.read(_CHUNK)):
                return True
        waiting = member.unused_data
    return False


def text_of_file(file: BinaryIO) -> io.TextIOWrapper:
    """The file from its beginning as text; detach it when done, the file is the caller's."""
    file.seek(0)
    mark = file.read(2)
    file.seek(0)
    return io.TextIOWrapper(file, "utf-16" if mark in _UTF_16 else "utf-8-sig", errors="replace", newline="")


def bounded_lines(text: io.TextIOWrapper) -> Iterator[str]:
    """Lines with their ends. Raises ChatTooLarge for one that does not end."""
    while line := text.readline(LONGEST_LINE + 1):
        if len(line) > LONGEST_LINE:
            raise ChatTooLarge("A line of the chat file is longer than 1 MB; no chat replay has such lines.")
        yield line


def _too_large(limit_bytes: int) -> ChatTooLarge:
    size = f"{limit_bytes >> 20} MB"
    return ChatTooLarge(f"The chat file is larger than {size}, unpacked too; no chat replay of one stream is.")
