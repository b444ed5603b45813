"""What the sizes of coded video packets tell without decoding any of them."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from tldr_video_analysis.domain.pictures.coded_levels import CodedLevels, coded_levels

Times = NDArray[np.int64]


@dataclass(frozen=True)
class VideoPackets:
    """Packets in decoding order: presentation time in microseconds of stream time, size in bytes, keyframe or not, and a
    number that is the same for packets that are coded alike.
    """

    at_us: Times
    size: NDArray[np.int64]
    key: NDArray[np.bool_]
    coding: NDArray[np.int64]

    @cached_property
    def levels(self) -> CodedLevels:
        """What brings the sizes to one level."""
        return coded_levels(self.at_us, self.size, self.key, self.coding)

    @cached_property
    def typical_keyframe(self) -> NDArray[np.float64]:
        """For each packet, the median size of keyframes that are coded like it; of all where there are none."""
        typical = np.full(len(self.size), np.median(self.size[self.key]) if self.key.any() else np.inf)
        for coding in np.unique(self.coding[self.key]):
            own = self.coding == coding
            typical[own] = np.median(self.size[own & self.key])
        return typical

    def keyframes(self) -> NDArray[np.intp]:
        """Indices of the keyframes."""
        return np.flatnonzero(self.key)

    def kbit_per_second(self, first_second: int, seconds: int) -> NDArray[np.float32]:
        """Kilobits of the packets presented in each second, shape (seconds,), as if all were coded like what is shown just
        before the first second.
        """
        at = self.at_us // 1_000_000 - first_second
        inside = (at >= 0) & (at < seconds)
        even = self.size * self.levels.whole
        total = np.bincount(at[inside], weights=even[inside], minlength=seconds)
        return (total * 8 / 1000 / self._level_before(first_second)).astype(np.float32)

    def level_change(self, first_second: int, end_second: int) -> float:
        """What brings bits of the coding in force at the end of the seconds to the level of that before their start."""
        return self._level_before(end_second) / self._level_before(first_second)

    def _level_before(self, second: int) -> float:
        before = np.flatnonzero(self.at_us < second * 1_000_000)
        latest = before[np.argmax(self.at_us[before])] if len(before) else 0
        return float(self.levels.whole[latest])

    def change_rate(self, start_us: Times, end_us: Times, spikes: NDArray[np.intp]) -> NDArray[np.float64]:
        """Kilobits a second that say how the picture moves, for each of the windows [start, end).

        Keyframes and spikes repeat the whole picture and say nothing of movement: each counts as a mean packet of the
        others. Where there are only keyframes, their own size is all there is to go by.
        """
        order = np.argsort(self.at_us, kind="stable")
        moving = ~self.key
        moving[spikes] = False
        at, moving = self.at_us[order], moving[order]
        if not moving.any():
            moving = np.ones_like(moving)
        count = np.concatenate(([0], np.arange(1, len(at) + 1)))
        moving_count = np.concatenate(([0], np.cumsum(moving)))
        moving_size = np.concatenate(([0], np.cumsum(np.where(moving, (self.size * self.levels.moving)[order], 0))))
        low, high = np.searchsorted(at, start_us), np.searchsorted(at, end_us)
        mean = (moving_size[high] - moving_size[low]) / np.maximum(moving_count[high] - moving_count[low], 1)
        duration_s = np.maximum((end_us - start_us) / 1e6, 1e-3)
        return np.asarray(mean * (count[high] - count[low]) * 8 / 1000 / duration_s, dtype=np.float64)

    def spikes(self) -> NDArray[np.intp]:
        """Indices of packets that are out of proportion: a cut makes the encoder send the picture anew.

        Only packets shown after all before them in decoding order are compared, with their like: those in between are
        predicted from both sides and small. A spike has at least 2.5 times the median of those within a second that are
        coded alike, and a quarter of a typical keyframe: on a still screen every small change is out of proportion.
        """
        if not self.key.any():
            return np.zeros(0, dtype=np.intp)
        furthest = np.maximum.accumulate(self.at_us)
        ahead = np.concatenate(([True], self.at_us[1:] > furthest[:-1]))
        anchors = np.flatnonzero(ahead & ~self.key)
        found = []
        for index in anchors[self.size[anchors] >= 0.25 * self.typical_keyframe[anchors]]:
            alike = self.coding[anchors] == self.coding[index]
            near = anchors[(np.abs(self.at_us[anchors] - self.at_us[index]) < 1_000_000) & alike & (anchors != index)]
            if not len(near) or self.size[index] >= 2.5 * np.median(self.size[near]):
                found.append(index)
        return np.asarray(found, dtype=np.intp)
