"""Which words go with a channel's moments, learned without labels."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from tldr_contracts import signals
from tldr_fusion_detector.domain.signals.signals import Floats
from tldr_fusion_detector.domain.signals.smoothing import convolve
from tldr_fusion_detector.domain.signals.words import LONGEST_WORD, WordCounts

LEARNED: Final = signals.LEARNED.name
"""The signal that a vocabulary gives."""

MOST_WORDS: Final = 600
MOST_WEIGHT: Final = 1e6
MOST_STREAMS: Final = 30  # from then on a new stream counts as one in thirty, so that old habits fade
WORDS_AT_ONCE: Final = 64  # smoothed side by side: 12 h of stream are 22 MB


class InvalidVocabulary(ValueError):
    """The document is no vocabulary; the message says why."""


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """`weights`: for each word, how much more one of its root messages per second makes a moment; `streams`: its teachers."""

    streams: int
    weights: Mapping[str, float]

    @property
    def trust(self) -> float:
        """In [0, 1): 1/3 for what one stream taught, as much of it is chance, and 0.8 for eight."""
        return self.streams / (self.streams + 2.0)

    def joined(self, other: "Vocabulary") -> "Vocabulary":
        """What both taught: the mean over their streams of each weight, of the words that weigh most."""
        streams = self.streams + other.streams
        summed = {word: self.streams * weight for word, weight in self.weights.items()}
        for word, weight in other.weights.items():
            summed[word] = summed.get(word, 0.0) + other.streams * weight
        kept = sorted(summed, key=lambda word: (-abs(summed[word]), word))[:MOST_WORDS]
        return Vocabulary(min(streams, MOST_STREAMS), {word: summed[word] / streams for word in sorted(kept)})

    def series(self, said: WordCounts, kernel: Floats, length_s: int) -> Floats:
        """Sum over the words of weight times the root of their smoothed messages per second, (length_s,)."""
        series = np.zeros(length_s)
        known = [index for index, word in enumerate(said.words) if word in self.weights]
        for first in range(0, len(known), WORDS_AT_ONCE):
            block = known[first : first + WORDS_AT_ONCE]
            weights = np.array([self.weights[said.words[index]] for index in block])
            # Summed word by word: a product of matrices rounds differently for streams of other lengths.
            for column, weight in zip(root_rates(said, block, kernel, length_s).T, weights, strict=True):
                series += weight * column
        return series

    def document(self) -> dict[str, Any]:
        """As JSON; `read_vocabulary` is the reverse."""
        return {"streams": self.streams, "weights": dict(self.weights)}


def joined(known: Vocabulary | None, more: Vocabulary | None) -> Vocabulary | None:
    """What both taught, where both are there."""
    return known.joined(more) if known and more else known or more


def read_vocabulary(document: Mapping[str, Any]) -> Vocabulary:
    """A vocabulary from its document. InvalidVocabulary for anything else."""
    streams, weights = document.get("streams"), document.get("weights")
    if not isinstance(streams, int) or not 1 <= streams <= MOST_STREAMS:
        raise InvalidVocabulary(f"streams must lie between 1 and {MOST_STREAMS}")
    if not isinstance(weights, Mapping) or len(weights) > MOST_WORDS:
        raise InvalidVocabulary(f"weights must be an object of at most {MOST_WORDS} words")
    for word, weight in weights.items():
        possible = isinstance(weight, int | float) and -MOST_WEIGHT <= weight <= MOST_WEIGHT
        if not 0 < len(word) <= LONGEST_WORD or not possible:
            raise InvalidVocabulary("a word or its weight is not possible")
    return Vocabulary(streams, {word: float(weight) for word, weight in weights.items()})


def root_rates(said: WordCounts, words: list[int], kernel: Floats, length_s: int) -> Floats:
    """Root of the smoothed messages per second that say each word, (length_s, k)."""
    place = np.full(len(said.words), -1, np.int64)
    place[words] = np.arange(len(words))
    columns = place[said.indexes]
    kept: NDArray[np.bool_] = (columns >= 0) & (said.seconds < length_s)
    counts = np.zeros((length_s, len(words)))
    counts[said.seconds[kept], columns[kept]] = said.counts[kept]
    rates: Floats = np.sqrt(convolve(counts, kernel / kernel.sum()))
    return rates
