"""From a timeline to one score a second, with what each signal gave to it."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from tldr_contracts import signals as registry
from tldr_fusion_detector.domain.profile.calibration import Calibration
from tldr_fusion_detector.domain.profile.profile import Dimension, Profile
from tldr_fusion_detector.domain.scoring.dimensions import Scored, model_signal, score_dimension
from tldr_fusion_detector.domain.scoring.fusion import fuse
from tldr_fusion_detector.domain.scoring.scorer.scorer import Scorer, Trained
from tldr_fusion_detector.domain.scoring.teaching import teach
from tldr_fusion_detector.domain.signals.baseline import Mode, windows
from tldr_fusion_detector.domain.signals.normalise import Normalised
from tldr_fusion_detector.domain.signals.reaction_lag import Lag, LagPath, constant_path, lag_path
from tldr_fusion_detector.domain.signals.reading import SignalReader
from tldr_fusion_detector.domain.signals.signals import Floats, Modality, modality_of
from tldr_fusion_detector.domain.signals.smoothing import gaussian
from tldr_fusion_detector.domain.signals.timeline import Timeline
from tldr_fusion_detector.domain.signals.vocabulary import LEARNED, Vocabulary, joined

# What excitement is read from when chat is aligned with picture and sound; each only where the stream has it.
_MEDIA = (registry.CROWD, registry.LOUDNESS, registry.ONSETS, registry.ACTIVITY, registry.FLASHES, registry.MOTION)
_CHAT = (registry.HYPE, registry.LAUGHTER, registry.RATE, registry.SHOUTING, registry.SURPRISE, registry.VOICES)
MEDIA_EXCITEMENT, CHAT_EXCITEMENT = (tuple(signal.name for signal in kind) for kind in (_MEDIA, _CHAT))
# Chat that is late by a figure the customer gave is late by it within about two seconds.
GIVEN_LAG_SIGMA_S = 2.0


@dataclass(frozen=True, slots=True, eq=False)
class ScoreSheet:
    """All that led to the scores. Time runs over n seconds from `start_s` on; chat stands where what it reacts to happened.

    `total` (n,) in [0, 1]; `amounts` (d, n) sum to it over the dimensions, which are in order of name; `coverage`
    (n,) is the share of the profile's weight that had evidence. Where a scorer was `trained`, `total` is its score and
    dimensions say the type of a moment alone.
    """

    total: Floats
    amounts: Floats
    coverage: Floats
    dimensions: tuple[Dimension, ...]
    scored: tuple[Scored, ...]
    signals: Mapping[str, Normalised]
    model: Mapping[str, Floats]
    lags: LagPath
    calibration: Calibration
    trained: Trained | None = None
    start_s: int = 0

    @property
    def settle_s(self) -> int:
        """Seconds after which a live score no longer changes. A scorer stands beside the dimensions, which say the types."""
        chat = any(modality_of(name) is Modality.CHAT for name in self.signals)
        by_profile = settle_s(self.lags, self.calibration, chat)
        return max(by_profile, self.trained.settle_s) if self.trained else by_profile


def score_timeline(
    timeline: Timeline,
    profile: Profile,
    mode: Mode,
    calibration: Calibration,
    lag: Lag | None = None,
    vocabulary: Vocabulary | None = None,
    scorer: Scorer | None = None,
) -> ScoreSheet:
    """Score every second. `lag` stands above the profile's figure, which stands above the stream's own.

    `vocabulary`: what the channel's earlier streams taught. A recording's own words add to it: they are all there.
    """
    whole = mode is Mode.RECORDED
    reader = SignalReader(timeline, windows(timeline.length_s, mode, calibration), calibration, whole=whole)
    lags = _lags(reader, profile, mode, lag)
    return _by_scorer(_by_profile(reader, profile, lags, mode, vocabulary), reader, scorer)


def score_part(reader: SignalReader, profile: Profile, lags: LagPath, scorer: Scorer | None) -> ScoreSheet:
    """Score every second of a part of a live stream; the reader has the vocabulary."""
    return _by_scorer(_sheet(reader, profile, lags), reader, scorer)


def _by_scorer(sheet: ScoreSheet, reader: SignalReader, scorer: Scorer | None) -> ScoreSheet:
    if scorer is None:
        return sheet
    trained = scorer.score(reader, sheet.lags)
    return replace(sheet, total=trained.score, trained=trained)


def _by_profile(
    reader: SignalReader, profile: Profile, lags: LagPath, mode: Mode, vocabulary: Vocabulary | None
) -> ScoreSheet:
    if LEARNED not in profile.signals:
        return _sheet(reader, profile, lags)
    if mode is Mode.RECORDED:
        vocabulary = joined(vocabulary, _taught(reader, _sheet(reader, profile, lags), lags))
    return _sheet(reader.taught_by(vocabulary) if vocabulary else reader, profile, lags)


def learn(
    timeline: Timeline, profile: Profile, calibration: Calibration, lag: Lag, vocabulary: Vocabulary | None = None
) -> Vocabulary | None:
    """What the channel's streams have taught up to and with this one, seen whole; `vocabulary` when it adds nothing."""
    over = windows(timeline.length_s, Mode.RECORDED, calibration)
    reader = SignalReader(timeline, over, calibration, whole=True)
    lags = constant_path(lag, timeline.length_s, calibration)
    return joined(vocabulary, _taught(reader, _sheet(reader, profile, lags), lags))


