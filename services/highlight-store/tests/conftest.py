"""Recordings whose every frame says its number and whose every second clicks and flashes, cut into segments."""

import hashlib
import io
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest

from tldr_highlight_store.domain.clips import SegmentPart

WIDTH, HEIGHT, RATE = 320, 192, 48_000
SQUARES = 10
WHITE, BLACK = 235, 20
X264 = {"preset": "ultrafast", "g": "60", "bf": "3", "b_strategy": "0", "b-pyramid": "normal", "weightp": "0"}
VP9 = {"deadline": "realtime", "cpu-used": "8", "g": "60"}
# Timestamps in a fragment are those of the source, for both tracks alike, only with frag_discont.
SEGMENT_OPTIONS = {
    "mp4": {
        "movflags": "frag_custom+empty_moov+default_base_moof+frag_discont",
        "use_editlist": "0",
        "avoid_negative_ts": "disabled",
    },
    "matroska": {"avoid_negative_ts": "disabled"},
}


@dataclass(frozen=True, slots=True)
class Shown:
    """A decoded frame: when it is shown, the number painted on it, whether it flashes, and its bytes, hashed."""

    at_ms: float
    number: int
    flash: bool
    picture: bytes


class Studio:
    """Renders recordings, cuts them into segments and reads clips."""

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

    def segments(self, path: Path, container: str = "mp4", every_s: float = 2.0, gop: bool = True) -> list[SegmentPart]:
        """Parts of about `every_s`, at keyframes, or without `gop` anywhere, decoding from the first part."""
        source: Any = av.open(str(path))
        streams = [*source.streams.video, *source.streams.audio]
        cuts: list[tuple[int, list[Any]]] = []
        for packet in source.demux(streams):
            if packet.size:
                at = round(packet.pts * packet.time_base * 1000)
                starts = packet.is_keyframe if source.streams.video and gop else True
                leads = packet.stream is streams[0]
                if not cuts or (leads and starts and at - cuts[-1][0] >= every_s * 1000):
                    cuts.append((at, []))
                cuts[-1][1].append(packet)
        ends = [at for at, _ in cuts[1:]] + [round((source.duration or 0) / 1000) + 1_000]
        return [
            SegmentPart(i, _file(container, streams, packets), 0, at, ends[i], container, i if gop else 0)
            for i, (at, packets) in enumerate(cuts)
        ]

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


@pytest.fixture(scope="session")
def studio(tmp_path_factory: pytest.TempPathFactory) -> Studio:
    return Studio(tmp_path_factory.mktemp("studio"))


@pytest.fixture(scope="session")
def recording(studio: Studio) -> Path:
    """Eight seconds of H.264 with B-frames, a keyframe every two seconds, and AAC."""
    return studio.record()


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


def _file(container: str, streams: list[Any], packets: list[Any]) -> bytes:
    file = io.BytesIO()
    with av.open(file, "w", format=container, container_options=dict(SEGMENT_OPTIONS[container])) as movie:
        outputs = {stream.index: movie.add_stream_from_template(stream, opaque=True) for stream in streams}
        for packet in packets:
            packet.stream = outputs[packet.stream.index]
            movie.mux(packet)
    return file.getvalue()


def _shown(frame: Any) -> Shown:
    luma = frame.to_ndarray(format="gray")
    number = sum(1 << bit for bit in range(SQUARES) if luma[8:24, bit * 32 + 8 : bit * 32 + 24].mean() > 128)
    return Shown(
        frame.time * 1000, number, bool(luma[110:180].mean() > 150), hashlib.sha256(frame.to_ndarray()).digest()
    )
