"""Clips with planted truth, rendered in memory and cut into segments as ingest does: without re-encoding."""

import io
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import av
import numpy as np
import pytest
from numpy.typing import NDArray

from tldr_video_analysis.domain.analysis.settings import AnalysisSettings
from tldr_video_analysis.domain.figures import signal_names
from tldr_video_analysis.domain.figures.figures import Figures
from tldr_video_analysis.domain.segments.part import SegmentPart

Picture = Callable[[float], NDArray[np.uint8]]
Sound = Callable[[NDArray[np.float64]], NDArray[np.float64]]

FRAGMENTS = "frag_keyframe+delay_moov+default_base_moof+frag_discont"


@dataclass(frozen=True)
class Clip:
    """What to render. `picture` maps a time to luma (h, w), `sound` maps times to samples (channels, n)."""

    seconds: float = 6.0
    picture: Picture | None = None
    sound: Sound | None = None
    frames_per_second: int = 25
    video_codec: str = "libx264"
    pixel_format: str = "yuv420p"
    video_options: Mapping[str, str] = field(default_factory=dict)
    keyframe_every: int = 50
    audio_codec: str = "aac"
    layout: str = "stereo"
    rate: int = 48_000
    times: Sequence[float] | None = None


def _render(clip: Clip, container: str = "") -> bytes:
    target = io.BytesIO()
    # Decoding times survive in MP4 only, and it refuses VP8, which has no reordering.
    container = container or ("matroska" if clip.video_codec == "libvpx" else "mp4")
    with av.open(target, "w", format=container) as out:
        video = _video_stream(out, clip) if clip.picture else None
        audio: Any = out.add_stream(clip.audio_codec, rate=clip.rate, layout=clip.layout) if clip.sound else None
        if video is not None and clip.picture is not None:
            times = clip.times or np.arange(round(clip.seconds * clip.frames_per_second)) / clip.frames_per_second
            for at in times:
                frame = av.VideoFrame.from_ndarray(clip.picture(float(at)), format="gray")
                frame = frame.reformat(format=clip.pixel_format)
                frame.pts, frame.time_base = round(at * 1000), Fraction(1, 1000)
                out.mux(video.encode(frame))
            out.mux(video.encode(None))
        if audio is not None and clip.sound is not None:
            samples = np.ascontiguousarray(clip.sound(np.arange(int(clip.seconds * clip.rate)) / clip.rate))
            for start in range(0, samples.shape[1], 1024):
                piece = np.ascontiguousarray(samples[:, start : start + 1024], dtype=np.float32)
                sound = av.AudioFrame.from_ndarray(piece, format="fltp", layout=clip.layout)
                sound.sample_rate, sound.pts, sound.time_base = clip.rate, start, Fraction(1, clip.rate)
                out.mux(audio.encode(sound))
            out.mux(audio.encode(None))
    return target.getvalue()


def _video_stream(out: Any, clip: Clip) -> Any:
    assert clip.picture is not None
    height, width = clip.picture(0.0).shape
    video = out.add_stream(clip.video_codec, rate=clip.frames_per_second)
    video.width, video.height, video.pix_fmt = width, height, clip.pixel_format
    video.codec_context.time_base = Fraction(1, 1000)
    video.codec_context.gop_size = clip.keyframe_every
    usual = {"preset": "veryfast", "sc_threshold": "0"} if clip.video_codec == "libx264" else {}
    video.options = {**usual, **clip.video_options}
    return video


def _joined(files: Sequence[tuple[bytes, float]]) -> bytes:
    target = io.BytesIO()
    with av.open(target, "w", format="mpegts") as out, ExitStack() as opened:
        stream, shift = None, 0
        for file, length in files:
            source = opened.enter_context(av.open(io.BytesIO(file), "r"))
            picture: Any = source.streams.video[0]
            stream = stream or out.add_stream_from_template(picture)
            for packet in source.demux(picture):
                if packet.size:
                    packet.stream, packet.pts, packet.dts = stream, packet.pts + shift, packet.dts + shift
                    out.mux(packet)
            shift += round(length / picture.time_base)
    return target.getvalue()


