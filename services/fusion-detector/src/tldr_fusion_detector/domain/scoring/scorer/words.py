"""What the words of chat say for a moment, each by a weight that was learned."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from tldr_contracts.signals import CHAT_WORDS
from tldr_fusion_detector.domain.signals.reaction_lag import LagPath
from tldr_fusion_detector.domain.signals.reading import SignalReader
from tldr_fusion_detector.domain.signals.signals import Floats
from tldr_fusion_detector.domain.signals.smoothing import convolve, gaussian

WORDS = CHAT_WORDS.name
"""The signal that all learned words make together."""
WORD = "chat.word."
"""With a word behind it, the signal that one word makes: the share of messages that say it, above the ordinary."""
_WORDS_AT_ONCE = 32

Singles = NDArray[np.float32]
Figures = TypeVar("Figures", Floats, Singles)


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
            key = f"{WORDS} {at_s}"
            above = above_ordinary(summed[:, None], reader, self.sigma_s, self.prior_messages, key)[:, 0]
            parts[row] = moved(above, lags.seconds + at_s)
        return np.where(np.isfinite(parts).any(axis=0), np.nan_to_num(parts).sum(axis=0), np.nan)


def word_shares(words: Sequence[str], reader: SignalReader, sigma_s: float, prior_messages: float) -> Singles:
    """For each word how far the share of messages that say it is above the ordinary, (w, n); see `above_ordinary`."""
    said, n = reader.timeline.words, reader.timeline.length_s
    shares = np.empty((len(words), n), np.float32)
    for first in range(0, len(words), _WORDS_AT_ONCE):
        some = words[first : first + _WORDS_AT_ONCE]
        place = {word: index for index, word in enumerate(some)}
        index = np.array([place.get(word, -1) for word in said.words], np.int64)[said.indexes]
        known = index >= 0
        summed = np.zeros((n, len(some)))
        summed[said.seconds[known], index[known]] = said.counts[known]
        key = " ".join((WORD, *some))
        shares[first : first + len(some)] = above_ordinary(summed, reader, sigma_s, prior_messages, key).T
    return shares


def above_ordinary(summed: Floats, reader: SignalReader, sigma_s: float, prior_messages: float, key: str) -> Floats:
    """How far what is counted, (n, k), is above the ordinary as a share of messages; NaN where chat says nothing.

    `key`: under which name the ordinary shares are remembered.
    """
    n, rate, over = len(summed), reader.messages, reader.over
    if rate is None:
        return np.full(summed.shape, np.nan)
    messages = np.where(rate > 0, rate, 0.0)[:, None]
    counted = np.where(messages > 0, summed, 0.0)
    share = over.each(key, lambda part: part.sums(counted) / np.maximum(part.sums(messages), 1.0))
    usual = over.spread(share, n)
    kernel = gaussian(sigma_s, reader.calibration.reach, reader.calibration.chat_ahead)
    weight = convolve(messages, kernel) + prior_messages
    above: Floats = (convolve(counted, kernel) + prior_messages * usual) / weight - usual
    above[np.isnan(rate)] = np.nan
    return above


def moved(values: Figures, by_s: NDArray[np.int64]) -> Figures:
    """What is read `by_s` seconds later, or earlier where negative; NaN beyond the stream's ends."""
    index = np.arange(len(values)) + by_s
    inside = (index >= 0) & (index < len(values))
    found: Figures = np.where(inside, values[np.clip(index, 0, max(len(values) - 1, 0))], np.nan)
    return found
