"""Small grey pictures and how much they differ."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

WIDTH = 160
HEIGHT = 90

Luma = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Pictures:
    """Decoded pictures in order of presentation: times in microseconds, luma of shape (n, 90, 160), 0..255."""

    at_us: NDArray[np.int64]
    luma: Luma

    @classmethod
    def of(cls, pictures: list[tuple[int, Luma]]) -> "Pictures":
        """From (time, luma) in any order; of several with one time, the last stays."""
        by_time = sorted(dict(pictures).items(), key=lambda picture: picture[0])
        if not by_time:
            return cls(np.zeros(0, dtype=np.int64), np.zeros((0, HEIGHT, WIDTH), dtype=np.uint8))
        times, luma = zip(*by_time, strict=True)
        return cls(np.asarray(times, dtype=np.int64), np.stack(luma))

    def __len__(self) -> int:
        return len(self.at_us)


def change(before: Luma, after: Luma) -> NDArray[np.float64]:
    """Mean absolute difference of pictures, 0..255; shapes (..., 90, 160) give (...)."""
    # max - min stays in bytes, where a signed difference would need twice the memory and time.
    difference = np.maximum(before, after) - np.minimum(before, after)
    return np.asarray(difference.mean(axis=(-2, -1), dtype=np.float64), dtype=np.float64)


def similarity(before: Luma, after: Luma) -> float:
    """Correlation of two pictures, -1..1: blind to brightness and contrast; 0 where one of them is uniform."""
    first = before.astype(np.float32) - before.mean(dtype=np.float32)
    second = after.astype(np.float32) - after.mean(dtype=np.float32)
    scale = float(np.sqrt(np.vdot(first, first) * np.vdot(second, second)))
    return float(np.vdot(first, second)) / scale if scale > 1.0 else 0.0