def _cut(data: bytes, every_s: float, container: str) -> list[SegmentPart]:
    with av.open(io.BytesIO(data), "r") as source:
        streams: list[Any] = [*source.streams.video[:1], *source.streams.audio[:1]]
        leading = streams[0]
        packets: list[Any] = sorted(
            (packet for packet in source.demux(streams) if packet.size),
            key=lambda packet: packet.dts * packet.time_base,
        )
        groups: list[list[Any]] = [[]]
        # Transport streams do not begin at 0.
        zero = min(packet.pts * packet.time_base for packet in packets) if source.format.name == "mpegts" else 0
        starts = [0.0]
        for packet in packets:
            at = float(packet.pts * packet.time_base - zero)
            boundary = packet.stream is leading and packet.is_keyframe and at - starts[-1] >= every_s - 0.01
            if boundary:
                groups.append([])
                starts.append(at)
            groups[-1].append(packet)
        end = max(float((packet.pts + (packet.duration or 0)) * packet.time_base - zero) for packet in packets)
        files = [_muxed(group, streams, container) for group in groups]
        has_video, has_audio = bool(source.streams.video), bool(source.streams.audio)
    edges = [round(1000 * at) for at in (*starts, end)]
    return [
        SegmentPart(index, edges[index], edges[index + 1], -round(1000 * zero), has_video, has_audio, file)
        for index, file in enumerate(files)
    ]


def _muxed(packets: Sequence[Any], streams: Sequence[Any], container: str) -> bytes:
    target = io.BytesIO()
    options = {"avoid_negative_ts": "disabled"} | ({"movflags": FRAGMENTS} if container == "mp4" else {})
    with av.open(target, "w", format=container, options=options) as out:
        copies = {stream.index: out.add_stream_from_template(stream) for stream in streams}
        for packet in packets:
            packet.stream = copies[packet.stream.index]
            out.mux(packet)
    return target.getvalue()


@pytest.fixture(scope="session")
def clip() -> type[Clip]:
    return Clip


@pytest.fixture(scope="session")
def parts_of() -> Callable[..., list[SegmentPart]]:
    """The parts of a clip: `parts_of(clip, every_s=2.0, container="mp4")`."""

    def render_and_cut(clip: Clip, every_s: float = 2.0, container: str = "mp4") -> list[SegmentPart]:
        return _cut(_render(clip), every_s, container)

    return render_and_cut


@pytest.fixture(scope="session")
def parts_of_joined() -> Callable[..., list[SegmentPart]]:
    """The parts of clips without sound that follow one another in one transport stream, coded as its keyframes say."""

    def render_and_cut(clips: Sequence[Clip], every_s: float = 2.0) -> list[SegmentPart]:
        return _cut(_joined([(_render(clip, "mpegts"), clip.seconds) for clip in clips]), every_s, "mp4")

    return render_and_cut


@pytest.fixture(scope="session")
def scene() -> Callable[..., NDArray[np.uint8]]:
    """A texture of its own for each number, seen from a place: `scene(number, x, height=180, width=320)`."""
    textures: dict[int, NDArray[np.uint8]] = {}

    def view(number: int, x: float = 0.0, height: int = 180, width: int = 320) -> NDArray[np.uint8]:
        if number not in textures:
            noise = np.random.default_rng(number).normal(size=(360, 1280))
            frequency = np.hypot(np.fft.fftfreq(360)[:, None], np.fft.rfftfreq(1280)[None, :])
            smooth = np.fft.irfft2(np.fft.rfft2(noise) * np.exp(-((frequency / 0.025) ** 2)), s=noise.shape)
            textures[number] = np.clip(128 + 55 * smooth / smooth.std(), 0, 255).astype(np.uint8)
        columns = (np.arange(width) + round(x)) % 1280
        return np.ascontiguousarray(textures[number][:height][:, columns])

    return view


class FakeSegmentAnalyser:
    """A `SegmentAnalyser` with quiet figures of the right names and shapes."""

    async def __call__(
        self, parts: Sequence[SegmentPart], first_second: int, end_second: int, settings: AnalysisSettings
    ) -> Figures:
        names: tuple[str, ...] = ()
        if any(part.has_video for part in parts):
            names += signal_names.VIDEO
        if any(part.has_audio for part in parts):
            names += signal_names.AUDIO
        quiet = {signal_names.LOUDNESS: -70.0, signal_names.CROWD: -70.0}
        seconds = end_second - first_second
        series = {name: np.full(seconds, quiet.get(name, 0.0), dtype=np.float32) for name in names}
        return Figures(first_second, end_second, series)


@pytest.fixture
def fake_analyser() -> FakeSegmentAnalyser:
    return FakeSegmentAnalyser()
