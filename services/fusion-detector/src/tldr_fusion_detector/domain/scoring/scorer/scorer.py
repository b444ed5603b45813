"""A trained scorer: from a timeline to the probability, second by second, that people would keep the moment."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from tldr_fusion_detector.domain.profile.calibration import Calibration
from tldr_fusion_detector.domain.scoring.scorer.reading import LIVE_LATEST_S, Column, ScorerReader
from tldr_fusion_detector.domain.scoring.scorer.segments import SegmentRule
from tldr_fusion_detector.domain.scoring.scorer.trees import Trees
from tldr_fusion_detector.domain.scoring.scorer.words import WORD, WORDS, WordWeights
from tldr_fusion_detector.domain.signals.reaction_lag import LagPath
from tldr_fusion_detector.domain.signals.reading import SignalReader
from tldr_fusion_detector.domain.signals.signals import Floats
from tldr_fusion_detector.domain.signals.smoothing import gaussian, smooth

TRAINED = "trained"
"""The dimension under which a scorer's contributions stand."""
BASE = "trained.base"
"""The contribution of no signal: what an average second scores."""
# Columns of so many seconds at a time; those of a whole day would take half a gigabyte.
_SECONDS_AT_ONCE = 2048


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

    def settle_s(self, lags: LagPath, calibration: Calibration) -> int:
        """Seconds after which a live score no longer changes: how far ahead columns read and smoothing reaches."""
        reach, chat_reach = calibration.reach, calibration.reach * calibration.chat_ahead
        latest = int(lags.seconds.max(initial=0))
        said = max(self.words.at_s, default=0) + math.ceil(chat_reach * self.words.sigma_s)
        ahead = [0]
        for column in self.columns:
            if column.signal == WORDS:
                ahead.append(latest + column.at_s + said)
            elif column.chat:
                ahead.append(latest + min(column.at_s, LIVE_LATEST_S) + math.ceil(chat_reach * column.sigma_s))
            else:
                ahead.append(column.at_s + math.ceil(reach * column.sigma_s))
        return max(ahead) + math.ceil(chat_reach * self.smooth_s)

    def reads_later_s(self, lags: LagPath, calibration: Calibration) -> int:
        """How far behind a second the latest figure lies that a live score is read from, before it was smoothed."""
        latest = int(lags.seconds.max(initial=0))
        places = [min(column.at_s, LIVE_LATEST_S) if column.chat else column.at_s for column in self.columns]
        ahead = [at_s + latest * column.chat for column, at_s in zip(self.columns, places, strict=True)]
        words = latest + LIVE_LATEST_S + max(self.words.at_s, default=0)
        return max(0, words, *ahead) + math.ceil(calibration.reach * calibration.chat_ahead * self.smooth_s)

    def score(self, reader: SignalReader, lags: LagPath) -> "Trained":
        """Score every second of a timeline as the reader sees it."""
        read, n = ScorerReader(reader, lags, self.words), reader.timeline.length_s
        margin = np.empty(n)
        for first in range(0, n, _SECONDS_AT_ONCE):
            end = min(first + _SECONDS_AT_ONCE, n)
            margin[first:end] = self.trees.margin(read.columns(self.columns, first, end))
        smoothed = smooth_log_odds(margin, self.smooth_s, reader.calibration, reader.whole)
        return Trained(self, read, logistic(self.slope * smoothed + self.shift))


class Part(NamedTuple):
    """What a signal gave to a score, `amount`, and what it said then; see `Normalised`."""

    signal: str
    value: float
    baseline: float
    z: float
    amount: float


@dataclass(frozen=True, slots=True, eq=False)
class Trained:
    """A timeline's `score` (n,) in [0, 1], and what it was `read` from."""

    scorer: Scorer
    read: ScorerReader
    score: Floats

    @property
    def settle_s(self) -> int:
        """Seconds after which a score no longer changes."""
        return self.scorer.settle_s(self.read.lags, self.read.reader.calibration)

    def known(self, at: int) -> float:
        """The share of the scorer's columns that said something of second `at`."""
        return float(np.isfinite(self.read.columns(self.scorer.columns, at, at + 1)).mean())

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
        scorer, reader = self.scorer, self.read.reader
        kernel = _kernel(scorer.smooth_s, reader.calibration, reader.whole)
        radius = len(kernel) // 2
        first, end = max(at - radius, 0), min(at + radius + 1, len(self.score))
        near = kernel[first - at + radius : end - at + radius]
        columns = self.read.columns(scorer.columns, first, end)
        by_column = scorer.slope * (near @ scorer.trees.parts(columns)) / near.sum()
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


def smooth_log_odds(margin: Floats, smooth_s: float, calibration: Calibration, whole: bool) -> Floats:
    """Smoothed by a Gaussian; of a live stream what follows counts over a narrower stretch."""
    return smooth(margin, _kernel(smooth_s, calibration, whole))[0]


def _kernel(smooth_s: float, calibration: Calibration, whole: bool) -> Floats:
    return gaussian(smooth_s, calibration.reach, 1.0 if whole else calibration.chat_ahead)


def logistic(x: Floats) -> Floats:
    """1 / (1 + e^-x), without overflow."""
    small = np.exp(-np.abs(x))
    return np.asarray(np.where(x >= 0, 1.0, small) / (1.0 + small))
