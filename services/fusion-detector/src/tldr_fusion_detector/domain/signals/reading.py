"""Reads a timeline's signals as normalised figures, chat moved to the moment it reacts to."""

import math
from dataclasses import dataclass, field, replace

import numpy as np

from tldr_contracts.signals import RATE
from tldr_fusion_detector.domain.profile.calibration import Calibration
from tldr_fusion_detector.domain.signals.baseline import Windows
from tldr_fusion_detector.domain.signals.normalise import Normalised, normalise, standardise
from tldr_fusion_detector.domain.signals.reaction_lag import LagPath
from tldr_fusion_detector.domain.signals.signals import Floats, Modality, modality_of, traits_of
from tldr_fusion_detector.domain.signals.smoothing import gaussian
from tldr_fusion_detector.domain.signals.timeline import Timeline
from tldr_fusion_detector.domain.signals.vocabulary import LEARNED, Vocabulary


@dataclass(frozen=True, slots=True, eq=False)
class SignalReader:
    """One timeline, read against its own baselines; each signal is normalised once for each smoothing.

    `whole`: the stream ends where the timeline does. `vocabulary`: what gives the learned signal; without one the stream
    has no such signal. `seen`: of a part of a stream, the signals that it has had so far.
    """

    timeline: Timeline
    over: Windows
    calibration: Calibration
    vocabulary: Vocabulary | None = None
    whole: bool = False
    seen: frozenset[str] = frozenset()
    _read: dict[tuple[str, float, float], Normalised] = field(default_factory=dict, init=False, repr=False)

    def read(self, signal: str, sigma_s: float, ahead: float = 1.0) -> Normalised | None:
        """Normalised where it was written down, or None where the stream has no such signal; see `gaussian`."""
        key = signal, sigma_s, ahead
        known = self._read.get(key)
        if known is not None:
            return known
        kernel = gaussian(sigma_s, self.calibration.reach, ahead)
        smoothing = f"{sigma_s:g} {ahead:g}"
        fresh = self._learned(kernel, smoothing) if signal == LEARNED else self._measured(signal, kernel, smoothing)
        if fresh is not None:
            self._read[key] = fresh
        return fresh

    def taught_by(self, vocabulary: Vocabulary) -> "SignalReader":
        """The same with a vocabulary; what was read without one is kept."""
        taught = replace(self, vocabulary=vocabulary)
        taught._read.update({key: found for key, found in self._read.items() if key[0] != LEARNED})
        return taught

    def aligned(self, signal: str, lags: LagPath) -> Normalised | None:
        """Normalised where it belongs: chat is read later and smoothed as its lag's uncertainty asks.

        What chat says of a stream's last seconds never comes. What it said last stands for as long as a smoothed figure
        resembles the next.
        """
        if modality_of(signal) is not Modality.CHAT:
            return self.read(signal, self.calibration.media_sigma)
        found: Normalised | None = None
        for sigma in np.unique(lags.smoothing):
            normalised = self.read(signal, float(sigma), self.calibration.chat_ahead)
            if normalised is None:
                return None
            held_s = math.ceil(self.calibration.reach * sigma) if self.whole else 0
            moved = normalised.later(lags.seconds, held_s)
            found = moved if found is None else found.where(lags.smoothing != sigma, moved)
        return found

    @property
    def trust(self) -> dict[str, float]:
        """For signals that count in part, how far they do."""
        return {LEARNED: self.vocabulary.trust} if self.vocabulary else {}

    def _measured(self, signal: str, kernel: Floats, smoothing: str) -> Normalised | None:
        memory = self.over.memory
        never = memory is not None and signal not in self.seen
        if memory is not None and never and not memory.grows:
            return self._nothing
        raw = self._values(signal, named=memory is not None)
        if raw is None or not len(raw):
            return None
        messages = self.messages
        found = normalise(
            raw,
            traits_of(signal),
            self.over,
            self.calibration,
            kernel=kernel,
            messages=messages,
            signal=signal,
            smoothing=smoothing,
        )
        # What is remembered of it counts from its first figure on.
        return self._nothing if never else found

    @property
    def _nothing(self) -> Normalised:
        return Normalised(*np.full((3, self.timeline.length_s), np.nan))

    def _learned(self, kernel: Floats, smoothing: str) -> Normalised | None:
        """What the vocabulary says of the words."""
        messages = self.messages
        if self.vocabulary is None or messages is None or not len(messages):
            return None
        said = self.vocabulary.series(self.timeline.words, kernel, self.timeline.length_s)
        figures, key = said + 0.0 * messages, f"{LEARNED} {smoothing}"
        return standardise(figures, traits_of(LEARNED), self.over, self.calibration, key=key)

    @property
    def messages(self) -> Floats | None:
        """Messages of each second; of a live stream whose chat has not come yet, NaN."""
        return self._values(RATE.name, named=not self.whole)

    def _values(self, signal: str, *, named: bool) -> Floats | None:
        """A series; one that is not there is NaN where it is `named` all the same: it may be there earlier, or come later."""
        raw = self.timeline.values(signal)
        return np.full(self.timeline.length_s, np.nan) if raw is None and named else raw

    def excitement(self, signals: tuple[str, ...]) -> Floats:
        """Mean of what stands above the ordinary among the signals present, (n,), >= 0; NaN where none is."""
        length = self.timeline.length_s
        total, count = np.zeros(length), np.zeros(length)
        for signal in signals:
            normalised = self.read(signal, self.calibration.media_sigma)
            if normalised is not None:
                known = np.isfinite(normalised.z)
                total += np.where(known, np.maximum(normalised.z, 0.0), 0.0)
                count += known
        mean: Floats = np.full(length, np.nan)
        np.divide(total, count, out=mean, where=count > 0)
        return mean
