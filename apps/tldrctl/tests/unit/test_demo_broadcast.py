"""A rendered demo broadcast, as a reader of its files sees it."""

import json
from dataclasses import asdict
from itertools import pairwise
from pathlib import Path
from typing import Any

import av
import numpy as np
import numpy.typing as npt
import pytest

from tldrctl.demo.broadcast import Broadcast, render
from tldrctl.demo.picture import FPS, Painter
from tldrctl.demo.plan import Distractor, Plan, Planted, plan_broadcast
from tldrctl.demo.sound import Soundtrack
from tldrctl.demo.voice import RATE

# A broadcast of six seconds with one of everything, so that the tests render little.
SHORT = Plan(
    1,
    6_000,
    9_000,
    (Planted(1_000, 3_000, "goal"),),
    (Distractor(4_000, 5_000, "dull"), Distractor(5_000, 6_000, "cut")),
)


def luma(painter: Painter, number: int) -> npt.NDArray[np.float32]:
    plane = painter.paint(number).planes[0]
    return np.frombuffer(plane, np.uint8).reshape(plane.height, -1)[4::8, 4::8].astype(np.float32)


def change(painter: Painter, start_ms: int, end_ms: int) -> float:
    """Mean change of luma from frame to frame, 0..255."""
    frames = [luma(painter, number) for number in range(start_ms * FPS // 1000, end_ms * FPS // 1000)]
    return float(np.mean([np.abs(after - before).mean() for before, after in pairwise(frames)]))


def level(sound: Soundtrack, start_ms: int, end_ms: int) -> float:
    """Level in dB of full scale."""
    return float(20 * np.log10(sound.between(start_ms * RATE // 1000, end_ms * RATE // 1000).std()))


@pytest.fixture(scope="module")
def rendered(tmp_path_factory: pytest.TempPathFactory) -> Broadcast:
    return render(1, tmp_path_factory.mktemp("demo"), duration_s=12, moments=0)


def test_a_moment_is_action_and_noise() -> None:
    painter, sound = Painter(SHORT), Soundtrack(SHORT)
    assert change(painter, 1_800, 2_600) > 3 * change(painter, 100, 900)
    assert level(sound, 1_800, 2_800) > level(sound, 0, 900) + 10


def test_a_break_is_loud_and_still() -> None:
    painter, sound = Painter(SHORT), Soundtrack(SHORT)
    assert change(painter, 4_100, 4_900) == 0
    assert level(sound, 4_200, 4_800) > level(sound, 1_800, 2_800) - 3


def test_another_camera_changes_everything_at_once_and_nothing_after() -> None:
    painter = Painter(SHORT)
    at = 5_000 * FPS // 1000
    assert np.abs(luma(painter, at) - luma(painter, at - 1)).mean() > 15
    assert change(painter, 5_000, 5_900) < 2


def test_the_score_counts_a_goal() -> None:
    painter = Painter(SHORT)
    before, after = (painter.paint(number).to_ndarray(format="gray")[30:86, 40:500] for number in (15, 110))
    assert (before != after).mean() > 0.001


def test_sound_does_not_depend_on_how_it_is_asked_for() -> None:
    sound = Soundtrack(SHORT)
    whole = sound.between(0, 6 * RATE)
    parts = np.concatenate([sound.between(at, at + RATE // 2) for at in range(0, 6 * RATE, RATE // 2)], axis=1)
    assert np.array_equal(whole, parts)
    assert np.abs(whole).max() <= 1


def test_the_video_is_what_broadcasters_send(rendered: Broadcast) -> None:
    with av.open(str(rendered.video), "r") as movie:
        picture: Any = movie.streams.video[0]
        sound: Any = movie.streams.audio[0]
        assert (picture.codec_context.name, picture.width, picture.height, picture.average_rate) == (
            "h264",
            1280,
            720,
            30,
        )
        assert (sound.codec_context.name, sound.rate, sound.layout.nb_channels) == ("aac", 48_000, 2)
        packets = [packet for packet in movie.demux(picture) if packet.size]
    keyframes = [
        float(packet.pts * packet.time_base) for packet in packets if packet.is_keyframe and packet.pts is not None
    ]
    assert keyframes == [float(second) for second in range(0, 12, 2)]
    assert any(packet.pts != packet.dts for packet in packets)
    assert rendered.video.read_bytes().index(b"moov") < 100
    assert 1.5e6 < rendered.video.stat().st_size * 8 / 12 < 4.5e6


def test_the_truth_lies_beside_it(rendered: Broadcast) -> None:
    truth = json.loads(rendered.truth.read_text())
    assert truth["planted"] == [asdict(one) for one in rendered.planted]
    assert truth["distractors"] == [asdict(one) for one in rendered.distractors]
    assert truth["chat_lag_ms"] == rendered.chat_lag_ms


def test_it_is_rendered_once(rendered: Broadcast) -> None:
    told: list[float] = []
    folder, written = rendered.video.parent.parent, rendered.video.stat().st_mtime_ns
    again = render(1, folder, duration_s=12, moments=0, progress=told.append)
    assert again == rendered
    assert told == [1.0]
    assert rendered.video.stat().st_mtime_ns == written


def test_an_interrupted_rendering_starts_over(tmp_path: Path) -> None:
    def interrupt(share: float) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        render(2, tmp_path, duration_s=12, moments=0, progress=interrupt)
    assert [folder.suffix for folder in tmp_path.iterdir()] == [".unfinished"]


def test_frames_of_a_seed_are_always_the_same() -> None:
    plan = plan_broadcast(4, 180_000, 5)
    one, other = Painter(plan), Painter(plan)
    middle = plan.planted[0].start_ms * FPS // 1000 + 150
    assert np.array_equal(one.paint(middle).to_ndarray(), other.paint(middle).to_ndarray())


def test_the_same_seed_renders_the_same_bytes(tmp_path: Path) -> None:
    one, other = (render(6, tmp_path / name, duration_s=3, moments=0) for name in ("one", "other"))
    assert one.video.read_bytes() == other.video.read_bytes()
