"""Renders a demo broadcast: a video with sound, its chat, and what was planted; once, then it is kept."""

import hashlib
import json
import shutil
from collections.abc import Callable
from dataclasses import asdict, dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import av

from tldrctl.demo.arena import HEIGHT, WIDTH
from tldrctl.demo.chat import write_chat
from tldrctl.demo.picture import FPS, Painter
from tldrctl.demo.plan import Distractor, Plan, Planted, plan_broadcast
from tldrctl.demo.sound import Soundtrack
from tldrctl.demo.voice import RATE

# A keyframe every two seconds exactly, B-frames, about 3 Mbit/s: what broadcasters send. The number of threads is part
# of what x264 makes, so it is fixed; and with maxrate or bufsize two threads would not give the same bytes twice.
X264_OPTIONS = {
    "preset": "veryfast",
    "g": str(2 * FPS),
    "keyint_min": str(2 * FPS),
    "sc_threshold": "0",
    "bf": "3",
    "threads": "2",
    # A third cheaper than the preset by itself: 143 instead of 246 ms for a second of video (of one core, 720p30).
    "x264-params": "me=dia:subme=1:weightp=0:mbtree=0:rc-lookahead=0:b-adapt=0:partitions=i4x4,i8x8",
}
VIDEO_BITS, AUDIO_BITS = 3_000_000, 128_000
BT709 = 1
LIMITED_RANGE = 1
AAC_FRAME = 1_024
# What decides how a broadcast looks; a change of any of these files makes a new version.
SOURCES = (
    "arena",
    "broadcast",
    "chat",
    "chat_lines",
    "envelope",
    "motion",
    "picture",
    "plan",
    "sound",
    "sprite",
    "voice",
)


@dataclass(frozen=True, slots=True)
class Broadcast:
    """Where the files are, and the truth about them."""

    video: Path
    chat: Path
    truth: Path
    duration_ms: int
    chat_lag_ms: int
    planted: tuple[Planted, ...]
    distractors: tuple[Distractor, ...]


def render(
    seed: int,
    folder: Path,
    *,
    duration_s: int = 180,
    moments: int = 5,
    progress: Callable[[float], None] = lambda share: None,
) -> Broadcast:
    """The broadcast of a seed, below `folder`; rendered unless it is there already.

    `progress` is told the share that is done, 0..1, once per second of video. Raises ValueError when so many moments do
    not fit into the duration. A rendering that was interrupted leaves nothing that counts as finished.
    """
    plan = plan_broadcast(seed, duration_s * 1000, moments)
    home = folder / f"broadcast-{seed}-{duration_s}s-{moments}-{version()}"
    if not home.exists():
        unfinished = home.with_suffix(".unfinished")
        shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.mkdir(parents=True)
        _render(plan, unfinished, progress)
        unfinished.rename(home)
    progress(1.0)
    return Broadcast(
        home / "video.mp4",
        home / "chat.json",
        home / "planted.json",
        plan.duration_ms,
        plan.chat_lag_ms,
        plan.planted,
        plan.distractors,
    )


def version() -> str:
    """Changes with the code that draws, sounds and writes."""
    here = Path(__file__).parent
    return hashlib.sha256(b"".join((here / f"{name}.py").read_bytes() for name in SOURCES)).hexdigest()[:8]


def _render(plan: Plan, folder: Path, progress: Callable[[float], None]) -> None:
    painter = Painter(plan)
    teams = painter.arena.teams
    write_chat(plan, (teams[0].name, teams[1].name), folder / "chat.json")
    truth = asdict(plan)
    (folder / "planted.json").write_text(json.dumps(truth, indent=1), encoding="utf-8")
    options = {"movflags": "+faststart"}
    with av.open(str(folder / "video.mp4"), "w", format="mp4", container_options=options) as movie:
        _encode(movie, painter, Soundtrack(plan), plan.duration_ms, progress)


def _encode(
    movie: Any, painter: Painter, sound: Soundtrack, duration_ms: int, progress: Callable[[float], None]
) -> None:
    video = movie.add_stream("libx264", rate=FPS, options=dict(X264_OPTIONS))
    video.width, video.height, video.pix_fmt, video.bit_rate = WIDTH, HEIGHT, "yuv420p", VIDEO_BITS
    context = video.codec_context
    context.colorspace = context.color_primaries = context.color_trc = BT709
    context.color_range = LIMITED_RANGE
    audio = movie.add_stream("aac", rate=RATE, bit_rate=AUDIO_BITS)
    audio.layout = "stereo"
    samples, heard = duration_ms * RATE // 1000, 0
    for number in range(duration_ms * FPS // 1000):
        frame = painter.paint(number)
        frame.pts, frame.time_base = number, Fraction(1, FPS)
        movie.mux(video.encode(frame))
        while heard < samples and heard * FPS < (number + 1) * RATE:
            heard = _encode_sound(movie, audio, sound, heard, samples)
        if number % FPS == 0:
            progress(number * 1000 / FPS / duration_ms)
    movie.mux(video.encode(None))
    movie.mux(audio.encode(None))


def _encode_sound(movie: Any, audio: Any, sound: Soundtrack, start: int, end: int) -> int:
    """Encodes about a second from `start` on and returns where it ends; mixing more at a time is cheaper."""
    stop = min(end, start + 47 * AAC_FRAME)
    mixed = sound.between(start, stop)
    for at in range(0, stop - start, AAC_FRAME):
        frame = av.AudioFrame.from_ndarray(mixed[:, at : at + AAC_FRAME].copy(), format="fltp", layout="stereo")
        frame.sample_rate, frame.pts, frame.time_base = RATE, start + at, Fraction(1, RATE)
        movie.mux(audio.encode(frame))
    return stop
