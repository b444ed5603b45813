"""Motion measured, and estimated where nothing was decoded."""

from collections.abc import Callable

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from tldr_video_analysis.domain.pictures.motion import motion_of_pairs, motion_per_second
from tldr_video_analysis.domain.pictures.motion_estimate import Measured, estimate_motion
from tldr_video_analysis.domain.pictures.pictures import HEIGHT, WIDTH, Pictures

Scene = Callable[..., NDArray[np.uint8]]
NO_CUTS = np.zeros(0, dtype=np.int64)


def panned(scene: Scene, pixels_a_second: float, times_s: NDArray[np.float64], number: int = 1) -> Pictures:
    views = [cv2.resize(scene(number, pixels_a_second * at), (WIDTH, HEIGHT)) for at in times_s]
    return Pictures(np.round(times_s * 1e6).astype(np.int64), np.stack(views).astype(np.uint8))


def mean_motion(pictures: Pictures) -> float:
    return float(motion_of_pairs(pictures, NO_CUTS)[1].mean())


def test_a_faster_pan_has_more_motion_and_a_still_picture_none(scene: Scene) -> None:
    times = np.arange(50) / 25
    still, slow, fast = (mean_motion(panned(scene, speed, times)) for speed in (0.0, 25.0, 100.0))
    assert still == 0.0
    assert 0.0 < 2 * slow < fast <= 255.0


@pytest.mark.parametrize("frames_per_second", [10, 12.5, 50, 60])
def test_motion_does_not_depend_on_the_frame_rate(scene: Scene, frames_per_second: float) -> None:
    reference = mean_motion(panned(scene, 50.0, np.arange(50) / 25))
    other = mean_motion(panned(scene, 50.0, np.arange(2 * frames_per_second) / frames_per_second))
    assert other == pytest.approx(reference, rel=0.15)


def test_a_cut_is_not_motion(scene: Scene) -> None:
    times = np.arange(50) / 25
    first, second = panned(scene, 0.0, times[:25], 1), panned(scene, 0.0, times[25:], 2)
    joined = Pictures(np.concatenate((first.at_us, second.at_us)), np.concatenate((first.luma, second.luma)))
    assert motion_of_pairs(joined, second.at_us[:1])[1].max() == 0.0
    assert mean_motion(joined) > 0.0


def test_each_second_gets_the_mean_of_its_pairs() -> None:
    at = np.array([100_000, 900_000, 2_100_000])
    motion = motion_per_second(at, np.array([1.0, 3.0, 5.0]), 0, 3)
    assert motion == pytest.approx([2.0, np.nan, 5.0], nan_ok=True)


def test_the_estimate_meets_what_was_measured_and_follows_the_packets_between() -> None:
    measured = Measured(np.array([0.5, 9.5]), np.array([4.0, 8.0]), np.array([100.0, 200.0]))
    rate = np.array([100.0, 100.0, 400.0, 200.0])
    estimate = estimate_motion(measured, np.array([0.5, 1.5, 2.5, 9.5]), rate)
    assert estimate[[0, 3]] == pytest.approx([4.0, 8.0], rel=0.01)
    assert estimate[2] > 2 * estimate[1]


def test_the_estimate_is_never_negative_nor_above_255() -> None:
    measured = Measured(np.array([0.5]), np.array([200.0]), np.array([10.0]))
    estimate = estimate_motion(measured, np.array([0.5, 1.5]), np.array([1e6, 0.0]))
    assert estimate.max() == 255.0
    assert estimate.min() >= 0.0


def test_without_a_measurement_there_is_no_estimate() -> None:
    nothing = Measured(np.zeros(0), np.zeros(0), np.zeros(0))
    assert np.isnan(estimate_motion(nothing, np.array([0.5]), np.array([10.0]))).all()
