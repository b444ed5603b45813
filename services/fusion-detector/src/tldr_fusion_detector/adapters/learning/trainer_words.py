"""Which words go with moments: a ridge on the shares of messages that say them, at some places around the moment."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import numpy as np

from tldr_fusion_detector.domain.moments.agreement import Inside
from tldr_fusion_detector.domain.scoring.scorer.words import WordWeights, word_shares
from tldr_fusion_detector.domain.signals.reaction_lag import LagPath
from tldr_fusion_detector.domain.signals.reading import SignalReader
from tldr_fusion_detector.domain.signals.signals import Floats
from tldr_fusion_detector.domain.signals.timeline import Timeline

MOST_WORDS: Final = 800
# Shares of so many at a time: those of all words over two days would take half a gigabyte.
WORDS_AT_ONCE: Final = 128
PLACES_S: Final = (-16, -9, -2, 5)
SIGMA_S: Final = 4.0
PRIOR_MESSAGES: Final = 2.0
# Between weighing every word by its share alone (0) and making rare words as large as common ones (1).
EVENING: Final = 0.5
# Per row; neighbouring seconds say nearly the same, so it is large.
PENALTY: Final = 0.026
NO_WEIGHTS: Final = WordWeights((), PLACES_S, np.empty((len(PLACES_S), 0)), SIGMA_S, PRIOR_MESSAGES)


@dataclass(frozen=True, slots=True, eq=False)
class Normal:
    """The two sides of a ridge's normal equations for some streams, with the sums that give each figure's spread."""

    gram: Floats
    target: Floats
    squares: Floats
    rows: int

    def __add__(self, other: "Normal") -> "Normal":
        return Normal(
            self.gram + other.gram, self.target + other.target, self.squares + other.squares, self.rows + other.rows
        )

    def weights(self, words: tuple[str, ...]) -> WordWeights:
        """The ridge's solution; shares of common words count less than their spread would have them."""
        if not words:
            return NO_WEIGHTS
        scale = np.maximum(np.sqrt(self.squares / self.rows), 1e-5) ** -EVENING
        gram = self.gram * scale[:, None]
        gram *= scale[None, :]
        gram[np.diag_indices_from(gram)] += PENALTY * self.rows
        solved = scale * np.linalg.solve(gram, scale * self.target)
        # Six digits say all that there is to know of a word.
        rounded = np.array([float(f"{weight:.6g}") for weight in solved])
        return WordWeights(words, PLACES_S, rounded.reshape(len(PLACES_S), len(words)), SIGMA_S, PRIOR_MESSAGES)


def common_words(timelines: Iterable[Timeline], most: int = MOST_WORDS) -> tuple[str, ...]:
    """Those that are said most over all streams, each stream's loudness counting by its root; in at least two of them."""
    weight: dict[str, float] = {}
    streams: dict[str, int] = {}
    for timeline in timelines:
        said = timeline.words
        counts = np.bincount(said.indexes, said.counts, len(said.words)) / max(float(said.counts.sum()), 1.0)
        for word, share in zip(said.words, np.sqrt(counts).tolist(), strict=True):
            weight[word] = weight.get(word, 0.0) + share
            streams[word] = streams.get(word, 0) + 1
    known = sorted((word for word in weight if streams[word] >= 2), key=lambda word: (-weight[word], word))
    return tuple(sorted(known[:most]))


def normal_equations(words: tuple[str, ...], reader: SignalReader, lags: LagPath, inside: Inside, step: int) -> Normal:
    """Of every `step`-th labelled second of a stream; moments count by how far the stream's share of them is exceeded."""
    rows = np.arange(0, len(inside), step)
    places = [rows + lags.seconds[rows] + place for place in PLACES_S]
    read = np.empty((len(rows), len(places), len(words)))
    for first in range(0, len(words), WORDS_AT_ONCE):
        some = slice(first, first + WORDS_AT_ONCE)
        shares = np.nan_to_num(word_shares(words[some], reader, SIGMA_S, PRIOR_MESSAGES), copy=False).T
        for place, at in enumerate(places):
            there = (at >= 0) & (at < len(shares))
            read[:, place, some] = np.where(there[:, None], shares[np.clip(at, 0, len(shares) - 1)], 0.0)
    figures = read.reshape(len(rows), -1)
    wanted = inside[rows] - inside.mean()
    return Normal(figures.T @ figures, figures.T @ wanted, (figures**2).sum(axis=0), len(rows))
