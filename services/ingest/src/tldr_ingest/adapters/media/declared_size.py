"""How many bytes a file says it has: a file that has fewer was cut off."""

from __future__ import annotations

_EBML, _SEGMENT = b"\x1a\x45\xdf\xa3", b"\x18\x53\x80\x67"
HEAD_BYTES = 4096
"""The declaration stands within so many."""


def declared_size(head: bytes) -> int | None:
    """The size that a Matroska, AVI or WAV file declares; None where it declares none, as a recorder does that is at work."""
    if head.startswith(_EBML):
        return _matroska(head)
    if head[:4] == b"RIFF" and len(head) >= 12 and head[8:12] in (b"AVI ", b"WAVE"):
        size = int.from_bytes(head[4:8], "little")
        # Writers that cannot seek leave nothing or everything.
        return None if size in (0, 0xFFFFFFFF) else size + 8
    return None


def _matroska(head: bytes) -> int | None:
    """RFC 8794: an element is an id, a size of 1 to 8 bytes, and so many bytes; a size of ones alone is not known."""
    header = _size_at(head, len(_EBML))
    if header is None:
        return None
    at = header[1] + header[0]
    if head[at : at + 4] != _SEGMENT:
        return None
    segment = _size_at(head, at + 4)
    return None if segment is None else segment[1] + segment[0]


def _size_at(head: bytes, at: int) -> tuple[int, int] | None:
    """An element's size and where its content begins."""
    if at >= len(head) or not head[at]:
        return None
    length = 9 - head[at].bit_length()
    value = int.from_bytes(head[at : at + length]) & ((1 << 7 * length) - 1)
    return None if value == (1 << 7 * length) - 1 else (value, at + length)
