"""Cuts and flashes in sequences of planted pictures."""

from collections.abc import Callable, Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from tldr_video_analysis.domain.pictures.cuts import find_breaks
from tldr_video_analysis.domain.pictures.pictures import HEIGHT, WIDTH, Luma, Pictures

Scene = Callable[..., NDArray[np.uint8]]
FRAME_US = 40_000


def seen(pictures: Sequence[Luma]) -> tuple[list[int], list[int]]:
    """Numbers of the pictures after cuts and after jumps, at 25 a second."""
    small = [np.asarray(cv2.resize(picture, (WIDTH, HEIGHT)), dtype=np.uint8) for picture in pictures]
    breaks = find_breaks(Pictures(np.arange(len(small), dtype=np.int64) * FRAME_US, np.stack(small)))
    return [int(at) // FRAME_US for at in breaks.cuts_us], [int(at) // FRAME_US for at in breaks.jumps_us]


def test_a_hard_cut_is_found_at_its_first_picture(scene: Scene) -> None:
    assert seen([scene(1, k) for k in range(20)] + [scene(2, k) for k in range(20)]) == ([20], [])


def test_a_fast_pan_is_no_cut(scene: Scene) -> None:
    assert seen([scene(1, 8 * k) for k in range(40)]) == ([], [])


def test_a_pan_that_starts_suddenly_is_no_cut(scene: Scene) -> None:
    assert seen([scene(1)] * 20 + [scene(1, 12 * k) for k in range(20)]) == ([], [])


def test_a_flash_is_two_jumps_and_no_cut(scene: Scene) -> None:
    white = np.full((180, 320), 255, dtype=np.uint8)
    assert seen([scene(1)] * 20 + [white] * 3 + [scene(1)] * 20) == ([], [20, 23])


def test_a_cut_to_a_black_picture_that_stays_is_a_cut(scene: Scene) -> None:
    black = np.full((180, 320), 16, dtype=np.uint8)
    assert seen([scene(1)] * 20 + [black] * 20) == ([20], [])


def test_two_cuts_a_second_apart_are_two(scene: Scene) -> None:
    assert seen([scene(1)] * 20 + [scene(2)] * 25 + [scene(3)] * 20) == ([20, 45], [])


def test_one_picture_has_neither(scene: Scene) -> None:
    assert seen([scene(1)]) == ([], [])
