"""What the words of chat say for a moment, each by a weight that was learned."""

from bisect import bisect_left
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tldr_fusion_detector.domain.normalise import Normalised, ordinary_mean
from tldr_fusion_detector.domain.reaction_lag import LagPath
from tldr_fusion_detector.domain.reading import SignalReader
from tldr_fusion_detector.domain.signals import Floats
from tldr_fusion_detector.domain.smoothing import gaussian, smooth_messages

WORDS = "chat.words"
"""The signal that all learned words make together."""
WORD = "chat.word."
"""With a word behind it, the signal that one word makes: the share of messages that say it, above the ordinary."""


@dataclass(frozen=True, slots=True, eq=False)
class WordWeights:
    """`weights` (l, w): of word i, for the share of messages that say it `at_s[j]` seconds after the reaction lag.

    Shares are smoothed by a Gaussian of `sigma_s` as if `prior_messages` ordinary messages stood beside them, and count
    by how far they are from what is ordinary in the stream. `words` are sorted.
    """

    words: tuple[str, ...]
    at_s: tuple[int, ...]
    weights: Floats
    sigma_s: float
    prior_messages: float

    def series(self, reader: SignalReader, lags: LagPath) -> Floats:
        """Weighted shares above the ordinary, (n,); NaN where chat says nothing of the second."""
        n, said = reader.timeline.length_s, reader.timeline.words
        place = {word: index for index, word in enumerate(self.words)}
        index = np.array([place.get(word, -1) for word in said.words], np.int64)[said.indexes]
        known = index >= 0
        index, seconds, counts = index[known], said.seconds[known], said.counts[known]
        parts = np.empty((len(self.at_s), n))
        for row, (at_s, weights) in enumerate(zip(self.at_s, self.weights, strict=True)):
            summed = np.bincount(seconds, counts * weights[index], n).astype(np.float64)
            share = share_of_messages(summed, reader, self.sigma_s, self.prior_messages)
            parts[row] = moved(share.value - share.baseline, lags.seconds + at_s)
        return np.where(np.isfinite(parts).any(axis=0), np.nan_to_num(parts).sum(axis=0), np.nan)


def word_share(word: str, reader: SignalReader, sigma_s: float, prior_messages: float) -> Normalised:
    """The share of messages that say a word; see `share_of_messages`."""
    said = reader.timeline.words
    index = bisect_left(said.words, word)
    known = index < len(said.words) and said.words[index] == word
    at = said.indexes == index if known else np.zeros(len(said.indexes), np.bool_)
    summed = np.bincount(said.seconds[at], said.counts[at], reader.timeline.length_s)
    return share_of_messages(summed.astype(np.float64), reader, sigma_s, prior_messages)


def share_of_messages(summed: Floats, reader: SignalReader, sigma_s: float, prior_messages: float) -> Normalised:
    """What is counted, (n,), as a share of messages when they were written; `z` is how far it is above the ordinary."""
    n, rate = len(summed), reader.timeline.values("chat.rate")
    if rate is None:
        return Normalised(*(np.full((3, n), np.nan)))
    means = np.divide(summed, rate, out=np.full(n, np.nan), where=rate > 0)
    usual = reader.over.spread(ordinary_mean(means, rate, reader.over), n)
    smoothed, _ = smooth_messages(means, rate, usual, prior_messages, gaussian(sigma_s, reader.calibration.reach))
    return Normalised(smoothed - usual, smoothed, usual)


def moved(values: Floats, by_s: NDArray[np.int64] | int) -> Floats:
    """What is read `by_s` seconds later, or earlier where negative; NaN beyond the stream's ends."""
    index = np.arange(len(values)) + by_s
    inside = (index >= 0) & (index < len(values))
    found: Floats = np.where(inside, values[np.clip(index, 0, max(len(values) - 1, 0))], np.nan)
    return found
