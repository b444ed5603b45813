"""Where the heads of files declare how many bytes the whole has; None where another format's head, or none that says so."""

from __future__ import annotations

import re
import struct
from typing import Literal

_EBML, _SEGMENT = b"\x1a\x45\xdf\xa3", b"\x18\x53\x80\x67"
_ASF = bytes.fromhex("3026b2758e66cf11a6d900aa0062ce6c")
_ASF_FILE_PROPERTIES = bytes.fromhex("a1dcab8c47a9cf118ee400c00c205365")
_MXF_HEADER_PARTITION = bytes.fromhex("060e2b34020501010d01020101")
_FLV_SIZE = re.compile(rb"filesize\x00(.{8})", re.DOTALL | re.IGNORECASE)
# Behind the header of the first frame and its side information, whose length depends on version and channels.
_XING_PLACES = (36, 21, 13)
_VBRI_PLACE = 36


def told(field: bytes, order: Literal["little", "big"], more: int = 0) -> int | None:
    """A size that was filled in, and `more`. Writers that cannot go back leave nothing or everything, and some (SoX,
    arecord) about the most that a signed number of four bytes holds.
    """
    size, full = int.from_bytes(field, order), 1 << 8 * len(field)
    filled = 0 < size < full - 0x1000 and not (len(field) == 4 and 0x7F000000 <= size < 0x80001000)
    return size + more if filled and (len(field) < 8 or size < full >> 2) else None


def matroska_size(head: bytes) -> int | None:
    """RFC 8794: an element is an id, a size of 1 to 8 bytes, and so many bytes; a size of ones alone is not known."""
    header = _element(head, len(_EBML)) if head.startswith(_EBML) else None
    if header is None:
        return None
    at = header[1] + header[0]
    segment = _element(head, at + 4) if head[at : at + 4] == _SEGMENT else None
    return None if segment is None else segment[1] + segment[0]


def _element(head: bytes, at: int) -> tuple[int, int] | None:
    """An element's size and where its content begins."""
    if at >= len(head) or not head[at]:
        return None
    length = 9 - head[at].bit_length()
    value = int.from_bytes(head[at : at + length]) & ((1 << 7 * length) - 1)
    return None if value == (1 << 7 * length) - 1 else (value, at + length)


def caf_size(head: bytes) -> int | None:
    """Chunks of a type and a size up to that of the sound; what follows it is not counted."""
    at = 8 if head.startswith(b"caff") else len(head)
    while at + 12 <= len(head):
        if head[at : at + 4] == b"data":
            return told(head[at + 4 : at + 12], "big", more=at + 12)
        at += 12 + int.from_bytes(head[at + 4 : at + 12])
    return None


def au_size(head: bytes) -> int | None:
    """The size of the sound, behind a head of a size of its own."""
    return told(head[8:12], "big", more=int.from_bytes(head[4:8])) if head.startswith(b".snd") else None


def flv_size(head: bytes) -> int | None:
    """`filesize` (OBS: `fileSize`) of onMetaData, a double; 0 until the recorder is done."""
    found = _FLV_SIZE.search(head) if head.startswith(b"FLV") else None
    size = struct.unpack(">d", found[1])[0] if found else 0.0
    return int(size) if 0 < size < 1 << 62 else None


def asf_size(head: bytes) -> int | None:
    """The file properties object of a file that was not broadcast."""
    at = head.find(_ASF_FILE_PROPERTIES) if head.startswith(_ASF) else -1
    if at < 0 or len(head) < at + 92 or head[at + 88] & 1:
        return None
    return told(head[at + 40 : at + 48], "little")


def mpeg_audio_size(head: bytes) -> int | None:
    """What Xing and LAME (`Xing`, `Info`) or Fraunhofer (`VBRI`) leave in a first, silent frame, beside the count of frames."""
    if head[:1] != b"\xff":
        return None
    for at in _XING_PLACES:
        if head[at : at + 4] in (b"Xing", b"Info") and head[at + 7] & 3 == 3:
            return told(head[at + 12 : at + 16], "big")
    if head[_VBRI_PLACE : _VBRI_PLACE + 4] == b"VBRI":
        return told(head[_VBRI_PLACE + 10 : _VBRI_PLACE + 14], "big")
    return None


def mxf_footer(head: bytes) -> int | None:
    """Where the footer lies, which is the last there is; it follows versions, a grid and two offsets in the first partition."""
    if not head.startswith(_MXF_HEADER_PARTITION) or len(head) < 17:
        return None
    at = 17 + (head[16] & 0x7F if head[16] & 0x80 else 0)
    return told(head[at + 24 : at + 32], "big")


def flac_samples(head: bytes) -> int:
    """How many samples STREAMINFO counts, in 36 bits behind rate, channels and depth; 0 where the encoder did not know."""
    return int.from_bytes(head[18:26]) & 0xFFFFFFFFF if head.startswith(b"fLaC") else 0


def is_whole_flac_frame(frame: bytes) -> bool:
    """Whether a frame is there up to its checksum (CRC-16 of 0x8005 over all before it)."""
    checksum = 0
    for byte in frame:
        checksum = (checksum << 8 & 0xFFFF) ^ _CRC_16[checksum >> 8 ^ byte]
    return checksum == 0


def _crc_16_of(byte: int) -> int:
    checksum = byte << 8
    for _ in range(8):
        checksum = checksum << 1 ^ (0x18005 if checksum & 0x8000 else 0)
    return checksum


_CRC_16 = tuple(_crc_16_of(byte) for byte in range(256))
