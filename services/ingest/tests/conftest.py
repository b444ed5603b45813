"""Small recordings, rendered where a test needs them."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest

# Doubles are imported by name, also in reading processes: those are given this path.
sys.path.insert(0, str(Path(__file__).parents[1]))


@dataclass(frozen=True, slots=True)
class Picture:
    """A video track to render; `at` gives each frame's time in ticks of 1/`ticks`, by default a steady rate."""

    codec: str = "libx264"
    width: int = 160
    height: int = 120
    frames: int = 300
    rate: int = 30
    ticks: int | None = None
    at: Callable[[int], int] | None = None
    options: dict[str, str] = field(default_factory=lambda: {"g": "60", "bf": "2", "preset": "ultrafast"})

    @property
    def base(self) -> Fraction:
        return Fraction(1, self.ticks or self.rate)


@dataclass(frozen=True, slots=True)
class Sound:
    """An audio track to render; `start` and `seconds` in seconds."""

    codec: str = "aac"
    rate: int = 48000
    seconds: float = 10.0
    start: float = 0.0


_SCALES: dict[str, tuple[Any, int]] = {
    "s16": (np.int16, 2**15 - 1),
    "s32": (np.int32, 2**31 - 1),
    "flt": (np.float32, 1),
}


def render(
    path: Path, *tracks: Picture | Sound, format: str | None = None, options: dict[str, str] | None = None
) -> Path:
    """Encode the tracks into one file, interleaved by time."""
    with av.open(str(path), "w", format=format, container_options=options or {}) as output:
        sources = [
            _pictures(output, track) if isinstance(track, Picture) else _sounds(output, track) for track in tracks
        ]
        heads: list[Any] = [next(source, None) for source in sources]
        while any(head is not None for head in heads):
            number = min((n for n, head in enumerate(heads) if head is not None), key=lambda n: heads[n][0])
            output.mux(heads[number][1])
            heads[number] = next(sources[number], None)
    return path


def _pictures(output: Any, track: Picture) -> Any:
    stream = output.add_stream(track.codec, rate=track.rate, options=track.options)
    stream.width, stream.height, stream.pix_fmt = track.width, track.height, "yuv420p"
    stream.codec_context.time_base = track.base
    ramp = np.add.outer(np.arange(track.height), np.arange(track.width))

    def packets() -> Any:
        for number in range(track.frames):
            image = ((ramp + 5 * number) % 256).astype(np.uint8)
            frame = av.VideoFrame.from_ndarray(np.repeat(image[:, :, None], 3, 2), format="rgb24")
            ticks = number if track.at is None else track.at(number)
            frame.pts, frame.time_base = ticks, track.base
            yield float(ticks * track.base), stream.encode(frame)
        yield float("inf"), stream.encode(None)

    return packets()


def _sounds(output: Any, track: Sound) -> Any:
    stream = output.add_stream(track.codec, rate=track.rate)
    stream.layout = "mono"
    frame_format = stream.codec_context.format.name
    size = stream.codec_context.frame_size or 960
    total = int(track.seconds * track.rate)
    first = int(track.start * track.rate)

    def packets() -> Any:
        for at in range(0, total, 960 if size <= 1 else size):
            length = min(960 if size <= 1 else size, total - at)
            wave = 0.3 * np.sin(2 * np.pi * 440 * np.arange(at, at + length) / track.rate)
            kind, scale = _SCALES[frame_format.rstrip("p")]
            frame = av.AudioFrame.from_ndarray((wave * scale).astype(kind)[None, :], format=frame_format, layout="mono")
            frame.sample_rate, frame.pts, frame.time_base = track.rate, first + at, Fraction(1, track.rate)
            yield (first + at) / track.rate, stream.encode(frame)
        yield float("inf"), stream.encode(None)

    return packets()


@dataclass(frozen=True, slots=True)
class Recorder:
    """Renders into a folder of the test."""

    folder: Path
    Picture: Any = Picture
    Sound: Any = Sound

    def __call__(self, name: str, *tracks: Any, **settings: Any) -> Path:
        return render(self.folder / name, *tracks, **settings)


@pytest.fixture
def record(tmp_path: Path) -> Recorder:
    return Recorder(tmp_path)


@pytest.fixture(scope="session")
def recorder_in() -> Callable[[Path], Recorder]:
    """Renders into a folder that outlives a test."""
    return Recorder
