"""One function from a measured game and a variant of detection to what is predicted."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cache
from pathlib import Path

from google.protobuf import json_format

from tldr.streams.v1.streams_pb2 import DetectionProfile
from tldr_fusion_detector.adapters.requests_protobuf import profile_document
from tldr_fusion_detector.domain.moments.detection import Detection, detect
from tldr_fusion_detector.domain.profile.calibration import DEFAULT_CALIBRATION
from tldr_fusion_detector.domain.profile.profile import Profile
from tldr_fusion_detector.domain.profile.profile_document import read_profile
from tldr_fusion_detector.domain.scoring.scorer.checks import InvalidScorer
from tldr_fusion_detector.domain.scoring.scorer.document import read_scorer
from tldr_fusion_detector.domain.scoring.scorer.scorer import Scorer
from tldr_fusion_detector.domain.signals.baseline import Mode
from tldr_fusion_detector.domain.signals.reaction_lag import Lag
from tldr_fusion_detector.domain.signals.timeline import Timeline
from tldr_fusion_detector.domain.signals.vocabulary import Vocabulary, read_vocabulary
from tldr_fusion_detector.domain.signals.words import NO_WORDS
from tldr_gateway.adapters.streams.profiles_files import FileProfiles
from tldrctl.evaluation.games import Game, UnreadableData
from tldrctl.evaluation.live import as_it_came
from tldrctl.evaluation.prediction import Prediction, segment_of
from tldrctl.evaluation.recorded_chat import measured


class Taught(StrEnum):
    """Whose words teach the detector what goes with moments.

    none: nobody's. stream: a recording's own; a live stream cannot know its own. channel: those of earlier games too.
    """

    NONE = "none"
    STREAM = "stream"
    CHANNEL = "channel"


@dataclass(frozen=True, slots=True)
class Variant:
    """How to detect. `model`: a trained scorer's file. `lag_s`: the reaction lag, as uncertain as without evidence."""

    mode: Mode = Mode.RECORDED
    preset: str = "gaming"
    taught: Taught = Taught.NONE
    model: Path | None = None
    lag_s: float | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Studied:
    """A game's signals and what its words teach."""

    timeline: Timeline
    vocabulary: Vocabulary | None


def study(game: Game, preset: str) -> Studied:
    """Measure a game's chat, and learn from it as from a stream that has ended. Raises UnreadableData."""
    timeline = measured(game)
    learned = detect(timeline, profile_named(preset), teach=True).learned
    return Studied(timeline, read_vocabulary(learned) if learned else None)


def predict_all(
    timeline: Timeline, length_s: int, variants: Sequence[Variant], channel: Vocabulary | None
) -> tuple[Prediction, ...]:
    """Predict by each variant."""
    return tuple(predict(timeline, length_s, variant, channel) for variant in variants)


def predict(timeline: Timeline, length_s: int, variant: Variant, channel: Vocabulary | None = None) -> Prediction:
    """Scores and segments of the first `length_s` seconds. `channel`: what earlier games taught."""
    profile = profile_named(variant.preset)
    vocabulary = channel if variant.taught is Taught.CHANNEL else None
    if variant.taught is Taught.NONE and variant.model is None:
        timeline = replace(timeline, words=NO_WORDS)
    scorer = scorer_at(variant.model) if variant.model else None
    lag = None if variant.lag_s is None else Lag(variant.lag_s, DEFAULT_CALIBRATION.lag_prior_sigma, 0.0)

    def look(known: Timeline) -> Detection:
        return detect(known, profile, mode=variant.mode, lag=lag, vocabulary=vocabulary, scorer=scorer)

    if variant.mode is Mode.LIVE:
        return as_it_came(timeline, length_s, look, -(-profile.processing.min_length_ms // 1000))
    detection = look(timeline)
    found = (segment_of(highlight, length_s) for highlight in detection.highlights)
    return Prediction(detection.scores[:length_s], tuple(segment for segment in found if segment))


def look_up(variant: Variant) -> None:
    """Read what a variant names. Raises UnreadableData."""
    profile_named(variant.preset)
    if variant.model is not None:
        scorer_at(variant.model)


@cache
def scorer_at(path: Path) -> Scorer:
    """A trained scorer from its file. Raises UnreadableData."""
    try:
        return read_scorer(path.read_bytes())
    except (OSError, InvalidScorer) as error:
        raise UnreadableData(f"The model {path} cannot be used: {error}") from error


@cache
def profile_named(preset: str) -> Profile:
    """A preset as the gateway publishes it and the detector reads it. Raises UnreadableData."""
    found = FileProfiles.read().named(preset)
    if found is None:
        raise UnreadableData(f"There is no preset {preset!r}.")
    return read_profile(profile_document(json_format.ParseDict(found.document, DetectionProfile())))
