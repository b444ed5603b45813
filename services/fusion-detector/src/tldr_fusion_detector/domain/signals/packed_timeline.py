"""A timeline in a third of its memory, for hundreds of hours of streams at a time."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tldr_fusion_detector.domain.signals.timeline import Gap, Timeline
from tldr_fusion_detector.domain.signals.words import Ints, WordCounts

Small = NDArray[np.unsignedinteger[Any]]


@dataclass(frozen=True, slots=True, eq=False)
class PackedTimeline:
    """Figures as single-precision floats, which is how they travel, and counts as small as they are; no marks."""

    length_s: int
    series: Mapping[str, NDArray[np.float32]]
    gaps: tuple[Gap, ...]
    words: tuple[str, ...]
    said: tuple[Small, Small, Small]

    def unpacked(self) -> Timeline:
        """The same figures, bit by bit."""
        series = {name: values.astype(np.float64) for name, values in self.series.items()}
        words = WordCounts(self.words, *(counts.astype(np.int64) for counts in self.said))
        return Timeline(self.length_s, series, self.gaps, words=words)


def packed(timeline: Timeline) -> PackedTimeline:
    """Without the marks at which clips begin and end. Its figures must have come as single-precision floats."""
    series = {name: values.astype(np.float32) for name, values in timeline.series.items()}
    said = timeline.words
    small = (_small(said.seconds), _small(said.indexes), _small(said.counts))
    return PackedTimeline(timeline.length_s, series, timeline.gaps, said.words, small)


def _small(counts: Ints) -> Small:
    """As few bytes as the largest one needs; none is negative."""
    return counts.astype(np.min_scalar_type(int(counts.max(initial=0))))
