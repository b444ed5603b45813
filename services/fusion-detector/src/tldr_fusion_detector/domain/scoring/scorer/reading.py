"""Reads a timeline as a trained scorer's columns, everything where it belongs."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from tldr_fusion_detector.domain.scoring.scorer.words import WORD, WORDS, Singles, WordWeights, moved, word_shares
from tldr_fusion_detector.domain.signals.normalise import Normalised
from tldr_fusion_detector.domain.signals.reaction_lag import LagPath
from tldr_fusion_detector.domain.signals.reading import SignalReader
from tldr_fusion_detector.domain.signals.signals import Floats, Modality, modality_of

LIVE_LATEST_S: Final = 4
"""Live, columns of chat later after its reaction are not waited for: scores settle 30 s behind a moment."""


@dataclass(frozen=True, slots=True)
class Column:
    """A figure that trees ask for: `signal`, normalised and smoothed by `sigma_s`, `at_s` seconds after the moment.

    Chat is read as much later as it reacts. The learned words are smoothed by themselves: their `sigma_s` is 0.
    """

    signal: str
    sigma_s: float
    at_s: int

    @property
    def chat(self) -> bool:
        """Whether chat says it."""
        return modality_of(self.signal) is Modality.CHAT


@dataclass(frozen=True, slots=True, eq=False)
class ScorerReader:
    """A timeline as the reader sees it, with learned words; each signal is read once for each smoothing."""

    reader: SignalReader
    lags: LagPath
    words: WordWeights
    _read: dict[tuple[str, float], Normalised] = field(default_factory=dict, init=False, repr=False)
    _shares: dict[tuple[str, float], Singles] = field(default_factory=dict, init=False, repr=False)

    def columns(self, columns: Sequence[Column], first: int, end: int) -> Floats:
        """The figures of all columns for seconds [first, end), (end - first, f).

        NaN where a signal is missing, is not waited for or the stream ends before.
        """
        self._read_words(columns)
        figures = np.full((end - first, len(columns)), np.nan)
        for index, column in enumerate(columns):
            if not self.reader.whole and column.chat and column.at_s > LIVE_LATEST_S:
                continue
            z = self._z(column)
            since, until = max(first + column.at_s, 0), min(end + column.at_s, len(z))
            if since < until:
                figures[since - column.at_s - first : until - column.at_s - first, index] = z[since:until]
        return figures

    def read(self, signal: str, sigma_s: float) -> Normalised:
        """What a signal says of each second; all NaN where the stream has no such signal."""
        known = self._read.get((signal, sigma_s))
        if known is None:
            known = self._read[signal, sigma_s] = self._aligned(signal, sigma_s)
        return known

    def _z(self, column: Column) -> Floats | Singles:
        share = self._shares.get((column.signal, column.sigma_s))
        return self.read(column.signal, column.sigma_s).z if share is None else share

    def _read_words(self, columns: Sequence[Column]) -> None:
        """All words that are new, together: what their shares have in common is computed once."""
        asked = {(column.signal, column.sigma_s) for column in columns if column.signal.startswith(WORD)}
        new = sorted(asked - self._shares.keys())
        for sigma_s in sorted({sigma_s for _, sigma_s in new}):
            names = [name for name, sigma in new if sigma == sigma_s]
            said = [name.removeprefix(WORD) for name in names]
            shares = word_shares(said, self.reader, sigma_s, self.words.prior_messages)
            for name, share in zip(names, shares, strict=True):
                self._shares[name, sigma_s] = moved(share, self.lags.seconds)

    def _aligned(self, signal: str, sigma_s: float) -> Normalised:
        if signal == WORDS:
            said = self.words.series(self.reader, self.lags)
            return Normalised(said, said, np.zeros(len(said)))
        chat = modality_of(signal) is Modality.CHAT
        found = self.reader.read(signal, sigma_s, self.reader.calibration.chat_ahead if chat else 1.0)
        if found is None:
            return Normalised(*np.full((3, self.reader.timeline.length_s), np.nan))
        return found.later(self.lags.seconds) if chat else found
