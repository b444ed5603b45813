"""Which words go with moments: a ridge on the shares of messages that say them, at some places around the moment."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tldr_fusion_detector.domain.reaction_lag import LagPath
from tldr_fusion_detector.domain.reading import SignalReader
from tldr_fusion_detector.domain.scorer_words import WordWeights
from tldr_fusion_detector.domain.signals import Floats
from tldr_fusion_detector.domain.smoothing import convolve, gaussian
from tldr_fusion_detector.domain.timeline import Timeline
from tldr_fusion_detector.domain.training import Inside

MOST_WORDS: Final = 800
PLACES_S: Final = (-15, -8, -1, 6)
SIGMA_S: Final = 4.0
PRIOR_MESSAGES: Final = 2.0
# Between weighing every word by its share alone (0) and making rare words as large as common ones (1).
EVENING: Final = 0.5
# Per row; neighbouring seconds say nearly the same, so it is large.
PENALTY: Final = 0.026
NO_WEIGHTS: Final = WordWeights((), PLACES_S, np.empty((len(PLACES_S), 0)), SIGMA_S, PRIOR_MESSAGES)

Singles = NDArray[np.float32]


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
        gram = self.gram * scale[:, None] * scale[None, :]
        gram[np.diag_indices_from(gram)] += PENALTY * self.rows
        solved = scale * np.linalg.solve(gram, scale * self.target)
        # Six digits say all that there is to know of a word.
        rounded = np.array([float(f"{weight:.6g}") for weight in solved])
        return WordWeights(words, PLACES_S, rounded.reshape(len(PLACES_S), len(words)), SIGMA_S, PRIOR_MESSAGES)


def common_words(timelines: Sequence[Timeline], most: int = MOST_WORDS) -> tuple[str, ...]:
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
    shares = _shares(words, reader)
    rows = np.arange(0, len(inside), step)
    places = [rows + lags.seconds[rows] + place for place in PLACES_S]
    read = [
        np.where(((at >= 0) & (at < len(shares)))[:, None], shares[np.clip(at, 0, len(shares) - 1)], 0.0)
        for at in places
    ]
    figures = np.concatenate(read, axis=1).astype(np.float64)
    wanted = inside[rows] - inside.mean()
    return Normal(figures.T @ figures, figures.T @ wanted, (figures**2).sum(axis=0), len(rows))


def _shares(words: tuple[str, ...], reader: SignalReader) -> Singles:
    """How far the share of messages that say a word is above the ordinary, (n, w), as WordWeights reads it."""
    timeline = reader.timeline
    said, n = timeline.words, timeline.length_s
    place = {word: index for index, word in enumerate(words)}
    index = np.array([place.get(word, -1) for word in said.words], np.int64)[said.indexes]
    known = index >= 0
    counts = np.zeros((n, len(words)))
    np.add.at(counts, (said.seconds[known], index[known]), said.counts[known])
    rate = timeline.values("chat.rate")
    if rate is None:
        return np.zeros(counts.shape, np.float32)
    messages = np.where(np.isfinite(rate) & (rate > 0), rate, 0.0)
    counts[messages == 0] = 0.0
    usual = _ordinary(counts, messages, reader)
    kernel = gaussian(SIGMA_S, reader.calibration.reach)
    heard = convolve(messages[:, None], kernel) + PRIOR_MESSAGES
    shares = (convolve(counts, kernel) + PRIOR_MESSAGES * usual) / heard - usual
    shares[~np.isfinite(rate)] = 0.0
    return shares.astype(np.float32)  # of eight hundred words and hours of stream


def _ordinary(counts: Floats, messages: Floats, reader: SignalReader) -> Floats:
    """Each word's share over the windows that the reader looks at, (n, w)."""
    over, cells = reader.over, []
    for start, end in zip(over.starts.tolist(), over.ends.tolist(), strict=True):
        cells.append(counts[start:end].sum(axis=0) / max(float(messages[start:end].sum()), 1.0))
    return np.repeat(np.array(cells), over.step, axis=0)[: len(counts)]
