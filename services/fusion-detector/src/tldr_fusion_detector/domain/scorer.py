"""A trained scorer: from a timeline to the probability, second by second, that people would keep the moment."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from tldr_fusion_detector.domain.reaction_lag import LagPath
from tldr_fusion_detector.domain.reading import SignalReader
from tldr_fusion_detector.domain.scorer_reading import Column, ScorerReader
from tldr_fusion_detector.domain.scorer_segments import SegmentRule
from tldr_fusion_detector.domain.scorer_trees import Trees
from tldr_fusion_detector.domain.scorer_words import WORD, WORDS, WordWeights
from tldr_fusion_detector.domain.signals import Floats
from tldr_fusion_detector.domain.smoothing import gaussian, smooth

TRAINED = "trained"
"""The dimension under which a scorer's contributions stand."""
BASE = "trained.base"
"""The contribution of no signal: what an average second scores."""


@dataclass(frozen=True, slots=True)
class Provenance:
    """What a scorer was made from: `data` is the SHA-256 of its streams and labels, `created` an ISO 8601 time.

    `trained` and `default` are figures by name, in per cent, of streams that were left out of training. `libraries`:
    versions of what it was made with, the calibration under which signals were read among them.
    """

    data: str
    streams: int
    seconds: int
    moments: int
    created: str
    trained: Mapping[str, float]
    default: Mapping[str, float]
    libraries: Mapping[str, str]


@dataclass(frozen=True, slots=True, eq=False)
class Scorer:
    """Words make one signal of their own; trees over all columns give log-odds, which are smoothed by `smooth_s`.

    The probability is logistic(`slope` * log-odds + `shift`).
    """

    columns: tuple[Column, ...]
    words: WordWeights
    trees: Trees
    smooth_s: float
    slope: float
    shift: float
    segments: SegmentRule
    provenance: Provenance

    @property
    def signals(self) -> tuple[str, ...]:
        """Every signal it reads, in order of name."""
        return tuple(sorted({column.signal for column in self.columns}))

    def settle_s(self, lags: LagPath, reach: float) -> int:
        """Seconds after which a score no longer changes: how far ahead columns read and smoothing reaches."""
        latest = int(lags.seconds.max(initial=0))
        ahead = [latest + column.at_s + math.ceil(reach * column.sigma_s) for column in self.columns]
        said = [latest + at_s + math.ceil(reach * self.words.sigma_s) for at_s in self.words.at_s]
        return max(0, *ahead, *said) + math.ceil(reach * self.smooth_s)

    def score(self, reader: SignalReader, lags: LagPath) -> "Trained":
        """Score every second of a timeline as the reader sees it."""
        read = ScorerReader(reader, lags, self.words)
        columns = read.columns(self.columns)
        margin, _ = smooth(self.trees.margin(columns), gaussian(self.smooth_s, reader.calibration.reach))
        return Trained(self, read, columns, logistic(self.slope * margin + self.shift))


class Part(NamedTuple):
    """What a signal gave to a score, `amount`, and what it said then; see `Normalised`."""

    signal: str
    value: float
    baseline: float
    z: float
    amount: float


@dataclass(frozen=True, slots=True, eq=False)
class Trained:
    """A timeline's `score` (n,) in [0, 1], and the `columns` (n, f) it was made of."""

    scorer: Scorer
    read: ScorerReader
    columns: Floats
    score: Floats

    def parts(self, at: int) -> tuple[Part, ...]:
        """What each signal gave to the score at second `at`; the amounts sum to it. Words count as one signal.

        BASE is the score of an average second. Parts of the log-odds are carried through the logistic by their share of
        the way from there to this score (Aumann-Shapley for a function of a sum).
        """
        log_odds = self._log_odds(at)
        base = float(logistic(np.array([self.scorer.slope * self.scorer.trees.ordinary + self.scorer.shift]))[0])
        way = math.fsum(log_odds.values())
        # Where all parts cancel, the slope of the logistic stands for the way.
        share = (float(self.score[at]) - base) / way if abs(way) > 1e-9 else base * (1.0 - base)
        said = (self._said(signal, at) for signal in log_odds)
        parts = [Part(name, *figures, share * log_odds[name]) for name, figures in zip(log_odds, said, strict=True)]
        return (Part(BASE, base, base, 0.0, base), *parts)

    def _log_odds(self, at: int) -> dict[str, float]:
        """By signal, over the seconds that smoothing reaches."""
        scorer, kernel = self.scorer, gaussian(self.scorer.smooth_s, self.read.reader.calibration.reach)
        radius = len(kernel) // 2
        first, end = max(at - radius, 0), min(at + radius + 1, len(self.score))
        near = kernel[first - at + radius : end - at + radius]
        by_column = scorer.slope * (near @ scorer.trees.parts(self.columns[first:end])) / near.sum()
        summed: dict[str, float] = {}
        for column, part in zip(scorer.columns, by_column.tolist(), strict=True):
            name = WORDS if column.signal.startswith(WORD) else column.signal
            summed[name] = summed.get(name, 0.0) + part
        return summed

    def _said(self, signal: str, at: int) -> tuple[float, float, float]:
        """Value, baseline and normalised figure of a signal at second `at`; 0 where it said nothing."""
        sigma_s = max((column.sigma_s for column in self.scorer.columns if column.signal == signal), default=0.0)
        found = self.read.read(signal, sigma_s)
        value, baseline, z = (float(figures[at]) for figures in (found.value, found.baseline, found.z))
        return (value, baseline, z) if math.isfinite(z) else (0.0, 0.0, 0.0)


def logistic(x: Floats) -> Floats:
    """1 / (1 + e^-x), without overflow."""
    small = np.exp(-np.abs(x))
    return np.asarray(np.where(x >= 0, 1.0, small) / (1.0 + small))
