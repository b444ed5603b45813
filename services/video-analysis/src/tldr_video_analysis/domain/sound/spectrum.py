"""Short-time power spectra of mono sound at 16 kHz, on a grid that does not depend on where the sound was cut."""

import numpy as np
from numpy.typing import NDArray

RATE = 16_000
FRAME = 512
HOP = 320
FRAMES_PER_SECOND = RATE // HOP
HERTZ_PER_BIN = RATE / FRAME


def power_spectra(mono: NDArray[np.float32]) -> NDArray[np.float32]:
    """Power per frame and bin, shape (frames, 257), scaled so that a frame's sum is its mean square.

    `mono` has full scale 1.0 and starts on a whole second. Frames of 32 ms (Hann) start every 20 ms.
    """
    if len(mono) < FRAME:
        mono = np.pad(mono, (0, FRAME - len(mono)))
    window = np.hanning(FRAME + 1)[:-1].astype(np.float32)
    frames = np.lib.stride_tricks.sliding_window_view(mono, FRAME)[::HOP]
    power = np.empty((len(frames), FRAME // 2 + 1), dtype=np.float32)
    for begin in range(0, len(frames), FRAMES_PER_SECOND):
        spectrum = np.fft.rfft(frames[begin : begin + FRAMES_PER_SECOND] * window, axis=-1)
        power[begin : begin + FRAMES_PER_SECOND] = spectrum.real**2 + spectrum.imag**2
    power *= 2.0 / (FRAME * float(np.square(window).sum()))
    power[:, (0, -1)] /= 2.0
    return power


def mean_per_second(values: NDArray[np.float32], per_second: int, seconds: int) -> NDArray[np.float32]:
    """The mean of each second's values, shape (seconds,); NaN where a second has none."""
    padded = np.full(seconds * per_second, np.nan)
    given = values[: len(padded)]
    padded[: len(given)] = given
    present = ~np.isnan(padded.reshape(seconds, per_second))
    total = np.nansum(padded.reshape(seconds, per_second), axis=1)
    count = present.sum(axis=1)
    return np.where(count > 0, total / np.maximum(count, 1), np.nan).astype(np.float32)
