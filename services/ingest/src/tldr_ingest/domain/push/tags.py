"""FLV: what a message of picture or sound holds, and how it is written.

Sources: Adobe's Video File Format Specification 10.1, annex E; Enhanced RTMP v2 (veovera.org) for codecs named by four letters.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass, field
from enum import Enum

from tldr_ingest.domain.push.messages import MessageType

_AVC, _HEVC = 7, 12
_KEYFRAME = 1
_ENHANCED_PICTURE = 0x80
_SET_DATA_FRAME = b"\x02\x00\x0d@setDataFrame"
_METADATA = b"\x02\x00\x0aonMetaData"


class TagKind(Enum):
    """What a tag is for. SETUP: a codec's parameters. KEYFRAME: a picture that needs no other one."""

    SETUP = "setup"
    KEYFRAME = "keyframe"
    FRAME = "frame"
    NOTHING = "nothing"


_PACKETS = {b"\x00": TagKind.SETUP, b"\x01": TagKind.FRAME}
# Pictures: 0 parameters, 1 and 3 frames, 2 end of a sequence, 4 colour, 5 parameters as in MPEG-TS, 6 several tracks, 7 extended.
_ENHANCED_PICTURES = {
    0: TagKind.SETUP,
    1: TagKind.FRAME,
    3: TagKind.FRAME,
    5: TagKind.SETUP,
    6: TagKind.FRAME,
    7: TagKind.FRAME,
}
# Sounds: 0 parameters, 1 frames, 2 end of a sequence, 4 channels, 5 several tracks, 7 extended.
_ENHANCED_SOUNDS = {0: TagKind.SETUP, 1: TagKind.FRAME, 5: TagKind.FRAME, 7: TagKind.FRAME}


@dataclass(frozen=True, slots=True)
class Tag:
    """One message of picture, sound or metadata; `timestamp_ms` counts on behind 2^32."""

    type: MessageType
    timestamp_ms: int
    payload: bytes = field(repr=False)

    @property
    def kind(self) -> TagKind:
        """What it is for. Payloads that are too short to say it hold nothing."""
        if self.type is MessageType.VIDEO:
            return _of_picture(self.payload)
        return _of_sound(self.payload)

    def written(self, timestamp_ms: int | None = None) -> bytes:
        """As it stands in a file, at another time where one is given."""
        at = (self.timestamp_ms if timestamp_ms is None else timestamp_ms) % 2**32
        size = len(self.payload).to_bytes(3, "big")
        head = bytes([self.type]) + size + (at & 0xFFFFFF).to_bytes(3, "big") + bytes([at >> 24]) + b"\x00\x00\x00"
        return head + self.payload + struct.pack(">I", len(head) + len(self.payload))


def file_head(*, picture: bool, sound: bool) -> bytes:
    """The beginning of a file that has these."""
    return b"FLV\x01" + bytes([picture | sound << 2]) + b"\x00\x00\x00\x09\x00\x00\x00\x00"


def metadata_of(payload: bytes) -> bytes | None:
    """The metadata that a data message sets, as a file holds it; None for another message."""
    inner = payload.removeprefix(_SET_DATA_FRAME)
    return inner if inner.startswith(_METADATA) else None


def _of_picture(payload: bytes) -> TagKind:
    if not payload:
        return TagKind.NOTHING
    key = (payload[0] >> 4 & 7) == _KEYFRAME
    kind = TagKind.FRAME
    if payload[0] & _ENHANCED_PICTURE:
        kind = _ENHANCED_PICTURES.get(payload[0] & 15, TagKind.NOTHING)
    elif payload[0] & 15 in (_AVC, _HEVC):
        kind = _PACKETS.get(payload[1:2], TagKind.NOTHING)
    return TagKind.KEYFRAME if kind is TagKind.FRAME and key else kind


def _of_sound(payload: bytes) -> TagKind:
    if len(payload) < 2:
        return TagKind.NOTHING
    match payload[0] >> 4:
        case 9:
            return _ENHANCED_SOUNDS.get(payload[0] & 15, TagKind.NOTHING)
        case 10:
            return _PACKETS.get(payload[1:2], TagKind.FRAME)
        case _:
            return TagKind.FRAME
