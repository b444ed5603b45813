"""How long a file says it is: one that has fewer bytes, or ends sooner, was cut off."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tldr_ingest.adapters.media.declared_heads import (
    asf_size,
    au_size,
    caf_size,
    flac_samples,
    flv_size,
    matroska_size,
    mpeg_audio_size,
    mxf_footer,
    told,
)

HEAD_BYTES = 1 << 14
"""The declaration stands within so many behind the tag."""


@dataclass(frozen=True, slots=True)
class Declared:
    """What a file says of its length. `size` in bytes is None where it tells only how long it lasts; `timed` where a
    duration that a demuxer finds is such a declaration too, and no estimate from the bytes that are there.
    """

    size: int | None
    timed: bool


def declared_size(head: bytes) -> Declared | None:
    """What a file declares that begins (behind its tags) like this; None where it declares nothing, as a recorder does
    that is at work or cannot go back.
    """
    if flac_samples(head):
        return Declared(None, timed=True)
    for find, timed in _FORMATS:
        if (size := find(head)) is not None:
            return Declared(size, timed)
    return None


def tag_bytes(head: bytes) -> int:
    """The size of the ID3 tag before anything else: with a picture in it, larger than any head."""
    if head[:3] != b"ID3" or len(head) < 10:
        return 0
    size = 0
    for byte in head[6:10]:
        size = size << 7 | byte & 0x7F
    return size + (20 if head[5] & 0x10 else 10)


def _chunks(head: bytes) -> int | None:
    """The families of IFF that tell their duration by the bytes that are there: WAV, AVI, their large forms, Wave64."""
    if head[:4] == b"RIFF" and head[8:12] in (b"AVI ", b"WAVE"):
        return told(head[4:8], "little", more=8)
    if head[:4] in (b"RF64", b"BW64") and head[12:16] == b"ds64":
        return told(head[20:28], "little", more=8)
    if head[:4] == b"riff" and head[24:28] == b"wave":
        return told(head[16:24], "little")
    return None


def _aiff(head: bytes) -> int | None:
    known = head[:4] == b"FORM" and head[8:12] in (b"AIFF", b"AIFC")
    return told(head[4:8], "big", more=8) if known else None


_FORMATS: tuple[tuple[Callable[[bytes], int | None], bool], ...] = (
    (_chunks, False),
    (caf_size, False),
    (asf_size, False),
    (matroska_size, True),
    (flv_size, True),
    (_aiff, True),
    (au_size, True),
    (mpeg_audio_size, True),
    (mxf_footer, True),
)
