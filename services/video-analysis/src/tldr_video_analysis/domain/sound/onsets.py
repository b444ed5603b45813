"""Onset strength: how much the spectrum rises from one frame to the next."""

import numpy as np
from numpy.typing import NDArray

# Power above which a bin counts: -74 dB re full scale. Below it, noise of the coding would look like events.
AUDIBLE_POWER = 4e-8


def onset_strength(power: NDArray[np.float32]) -> NDArray[np.float32]:
    """Spectral flux per frame, in nepers per bin, >= 0: the mean over bins of the rise of log magnitude.

    `power` has shape (frames, bins); the first frame has nothing before it and gets 0. Half-wave rectified flux of
    compressed magnitudes, as in Böck and Widmer, "Maximum filter vibrato suppression for onset detection" (2013),
    without the maximum filter.
    """
    strength = np.zeros(len(power), dtype=np.float32)
    if len(power) > 1:
        magnitude = 0.5 * np.log1p(power / AUDIBLE_POWER)
        strength[1:] = np.maximum(magnitude[1:] - magnitude[:-1], 0.0).mean(axis=1)
    return strength
