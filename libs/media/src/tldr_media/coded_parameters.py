"""What a keyframe says of how it is coded: what changes with the resolution, or at a joint of two recordings."""

from collections.abc import Callable, Iterator

HEAD_BYTES = 4096
"""Parameters stand within so many at the head of a keyframe."""

_START = b"\x00\x00\x01"
_AVC_SPS, _HEVC_SPS = 7, 33
_MPEG2_SEQUENCE, _MPEG4_LAYER = 0xB3, 0x20
_AV1_SEQUENCE = 1
_VP8_KEYFRAME = b"\x9d\x01\x2a"
_VP9_KEYFRAME = b"\x49\x83\x42"


def coded_parameters(codec: str, head: bytes, extradata: bytes | None = None) -> bytes | None:
    """The parameters in the first HEAD_BYTES of a keyframe, None where it repeats none; equal where it is coded alike.

    `codec` by FFmpeg's canonical name. `extradata` of the stream tells how H.264 and HEVC divide a packet: by lengths in
    MP4 and Matroska, by start codes elsewhere.
    """
    match codec:
        case "h264":
            units = _units(head, extradata, size_at=4)
            return _first(units, lambda first: first & 0x1F == _AVC_SPS)
        case "hevc":
            units = _units(head, extradata, size_at=21)
            return _first(units, lambda first: first >> 1 & 0x3F == _HEVC_SPS)
        case "mpeg4":
            return _first(_started(head), lambda first: first & 0xF0 == _MPEG4_LAYER)
        case "mpeg2video":
            sequence = _first(_started(head), lambda first: first == _MPEG2_SEQUENCE)
            # Width, height, shape, frame rate and bit rate.
            return sequence and sequence[1:9]
        case _:
            return _without_start_codes(codec, head)


def _without_start_codes(codec: str, head: bytes) -> bytes | None:
    if codec == "vp8" and head[3:6] == _VP8_KEYFRAME:
        return head[6:10]
    if codec == "vp9" and head[1:4] == _VP9_KEYFRAME and len(head) > 8:
        # Colours, width and height; the rest of the last byte is about the frame.
        return head[4:8] + bytes((head[8] & 0xF0,))
    if codec == "av1":
        return next((unit for kind, unit in _open_bitstream_units(head) if kind == _AV1_SEQUENCE), None)
    return None


def _first(units: Iterator[bytes], wanted: Callable[[int], bool]) -> bytes | None:
    return next((unit for unit in units if wanted(unit[0])), None)


def _units(head: bytes, extradata: bytes | None, size_at: int) -> Iterator[bytes]:
    """Units of H.264 or HEVC; `size_at`: where extradata says how lengths are written, if they are."""
    if extradata is not None and len(extradata) > size_at and extradata[0] == 1:
        return _measured(head, (extradata[size_at] & 3) + 1)
    return _started(head)


def _started(head: bytes) -> Iterator[bytes]:
    """Units behind start codes."""
    at = head.find(_START)
    while 0 <= at < len(head) - 4:
        end = head.find(_START, at + 3)
        yield head[at + 3 : end if end > 0 else len(head)].rstrip(b"\x00") or b"\x00"
        at = end


def _measured(head: bytes, width: int) -> Iterator[bytes]:
    """Units behind their lengths, each of `width` bytes."""
    at = 0
    while at + width < len(head):
        length = int.from_bytes(head[at : at + width])
        if not length:
            return
        yield head[at + width : at + width + length]
        at += width + length


def _open_bitstream_units(head: bytes) -> Iterator[tuple[int, bytes]]:
    """Kind and content of AV1's units (section 5.3 of its specification)."""
    at = 0
    while at < len(head):
        kind, extended, sized = head[at] >> 3 & 15, head[at] >> 2 & 1, head[at] >> 1 & 1
        at += 1 + extended
        length, shift = (0, 0) if sized else (len(head) - at, 0)
        while sized and at < len(head):
            length |= (head[at] & 127) << shift
            sized, shift, at = head[at] >> 7, shift + 7, at + 1
        yield kind, head[at : at + length]
        at += length
