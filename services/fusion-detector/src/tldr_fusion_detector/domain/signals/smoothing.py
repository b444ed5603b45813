"""Gaussian smoothing of series with holes; a second's figure depends on nothing beyond the kernel's reach."""

import math
from functools import lru_cache

import numpy as np

from tldr_fusion_detector.domain.signals.signals import Floats


@lru_cache(maxsize=256)
def gaussian(sigma_s: float, reach: float, ahead: float = 1.0) -> Floats:
    """Kernel of odd length 2r+1, r = ceil(reach * sigma), peak 1; what follows counts over `ahead` <= 1 times the width.

    Read-only.
    """
    radius = math.ceil(reach * sigma_s)
    offsets = np.arange(-radius, radius + 1)
    kernel: Floats = np.exp(-0.5 * (offsets / np.where(offsets > 0, ahead * sigma_s, sigma_s)) ** 2)
    kernel[offsets > math.ceil(reach * ahead * sigma_s)] = 0.0
    kernel.flags.writeable = False
    return kernel


def smooth(values: Floats, kernel: Floats) -> tuple[Floats, Floats]:
    """Kernel-weighted mean of the figures within reach, and how much less steady it is than among whole seconds.

    Both (n,). NaN stays NaN in the mean, and holes weigh nothing. The second is >= 1: next to holes and at the ends
    fewer figures are averaged, so noise is larger by sqrt(sum k^2) / sum k over the present, relative to all.
    """
    present = np.isfinite(values)
    weight = convolve(present.astype(np.float64), kernel)
    known = weight > 0
    mean: Floats = np.full(len(values), np.nan)
    np.divide(convolve(np.where(present, values, 0.0), kernel), weight, out=mean, where=known)
    mean[~present] = np.nan
    whole = math.sqrt(float((kernel**2).sum())) / float(kernel.sum())
    unsteady: Floats = np.ones(len(values))
    np.divide(np.sqrt(convolve(present.astype(np.float64), kernel**2)), weight * whole, out=unsteady, where=known)
    return mean, unsteady


def smooth_messages(
    means: Floats, messages: Floats, ordinary: Floats, prior_messages: float, kernel: Floats
) -> tuple[Floats, Floats]:
    """Mean over the messages around each second, and its deviation by chance where single messages deviate by 1.

    All (n,). `means` may be NaN where nobody wrote; `messages` counts, NaN where chat is missing, which is NaN in the
    result too. With k the kernel and m the messages the mean is (sum k m x + p o) / (sum k m + p), drawn towards the
    ordinary o where few wrote as if p ordinary messages stood beside them; its deviation is
    sqrt(sum k^2 m + p) / (sum k m + p).
    """
    wrote = np.isfinite(means) & (messages > 0)
    counts = np.where(wrote, messages, 0.0)
    summed = np.where(wrote, counts * np.where(wrote, means, 0.0), 0.0)
    weight = convolve(counts, kernel) + prior_messages
    mean: Floats = (convolve(summed, kernel) + prior_messages * ordinary) / weight
    deviation: Floats = np.sqrt(convolve(counts, kernel**2) + prior_messages) / weight
    mean[~np.isfinite(messages)] = np.nan
    return mean, deviation


def convolve(values: Floats, kernel: Floats) -> Floats:
    """Same-length convolution along the first axis, summed in the same order at every second whatever the length: figures
    repeat bit by bit.
    """
    radius = len(kernel) // 2
    padded = np.zeros((len(values) + 2 * radius, *values.shape[1:]))
    padded[radius : radius + len(values)] = values
    total = np.zeros(values.shape)
    for offset in np.flatnonzero(kernel).tolist():
        total += kernel[offset] * padded[offset : offset + len(values)]
    return total
