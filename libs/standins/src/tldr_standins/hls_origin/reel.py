"""What an origin shows: packets cut at keyframes, written as segments with whatever timestamps are wanted."""

from __future__ import annotations

import io
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from pathlib import Path
from typing import Any

import av
import numpy as np

CLOCK = 90_000
_RATE = 48_000
_FPS = 20
_SAMPLES = 1024


@dataclass(frozen=True, slots=True)
class Chunk:
    """The packets of one segment; `start` and `length` in seconds on the reel's own clock. `data`: given bytes, as they are."""

    start: Fraction
    length: Fraction
    packets: tuple[Any, ...] = ()
    data: bytes | None = None


class Reel:
    """A run of chunks. Muxed anew for each segment, so one reel of eight seconds is a stream of any length."""

    def __init__(self, chunks: list[Chunk], source: Any = None) -> None:
        self.chunks = chunks
        self._source = source
        self.written = lru_cache(maxsize=512)(self._written)
        self.pictures = lru_cache(maxsize=512)(self._pictures)

    @property
    def loops_smoothly(self) -> bool:
        """Whether its timestamps may go on when it begins again: given files keep theirs."""
        return self.chunks[0].data is None

    def _pictures(self, index: int, at: Fraction) -> list[int]:
        """PTS of the pictures of a chunk that begins at `at`, in ticks of 90 kHz (not wrapped)."""
        chunk = self.chunks[index]
        shift = at - chunk.start
        return sorted(
            round((packet.pts * packet.time_base + shift) * CLOCK)
            for packet in chunk.packets
            if packet.stream.type == "video"
        )

    def _written(self, index: int, at: Fraction, fragmented: bool, tracks: str) -> tuple[bytes, bytes]:
        """Initialization section (empty for MPEG-TS) and segment."""
        chunk = self.chunks[index]
        if chunk.data is not None:
            return b"", chunk.data
        out = io.BytesIO()
        flags = "empty_moov+default_base_moof+frag_keyframe+frag_discont"
        # Without the second one, the muxer moves each segment to 0.
        options = {"movflags": flags, "avoid_negative_ts": "disabled"} if fragmented else {"mpegts_copyts": "1"}
        with av.open(out, "w", format="mp4" if fragmented else "mpegts", options=options) as movie:
            kept = [s for s in self._source.streams if tracks in ("", s.type)]
            streams = {s.index: movie.add_stream_from_template(s) for s in kept}
            for packet in chunk.packets:
                if packet.stream.index in streams:
                    movie.mux(_moved(packet, at - chunk.start, streams[packet.stream.index]))
        data = out.getvalue()
        if not fragmented:
            return b"", data
        cut = _first_fragment(data)
        return data[:cut], data[cut:]


def _moved(packet: Any, shift: Fraction, stream: Any) -> Any:
    moved = av.Packet(bytes(packet))
    ticks = round(shift / packet.time_base)
    moved.time_base = packet.time_base
    moved.pts, moved.dts = packet.pts + ticks, packet.dts + ticks
    moved.duration, moved.is_keyframe, moved.stream = packet.duration, packet.is_keyframe, stream
    return moved


def _first_fragment(data: bytes) -> int:
    at = 0
    while at + 8 <= len(data) and data[at + 4 : at + 8] not in (b"moof", b"styp", b"sidx"):
        at += int.from_bytes(data[at : at + 4], "big")
    return at


