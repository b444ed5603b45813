"""Reads a timeline as a trained scorer's columns, everything where it belongs."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from tldr_fusion_detector.domain.normalise import Normalised
from tldr_fusion_detector.domain.reaction_lag import LagPath
from tldr_fusion_detector.domain.reading import SignalReader
from tldr_fusion_detector.domain.scorer_words import WORD, WORDS, WordWeights, moved, word_share
from tldr_fusion_detector.domain.signals import Floats, Modality, modality_of


@dataclass(frozen=True, slots=True)
class Column:
    """A figure that trees ask for: `signal`, normalised and smoothed by `sigma_s`, `at_s` seconds after the moment.

    Chat is read as much later as it reacts. The learned words are smoothed by themselves: their `sigma_s` is 0.
    """

    signal: str
    sigma_s: float
    at_s: int


@dataclass(frozen=True, slots=True, eq=False)
class ScorerReader:
    """A timeline as the reader sees it, with learned words; each signal is read once for each smoothing."""

    reader: SignalReader
    lags: LagPath
    words: WordWeights
    _read: dict[tuple[str, float], Normalised] = field(default_factory=dict, init=False, repr=False)

    def columns(self, columns: Sequence[Column]) -> Floats:
        """The figures of all columns, (n, f); NaN where a signal is missing or the stream ends before."""
        figures = np.full((self.reader.timeline.length_s, len(columns)), np.nan)
        for index, column in enumerate(columns):
            figures[:, index] = moved(self.read(column.signal, column.sigma_s).z, column.at_s)
        return figures

    def read(self, signal: str, sigma_s: float) -> Normalised:
        """What a signal says of each second; all NaN where the stream has no such signal."""
        known = self._read.get((signal, sigma_s))
        if known is None:
            known = self._read[signal, sigma_s] = self._aligned(signal, sigma_s)
        return known

    def _aligned(self, signal: str, sigma_s: float) -> Normalised:
        if signal == WORDS:
            said = self.words.series(self.reader, self.lags)
            return Normalised(said, said, np.zeros(len(said)))
        if signal.startswith(WORD):
            shares = word_share(signal.removeprefix(WORD), self.reader, sigma_s, self.words.prior_messages)
            return shares.later(self.lags.seconds)
        found = self.reader.read(signal, sigma_s)
        if found is None:
            return Normalised(*np.full((3, self.reader.timeline.length_s), np.nan))
        return found.later(self.lags.seconds) if modality_of(signal) is Modality.CHAT else found
