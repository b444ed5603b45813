"""Shortens the edit lists of a finished MP4 file, so that what is presented after the wanted end stays hidden.

FFmpeg's muxer writes edits that begin where timestamp 0 is but always reach to the last sample. The fields keep their
size, so the boxes are patched in place (ISO/IEC 14496-12: 8.2.2 mvhd, 8.3.2 tkhd, 8.6.6 elst).
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass

# Offsets into a box's body by version: version and flags take 4 bytes, version 1 has times of 8 bytes.
MVHD_TIME_SCALE = (12, 20)
MVHD_DURATION = (16, 24)
TKHD_DURATION = (20, 28)
ELST_ENTRIES, ELST_ENTRY_SIZE = 8, (12, 20)


@dataclass(frozen=True, slots=True)
class Box:
    """Where the body of a box begins and ends."""

    kind: bytes
    begin: int
    end: int


def end_at(movie: bytearray, seconds: float) -> None:
    """Let no track of `movie` play longer than `seconds`, rounded down to the movie's time scale."""
    (moov,) = _children(movie, Box(b"file", 0, len(movie)), b"moov")
    (mvhd,) = _children(movie, moov, b"mvhd")
    scale = struct.unpack_from(">I", movie, mvhd.begin + MVHD_TIME_SCALE[movie[mvhd.begin]])[0]
    duration = int(seconds * scale + 1e-6)
    tracks = _children(movie, moov, b"trak")
    longest = max(_end_track(movie, track, duration) for track in tracks)
    _write(movie, mvhd, MVHD_DURATION, longest)


def _end_track(movie: bytearray, track: Box, duration: int) -> int:
    """The new length of the track: its edits are cut off where `duration` is reached."""
    played = 0
    for edts in _children(movie, track, b"edts"):
        (elst,) = _children(movie, edts, b"elst")
        version = movie[elst.begin]
        width = ">Q" if version else ">I"
        for at in range(elst.begin + ELST_ENTRIES, elst.end, ELST_ENTRY_SIZE[version]):
            kept = min(struct.unpack_from(width, movie, at)[0], duration - played)
            struct.pack_into(width, movie, at, kept)
            played += kept
    (tkhd,) = _children(movie, track, b"tkhd")
    _write(movie, tkhd, TKHD_DURATION, played)
    return played


def _write(movie: bytearray, box: Box, offsets: tuple[int, int], value: int) -> None:
    version = movie[box.begin]
    struct.pack_into(">Q" if version else ">I", movie, box.begin + offsets[version], value)


def _children(movie: bytearray, parent: Box, kind: bytes) -> list[Box]:
    return [box for box in _walk(movie, parent) if box.kind == kind]


def _walk(movie: bytearray, parent: Box) -> Iterator[Box]:
    at = parent.begin
    while at + 8 <= parent.end:
        size, kind = struct.unpack_from(">I4s", movie, at)
        header = 8
        if size == 1:
            (size,), header = struct.unpack_from(">Q", movie, at + 8), 16
        yield Box(kind, at + header, at + (size or parent.end - at))
        at += size or parent.end - at
