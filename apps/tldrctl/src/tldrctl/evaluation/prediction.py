"""What is predicted of a game, and the file it is written to."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tldr_fusion_detector.domain.moments.detection import Highlight
from tldr_fusion_detector.domain.signals.signals import Floats
from tldrctl.evaluation.games import Interval


@dataclass(frozen=True, slots=True)
class Segment:
    """A predicted highlight: its first and last second, both inside."""

    first_s: int
    last_s: int
    score: float
    confidence: float

    @property
    def interval(self) -> Interval:
        """First and last second."""
        return self.first_s, self.last_s


@dataclass(frozen=True, slots=True, eq=False)
class Prediction:
    """`scores` (n,): one for each second of the game. Segments in order of time."""

    scores: Floats
    segments: tuple[Segment, ...]


def segment_of(highlight: Highlight, length_s: int) -> Segment | None:
    """The seconds a highlight touches, cut off at the game's end; None when it lies behind it."""
    first_s, last_s = highlight.start_ms // 1000, min((highlight.end_ms - 1) // 1000, length_s - 1)
    return Segment(first_s, last_s, highlight.score, highlight.confidence) if first_s < length_s else None


def write_predictions(predictions: Mapping[str, Prediction], path: Path) -> None:
    """A JSON object: for each game scores, and segments as [first second, last second, score]."""
    document = {
        game: {
            "scores": prediction.scores.tolist(),
            "segments": [[segment.first_s, segment.last_s, segment.score] for segment in prediction.segments],
        }
        for game, prediction in predictions.items()
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(document), encoding="utf-8")
