"""Crowd energy: the level of what sounds like noise between 500 Hz and 4 kHz."""

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from tldr_video_analysis.domain.sound.spectrum import FRAMES_PER_SECOND, HERTZ_PER_BIN

FLOOR_DB = -70.0
FRAMES_PER_BLOCK = 10
BLOCKS_PER_SECOND = FRAMES_PER_SECOND // FRAMES_PER_BLOCK
# Half octaves: a crowd is coloured noise, flat only within a narrow band, where voices still show their harmonics.
BAND_EDGES_HZ = 500.0 * 2.0 ** (np.arange(7) / 2.0)


def crowd_power(power: NDArray[np.float32]) -> NDArray[np.float32]:
    """Noise-like power of each block of 200 ms, shape (blocks,); `power` are the frames of `power_spectra`.

    Per half octave, the band's mean square times the square of its spectral flatness (geometric over arithmetic mean of
    the spectrum averaged over the block): 0.9 for noise, under 0.2 for a voice, near 0 for a tone.
    """
    blocks = len(power) // FRAMES_PER_BLOCK
    mean = power[: blocks * FRAMES_PER_BLOCK].reshape(blocks, FRAMES_PER_BLOCK, power.shape[1]).mean(axis=1)
    edges = np.round(BAND_EDGES_HZ / HERTZ_PER_BIN).astype(int)
    total = np.zeros(blocks, dtype=np.float32)
    for low, high in pairwise(edges):
        band = mean[:, low:high] + 1e-12
        arithmetic = band.mean(axis=1)
        flatness = np.exp(np.log(band).mean(axis=1)) / arithmetic
        total += flatness**2 * arithmetic * (high - low)
    return total


def crowd_level(power_per_second: NDArray[np.float32]) -> NDArray[np.float32]:
    """Decibels relative to full scale (mean square 1.0), never below -70; NaN stays NaN."""
    with np.errstate(divide="ignore"):
        return np.maximum(10.0 * np.log10(power_per_second), np.float32(FLOOR_DB)).astype(np.float32)
