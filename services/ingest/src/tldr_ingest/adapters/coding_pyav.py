"""How packets say they are coded, where they say so themselves: what changes at a joint of two recordings."""

from __future__ import annotations

from typing import Any

_START = b"\x00\x00\x01"
_H264_SPS, _HEVC_SPS = 7, 33
# Parameter sets stand at the head of a keyframe.
_HEAD = 4096


class CodingWatch:
    """Remembers the parameters of each track; transport streams repeat them in every keyframe and every frame of sound."""

    def __init__(self) -> None:
        self._known: dict[int, bytes] = {}

    def changed(self, packet: Any) -> bool:
        """Whether a packet is coded otherwise than its track was before; remembers what it says."""
        found = _parameters(packet)
        before = self._known.get(packet.stream_index)
        if found is not None:
            self._known[packet.stream_index] = found
        return found is not None and before is not None and found != before


def _parameters(packet: Any) -> bytes | None:
    codec = packet.stream.codec_context.name
    head = bytes(memoryview(packet)[:_HEAD])
    if codec == "h264":
        return _unit(head, lambda first: first & 0x1F == _H264_SPS)
    if codec == "hevc":
        return _unit(head, lambda first: first >> 1 & 0x3F == _HEVC_SPS)
    if codec in ("aac", "mp3", "mp3float", "mp2") and len(head) > 4 and head[0] == 0xFF and head[1] & 0xE0 == 0xE0:
        # ADTS and MPEG headers: profile or layer, sampling frequency, channels; not the length or the bit rate.
        return bytes((head[1], head[2] & (0xFD if codec == "aac" else 0x0C), head[3] & 0xC0))
    return None


def _unit(head: bytes, wanted: Any) -> bytes | None:
    at = head.find(_START)
    while 0 <= at < len(head) - 4:
        end = head.find(_START, at + 3)
        if wanted(head[at + 3]):
            return head[at + 3 : end if end > 0 else len(head)].rstrip(b"\x00")
        at = end
    return None
