"""How strongly something happens over time, as arrays of 0..1."""

from typing import Any

import numpy as np
import numpy.typing as npt

Curve = npt.NDArray[np.floating[Any]]


def swell(times_s: Curve, start_s: float, end_s: float, rise_s: float, fall_s: float) -> Curve:
    """0 outside, 1 inside, rising smoothly from `start_s` on and falling until `end_s`; rises and falls are cosines."""
    rise = np.clip((times_s - start_s) / rise_s, 0, 1)
    fall = np.clip((end_s - times_s) / fall_s, 0, 1)
    curve: Curve = (0.5 - 0.5 * np.cos(np.pi * rise)) * (0.5 - 0.5 * np.cos(np.pi * fall))
    return curve


def wander(random: np.random.Generator, times_s: Curve, period_s: float) -> Curve:
    """A slow random curve of about -1..1 that turns every `period_s` seconds or so."""
    knots = np.arange(times_s[0] - 2 * period_s, times_s[-1] + 3 * period_s, period_s)
    values = random.uniform(-1, 1, len(knots))
    # Cosine interpolation between the knots: no corners, so nothing jerks.
    position = (times_s - knots[0]) / period_s
    left = np.clip(position.astype(int), 0, len(knots) - 2)
    share = 0.5 - 0.5 * np.cos(np.pi * (position - left))
    curve: Curve = (values[left] * (1 - share) + values[left + 1] * share).astype(np.float32)
    return curve
