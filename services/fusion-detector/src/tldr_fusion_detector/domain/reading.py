"""Reads a timeline's signals as normalised figures, chat moved to the moment it reacts to."""

from dataclasses import dataclass, field

import numpy as np

from tldr_fusion_detector.domain.baseline import Windows
from tldr_fusion_detector.domain.calibration import Calibration
from tldr_fusion_detector.domain.normalise import Normalised, normalise
from tldr_fusion_detector.domain.reaction_lag import LagPath
from tldr_fusion_detector.domain.signals import Floats, Modality, modality_of, traits_of
from tldr_fusion_detector.domain.timeline import Timeline


@dataclass(frozen=True, slots=True, eq=False)
class SignalReader:
    """One timeline, read against its own baselines; each signal is normalised once for each smoothing."""

    timeline: Timeline
    over: Windows
    calibration: Calibration
    _read: dict[tuple[str, float], Normalised] = field(default_factory=dict, init=False, repr=False)

    def read(self, signal: str, sigma_s: float) -> Normalised | None:
        """Normalised where it was written down, or None where the stream has no such signal."""
        known = self._read.get((signal, sigma_s))
        if known is not None:
            return known
        raw = self.timeline.values(signal)
        if raw is None or not len(raw):
            return None
        messages = self.timeline.values("chat.rate")
        fresh = normalise(raw, traits_of(signal), self.over, self.calibration, sigma_s=sigma_s, messages=messages)
        self._read[signal, sigma_s] = fresh
        return fresh

    def aligned(self, signal: str, lags: LagPath) -> Normalised | None:
        """Normalised where it belongs: chat is read later and smoothed as its lag's uncertainty asks."""
        if modality_of(signal) is not Modality.CHAT:
            return self.read(signal, self.calibration.media_sigma)
        found: Normalised | None = None
        for sigma in np.unique(lags.smoothing):
            normalised = self.read(signal, float(sigma))
            if normalised is None:
                return None
            moved = normalised.later(lags.seconds)
            found = moved if found is None else found.where(lags.smoothing != sigma, moved)
        return found

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
