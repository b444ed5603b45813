"""Recordings whose every frame says its number and whose every second clicks and flashes."""

import hashlib
import io
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np

WIDTH, HEIGHT, RATE = 320, 192, 48_000
SQUARES = 10
WHITE, BLACK = 235, 20
X264 = {"preset": "ultrafast", "g": "60", "bf": "3", "b_strategy": "0", "b-pyramid": "normal", "weightp": "0"}
VP9 = {"deadline": "realtime", "cpu-used": "8", "g": "60"}


@dataclass(frozen=True, slots=True)
class Shown:
    """A decoded frame: when it is shown, the number painted on it, whether it flashes, and its bytes, hashed."""

    at_ms: float
    number: int
    flash: bool
    picture: bytes


class Studio:
    """Renders recordings and reads clips."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def record(
        self,
        *,
        seconds: int = 8,
        fps: int = 30,
        video: str | None = "libx264",
        audio: str | None = "aac",
        options: dict[str, str] | None = None,
        aspect: Fraction | None = None,
        rotation: int = 0,
        pixels: str = "yuv420p",
    ) -> Path:
        """A file with number, flash and click; flash and click fall on every whole second but the first."""
        suffix = "mkv" if video != "libx264" or audio not in {"aac", None} else "mp4"
        path = self.folder / f"{len(list(self.folder.iterdir()))}.{suffix}"
        with av.open(str(path), "w") as movie:
            picture: Any = None
            sound: Any = None
            if video:
                usual = X264 if video == "libx264" else VP9
                picture = movie.add_stream(video, rate=fps, options=options or usual)
                picture.width, picture.height, picture.pix_fmt, picture.bit_rate = WIDTH, HEIGHT, pixels, 600_000
                if aspect:
                    picture.codec_context.sample_aspect_ratio = aspect
                if rotation:
                    picture.set_display_rotation(rotation)
            if audio:
                sound = movie.add_stream(audio, rate=RATE)
                sound.layout = "stereo"
            for number in range(seconds * fps):
                if picture is not None:
                    movie.mux(picture.encode(_frame(number, fps)))
                if sound is not None:
                    movie.mux(sound.encode(_sound(number, fps)))
            for stream in (picture, sound):
                if stream is not None:
                    movie.mux(stream.encode(None))
        return path

    def shown(self, data: bytes | Path, **options: str) -> list[Shown]:
        """The frames a player shows."""
        with av.open(str(data) if isinstance(data, Path) else io.BytesIO(data), "r", options=options) as movie:
            return [_shown(frame) for frame in movie.decode(video=0)]

    def clicks(self, data: bytes, **options: str) -> list[float]:
        """When a player clicks, in milliseconds."""
        loud: list[float] = []
        with av.open(io.BytesIO(data), "r", options=options) as movie:
            for frame in movie.decode(audio=0):
                samples = np.atleast_2d(frame.to_ndarray())[0]
                loud += [(frame.time or 0) * 1000 + i * 1000 / RATE for i in np.nonzero(np.abs(samples) > 0.25)[0]]
        return [at for i, at in enumerate(loud) if i == 0 or at - loud[i - 1] > 500]


def _frame(number: int, fps: int) -> Any:
    planes = np.full((HEIGHT * 3 // 2, WIDTH), 128, np.uint8)
    luma = planes[:HEIGHT]
    luma[:] = BLACK
    for bit in range(SQUARES):
        luma[:32, bit * 32 : bit * 32 + 32] = WHITE if number >> bit & 1 else BLACK
    luma[96:] = WHITE if number and number % fps == 0 else 60
    luma[40:90, number * 3 % 280 : number * 3 % 280 + 40] = 130
    frame = av.VideoFrame.from_ndarray(planes, "yuv420p")
    frame.pts, frame.time_base = number, Fraction(1, fps)
    return frame


def _sound(number: int, fps: int) -> Any:
    size = RATE // fps
    samples = np.zeros((2, size), np.float32)
    if number and number % fps == 0:
        samples[:, :480] = 0.6 * np.sin(2 * np.pi * 2000 * np.arange(480) / RATE)
    frame = av.AudioFrame.from_ndarray(samples, format="fltp", layout="stereo")
    frame.sample_rate, frame.pts, frame.time_base = RATE, number * size, Fraction(1, RATE)
    return frame


def _shown(frame: Any) -> Shown:
    luma = frame.to_ndarray(format="gray")
    number = sum(1 << bit for bit in range(SQUARES) if luma[8:24, bit * 32 + 8 : bit * 32 + 24].mean() > 128)
    return Shown(
        frame.time * 1000, number, bool(luma[110:180].mean() > 150), hashlib.sha256(frame.to_ndarray()).digest()
    )
