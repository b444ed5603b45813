"""How packets say they are coded, where they say so themselves: what changes at a joint of two recordings."""

from __future__ import annotations

from typing import Any

from tldr_media.coded_parameters import HEAD_BYTES, coded_parameters


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
    head = bytes(memoryview(packet)[:HEAD_BYTES])
    if codec in ("h264", "hevc"):
        # Behind start codes only: a recorder that pauses and goes on in another size, in MP4, is one recording.
        return coded_parameters(codec, head)
    if codec in ("aac", "mp3", "mp3float", "mp2") and len(head) > 4 and head[0] == 0xFF and head[1] & 0xE0 == 0xE0:
        # ADTS and MPEG headers: profile or layer, sampling frequency, channels; not the length or the bit rate.
        return bytes((head[1], head[2] & (0xFD if codec == "aac" else 0x0C), head[3] & 0xC0))
    return None
