"""Gaussian smoothing of series with holes; a second's figure depends on nothing beyond the kernel's reach."""

import math

import numpy as np

from tldr_fusion_detector.domain.signals import Floats


def gaussian(sigma_s: float, reach: float) -> Floats:
    """Kernel of odd length 2r+1, r = ceil(reach * sigma), peak 1."""
    radius = math.ceil(reach * sigma_s)
    offsets = np.arange(-radius, radius + 1)
    kernel: Floats = np.exp(-0.5 * (offsets / sigma_s) ** 2)
    return kernel


def smooth(values: Floats, kernel: Floats) -> Floats:
    """Kernel-weighted mean of the figures within reach, (n,); NaN stays NaN, and holes weigh nothing."""
    present = np.isfinite(values)
    filled = np.where(present, values, 0.0)
    weight = _convolve(present.astype(np.float64), kernel)
    mean: Floats = np.full(len(values), np.nan)
    np.divide(_convolve(filled, kernel), weight, out=mean, where=weight > 0)
    mean[~present] = np.nan
    return mean


def smooth_share(shares: Floats, messages: Floats, ordinary: Floats, prior_messages: float, kernel: Floats) -> Floats:
    """Share of messages around each second, drawn towards the ordinary share where few wrote.

    All (n,). `shares` may be NaN where nobody wrote; `messages` counts, NaN where chat is missing, which is NaN in
    the result too. The mean is (sum k m s + p o) / (sum k m + p): the posterior mean of a share under a beta prior
    worth `prior_messages` messages.
    """
    wrote = np.isfinite(shares) & (messages > 0)
    counts = np.where(wrote, messages, 0.0)
    weighted = np.where(wrote, counts * np.where(wrote, shares, 0.0), 0.0)
    mean: Floats = (_convolve(weighted, kernel) + prior_messages * ordinary) / (
        _convolve(counts, kernel) + prior_messages
    )
    mean[~np.isfinite(messages)] = np.nan
    return mean


def _convolve(values: Floats, kernel: Floats) -> Floats:
    """Same-length convolution, summed in the same order at every second whatever the length: figures repeat bit by bit."""
    radius = len(kernel) // 2
    padded = np.pad(values, radius)
    total = np.zeros(len(values))
    for offset, weight in enumerate(kernel):
        total += weight * padded[offset : offset + len(values)]
    return total
