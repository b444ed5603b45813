"""Cuts guessed from keyframes and packet sizes."""

from collections.abc import Callable

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from tldr_video_analysis.domain.pictures.cut_hints import CutHint, cut_hints
from tldr_video_analysis.domain.pictures.pictures import HEIGHT, WIDTH, Pictures
from tldr_video_analysis.domain.pictures.video_packets import VideoPackets

Scene = Callable[..., NDArray[np.uint8]]


@pytest.fixture
def hints(scene: Scene) -> Callable[..., tuple[CutHint, ...]]:
    """Hints for keyframes (two seconds apart unless said) that show the given scenes, with spikes of their size."""

    def given(
        scenes: list[int], spikes_s: tuple[float, ...] = (), motion: float = 1.0, keys_s: tuple[float, ...] = ()
    ) -> tuple[CutHint, ...]:
        keys = np.round(np.array(keys_s or 2 * np.arange(len(scenes))) * 1e6).astype(np.int64)
        at = np.arange(0, keys[-1] + 1_000_000, 100_000, dtype=np.int64)
        key = np.isin(at, keys)
        spike = np.isin(at, np.round(np.array(spikes_s) * 1e6).astype(np.int64))
        packets = VideoPackets(at, np.where(key | spike, 30_000, 1_000), key, np.zeros_like(at))
        luma = np.stack([cv2.resize(scene(number), (WIDTH, HEIGHT)) for number in scenes]).astype(np.uint8)
        return cut_hints(packets, packets.spikes(), Pictures(at[key], luma), np.full(len(scenes), motion))

    return given


def test_a_spike_between_unrelated_keyframes_is_a_sure_cut(hints: Callable[..., tuple[CutHint, ...]]) -> None:
    (hint,) = hints([1, 1, 2], (2.7,))
    assert hint.sure
    assert hint.at_us == 2_700_000


def test_calm_keyframes_that_are_unrelated_without_a_spike_are_a_cut_at_the_later_one(
    hints: Callable[..., tuple[CutHint, ...]],
) -> None:
    (hint,) = hints([1, 1, 2])
    assert hint.sure
    assert hint.at_us == 4_000_000


def test_with_much_motion_the_same_may_be_a_pan(hints: Callable[..., tuple[CutHint, ...]]) -> None:
    (hint,) = hints([1, 1, 2], motion=40.0)
    assert not hint.sure


def test_a_spike_between_related_keyframes_is_worth_a_look_only(hints: Callable[..., tuple[CutHint, ...]]) -> None:
    (hint,) = hints([1, 1], (0.9,))
    assert not hint.sure
    assert hint.start_us < 900_000 < hint.end_us


def test_a_spike_after_the_last_keyframe_counts_when_it_is_large(hints: Callable[..., tuple[CutHint, ...]]) -> None:
    (hint,) = hints([1], (0.5,))
    assert hint.sure


def test_nothing_happening_gives_no_hint(hints: Callable[..., tuple[CutHint, ...]]) -> None:
    assert hints([1, 1, 1]) == ()


def test_an_encoder_that_places_keyframes_freely_placed_it_at_the_cut(
    hints: Callable[..., tuple[CutHint, ...]],
) -> None:
    (hint,) = hints([1, 1, 1, 2], (4.5,), motion=20.0, keys_s=(0.0, 1.0, 4.0, 4.9))
    assert hint.sure
    assert hint.at_us == 4_900_000