def _taught(reader: SignalReader, sheet: ScoreSheet, lags: LagPath) -> Vocabulary | None:
    """What the words say about the score that was made without them."""
    calibration = reader.calibration
    sigma_s = float(lags.smoothing.max(initial=calibration.chat_sigma))
    kernel = gaussian(sigma_s, calibration.reach, calibration.chat_ahead)
    known = np.where(sheet.coverage > 0, sheet.total, np.nan)
    return teach(reader.timeline.words, known, lags.seconds, kernel)


def _sheet(reader: SignalReader, profile: Profile, lags: LagPath) -> ScoreSheet:
    timeline, calibration = reader.timeline, reader.calibration
    signals = {name: found for name in profile.signals if (found := reader.aligned(name, lags))}
    z = {name: normalised.z for name, normalised in signals.items()}
    dimensions = tuple(sorted(profile.dimensions, key=lambda d: d.name))
    model = {name: judged for d in dimensions if (judged := timeline.values(name := model_signal(d.name))) is not None}
    scored = tuple(
        score_dimension(d, z, model.get(model_signal(d.name)), timeline.length_s, calibration, reader.trust)
        for d in dimensions
    )
    weights = np.array([d.weight for d in dimensions])
    names = tuple(d.name for d in dimensions)
    amounts = fuse(profile.processing.fusion, np.array([s.score for s in scored]), weights, names, calibration)
    coverage = (weights[:, None] * np.array([s.coverage for s in scored])).sum(axis=0) / weights.sum()
    return ScoreSheet(
        amounts.sum(axis=0),
        amounts,
        coverage,
        dimensions,
        scored,
        signals,
        model,
        lags,
        calibration,
        start_s=timeline.start_s,
    )


def settle_s(lags: LagPath, calibration: Calibration, chat: bool) -> int:
    """Seconds after which a score no longer changes: how far ahead the smoothed and shifted signals read."""
    media = math.ceil(calibration.reach * calibration.media_sigma)
    if not chat or not len(lags.seconds):
        return media
    reading = lags.seconds + np.ceil(calibration.reach * calibration.chat_ahead * lags.smoothing)
    return int(max(media, reading.max()))


def given_lag(profile: Profile) -> Lag | None:
    """The customer's own figure."""
    given = profile.processing.chat_lag_ms
    return None if given is None else Lag(given / 1000.0, GIVEN_LAG_SIGMA_S, 1.0)


def _lags(reader: SignalReader, profile: Profile, mode: Mode, lag: Lag | None) -> LagPath:
    lag = lag or given_lag(profile)
    if lag is not None:
        return constant_path(lag, reader.timeline.length_s, reader.calibration)
    media, chat = reader.excitement(MEDIA_EXCITEMENT), reader.excitement(CHAT_EXCITEMENT)
    return lag_path(media, chat, reader.calibration, mode is Mode.LIVE)
