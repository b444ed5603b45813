"""A stream teaches its vocabulary: its own best seconds stand in for labels."""

import numpy as np
from numpy.typing import NDArray

from tldr_fusion_detector.domain.signals.signals import Floats
from tldr_fusion_detector.domain.signals.vocabulary import WORDS_AT_ONCE, Vocabulary, root_rates
from tldr_fusion_detector.domain.signals.words import WordCounts

LEAST_SECONDS = 600
LEAST_MESSAGES = 10  # a word said less often is chance
TAUGHT_WORDS = 300
MOMENTS = 0.15  # the share of seconds that are taken for moments
SHRINKAGE = 3.0  # times the number of seconds: words are many and much alike, so each is trusted little
LEAST_SPREAD = 0.02
STRIDE = 2  # rates are smoothed: every second value says nearly all


def teach(said: WordCounts, score: Floats, later: NDArray[np.int64], kernel: Floats) -> Vocabulary | None:
    """What a stream's words say about its score, (n,) with NaN where nothing is known; None where there is too little.

    Ridge regression (Hoerl and Kennard 1970) of "among the best 15 % of its seconds" on the standardised root rates of
    its commonest words, read `later[t]` seconds after second t, as chat is.
    """
    length = len(score)
    words = _commonest(said)
    seconds = np.arange(0, length, STRIDE)
    seconds = seconds[(seconds + later[seconds] < length) & np.isfinite(score[seconds])]
    if not words or len(seconds) * STRIDE < LEAST_SECONDS:
        return None
    bound = max(float(np.quantile(score[seconds], 1.0 - MOMENTS)), 1e-9)
    moment = (score[seconds] >= bound).astype(np.float64)
    if not moment.any():
        return None
    at = seconds + later[seconds]
    blocks = (words[first : first + WORDS_AT_ONCE] for first in range(0, len(words), WORDS_AT_ONCE))
    rates = np.concatenate([root_rates(said, block, kernel, length)[at] for block in blocks], axis=1)
    rates -= rates.mean(axis=0)
    spread = np.sqrt((rates**2).mean(axis=0)) + LEAST_SPREAD
    rates /= spread
    shrunk = rates.T @ rates + SHRINKAGE * len(seconds) * np.eye(len(words))
    weights = np.linalg.solve(shrunk, rates.T @ (moment - moment.mean())) / spread
    return Vocabulary(1, {said.words[index]: float(weight) for index, weight in zip(words, weights, strict=True)})


def _commonest(said: WordCounts) -> list[int]:
    totals = np.bincount(said.indexes, said.counts, len(said.words))
    order = np.argsort(-totals, kind="stable")[:TAUGHT_WORDS]  # the words are sorted: equals stay in that order
    return [int(index) for index in order if totals[index] >= LEAST_MESSAGES]