@lru_cache(maxsize=8)
def rendered(segment_s: Fraction, width: int = 160, height: int = 90, tone: int = 440) -> Reel:
    """Eight seconds of a moving picture (frame n at n/20 s) and a tone, cut into segments. Rendered once in a process."""
    out = io.BytesIO()
    frames = 8 * _FPS
    with av.open(out, "w", format="mp4") as movie:
        keys = str(round(segment_s * _FPS))
        options = {"preset": "ultrafast", "g": keys, "keyint_min": keys, "sc_threshold": "0", "bf": "0"}
        picture: Any = movie.add_stream("libx264", rate=_FPS, options=options)
        picture.width, picture.height, picture.pix_fmt = width, height, "yuv420p"
        sound: Any = movie.add_stream("aac", rate=_RATE)
        sound.layout = "mono"
        for number in range(frames):
            movie.mux(picture.encode(_picture(number, width, height)))
        movie.mux(picture.encode(None))
        for number in range(8 * _RATE // _SAMPLES):
            movie.mux(sound.encode(_sound(number, tone)))
        movie.mux(sound.encode(None))
    return _cut(av.open(io.BytesIO(out.getvalue())), segment_s, Fraction(8))


def from_file(path: Path, segment_s: Fraction) -> Reel:
    """The first picture and sound of a recording, cut at its keyframes."""
    return _cut(av.open(str(path)), segment_s, None)


def from_folder(folder: Path) -> Reel:
    """The MPEG-TS files of a folder in the order of their names, as they are."""
    chunks: list[Chunk] = []
    at = Fraction(0)
    for path in sorted(folder.glob("*.ts")):
        data = path.read_bytes()
        with av.open(io.BytesIO(data), "r", format="mpegts") as movie:
            times = [
                (p.pts * p.time_base, (p.pts + (p.duration or 0)) * p.time_base)
                for p in movie.demux()
                if p.pts is not None
            ]
        length = Fraction(max(end for _, end in times) - min(start for start, _ in times))
        chunks.append(Chunk(at, length, data=data))
        at += length
    return Reel(chunks)


def _cut(source: Any, segment_s: Fraction, whole: Fraction | None) -> Reel:
    tracks = [next((s for s in source.streams if s.type == kind), None) for kind in ("video", "audio")]
    found = [p for p in source.demux([s for s in tracks if s is not None]) if p.dts is not None and p.size]
    keys = [p.pts * p.time_base for p in found if p.stream.type == "video" and p.is_keyframe]
    starts = [keys[0]]
    for key in keys[1:]:
        if key - starts[-1] >= segment_s:
            starts.append(key)
    last = max((p.pts + (p.duration or 0)) * p.time_base for p in found)
    ends = [*starts[1:], starts[0] + whole if whole is not None else last]
    chunks = []
    for number, (start, end) in enumerate(zip(starts, ends, strict=True)):
        # What goes round has no sound from before its beginning: it would lie on that of its end.
        lower = Fraction(-1000) if number == 0 and whole is None else start
        upper = Fraction(10**9) if number + 1 == len(starts) else end
        chunks.append(Chunk(Fraction(start), Fraction(end - start), tuple(_within(found, lower, upper))))
    return Reel(chunks, source)


def _within(found: list[Any], start: Fraction, end: Fraction) -> list[Any]:
    """Pictures by the order of decoding from one keyframe to the next, sound by its time."""
    kept, inside = [], False
    for packet in found:
        time = packet.pts * packet.time_base
        if packet.stream.type == "video":
            if packet.is_keyframe:
                inside = start <= time < end
            if inside:
                kept.append(packet)
        elif start <= time < end:
            kept.append(packet)
    return sorted(kept, key=lambda packet: packet.dts * packet.time_base)


def _picture(number: int, width: int, height: int) -> Any:
    planes = np.full((height * 3 // 2, width), 128, np.uint8)
    planes[:height] = (np.add.outer(np.arange(height), np.arange(width)) + 7 * number) % 200 + 20
    frame = av.VideoFrame.from_ndarray(planes, "yuv420p")
    frame.pts, frame.time_base = number, Fraction(1, _FPS)
    return frame


def _sound(number: int, tone: int) -> Any:
    at = np.arange(number * _SAMPLES, (number + 1) * _SAMPLES) / _RATE
    wave = (0.3 * np.sin(2 * np.pi * tone * at)).astype(np.float32)[None, :]
    frame = av.AudioFrame.from_ndarray(wave, format="fltp", layout="mono")
    frame.sample_rate, frame.pts, frame.time_base = _RATE, number * _SAMPLES, Fraction(1, _RATE)
    return frame
