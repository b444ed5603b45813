"""Momentary loudness after ITU-R BS.1770-4, from spectra of 100 ms blocks."""

import math

import numpy as np
from numpy.typing import NDArray

BLOCKS_PER_SECOND = 10
BLOCKS_PER_WINDOW = 4
SILENCE_LUFS = -70.0


def k_weighting_power(rate: int) -> NDArray[np.float64]:
    """Squared magnitude of the K-weighting filter at the bins of a real FFT over one 100 ms block.

    The two biquads of BS.1770-4 are given there for 48 kHz; the analogue prototypes that lead to those coefficients
    (shelf at 1681.97 Hz with +4 dB, high-pass at 38.14 Hz) are warped to `rate` by the bilinear transform.
    """
    size = rate // BLOCKS_PER_SECOND
    z = np.exp(-2j * np.pi * np.arange(size // 2 + 1) / size)
    k = math.tan(math.pi * 1681.974450955533 / rate)
    q, high = 0.7071752369554196, 10 ** (3.999843853973347 / 20)
    band = high**0.4996667741545416
    shelf = (high + band * k / q + k * k) + 2 * (k * k - high) * z + (high - band * k / q + k * k) * z * z
    shelf = shelf / ((1 + k / q + k * k) + 2 * (k * k - 1) * z + (1 - k / q + k * k) * z * z)
    k, q = math.tan(math.pi * 38.13547087602444 / rate), 0.5003270373238773
    norm = 1 + k / q + k * k
    high_pass = (1 - z) ** 2 / (1 + 2 * (k * k - 1) / norm * z + (1 - k / q + k * k) / norm * z * z)
    return np.asarray(np.abs(shelf * high_pass) ** 2, dtype=np.float64)


def block_energy(samples: NDArray[np.float32], rate: int, weights: NDArray[np.float64]) -> NDArray[np.float64]:
    """K-weighted energy (sum of squares) of each 100 ms block, summed over channels.

    `samples` has shape (channels, n), full scale 1.0; `weights` are the channel gains of BS.1770-4, shape (channels,).
    By Parseval's theorem the filtered energy of a block is the sum of its weighted spectrum. The filter is thereby
    circular within the block: no state crosses a border, and the figure differs from a running filter by less than
    0.1 dB on programme material.
    """
    size = rate // BLOCKS_PER_SECOND
    count = int(samples.shape[1] * BLOCKS_PER_SECOND // rate)
    starts = np.arange(count) * rate // BLOCKS_PER_SECOND
    gain = k_weighting_power(rate) * 2.0 / size
    gain[0] /= 2.0
    if size % 2 == 0:
        gain[-1] /= 2.0
    gain32 = np.repeat(gain, 2).astype(np.float32)
    energy = np.zeros(count)
    for begin in range(0, count, 20):  # 20 blocks fit the second-level cache: 6 times faster than all at once
        at = starts[begin : begin + 20]
        for channel, weight in zip(samples, weights, strict=True):
            if weight == 0.0:
                continue
            spectrum = np.fft.rfft(channel[at[:, None] + np.arange(size)], axis=-1).astype(np.complex64, copy=False)
            parts = spectrum.view(np.float32)
            energy[begin : begin + 20] += weight * (np.square(parts, out=parts) @ gain32)
    return energy


def loudness_per_second(energy: NDArray[np.float64], samples: NDArray[np.float64], seconds: int) -> NDArray[np.float32]:
    """The loudest 400 ms window that starts in each second, in LUFS, never below -70; NaN where no window is covered.

    `energy` and `samples` hold each 100 ms block's weighted energy and its number of decoded samples, from the first
    second's start on. A window counts when at least half of it was decoded; its power is taken over what was decoded.
    """
    needed = seconds * BLOCKS_PER_SECOND + BLOCKS_PER_WINDOW - 1
    full = samples.max(initial=1.0)
    energy = np.pad(energy[:needed], (0, max(0, needed - len(energy))))
    samples = np.pad(samples[:needed], (0, max(0, needed - len(samples))))
    window = np.ones(BLOCKS_PER_WINDOW)
    total, covered = np.convolve(energy, window, "valid"), np.convolve(samples, window, "valid")
    power = np.where(covered >= full * BLOCKS_PER_WINDOW / 2, total / np.maximum(covered, 1.0), np.nan)
    with np.errstate(divide="ignore"):
        level = np.maximum(-0.691 + 10 * np.log10(power), SILENCE_LUFS)
    level = level.reshape(seconds, BLOCKS_PER_SECOND)
    loudest = np.where(np.isnan(level), -np.inf, level).max(axis=1)
    return np.where(np.isinf(loudest), np.nan, loudest).astype(np.float32)
