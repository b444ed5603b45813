"""Smoothing reads no farther than it says."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tldr_fusion_detector.domain.signals.smoothing import gaussian, smooth

AT = 50


@given(sigma_s=st.floats(0.5, 8.0), ahead=st.floats(0.2, 1.0))
def test_a_kernel_falls_off_on_both_sides_and_sooner_ahead(sigma_s: float, ahead: float) -> None:
    kernel = gaussian(sigma_s, 2.0, ahead)
    radius = len(kernel) // 2
    before, after = kernel[radius::-1], kernel[radius:]
    assert before[0] == after[0] == 1.0
    assert (np.diff(before) <= 0).all()
    assert (np.diff(after) <= 0).all()
    assert (after <= before).all()


@pytest.mark.parametrize("ahead", [1.0, 0.6])
def test_a_smoothed_figure_rests_on_what_its_kernel_reaches(ahead: float) -> None:
    flat, kernel = np.zeros(101), gaussian(7.0, 2.0, ahead)
    reached = []
    for second in range(101):
        one = flat.copy()
        one[second] = 1.0
        if smooth(one, kernel)[0][AT] > 0:
            reached.append(second)
    assert reached == list(range(AT - 14, AT + math.ceil(14 * ahead) + 1))
