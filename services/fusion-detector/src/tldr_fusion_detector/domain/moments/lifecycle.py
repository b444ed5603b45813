"""Provisional or final, and which new detection is which old highlight."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from tldr_fusion_detector.domain.moments.agreement import intersection_over_union
from tldr_fusion_detector.domain.moments.detection import Detection, Highlight
from tldr_fusion_detector.domain.profile.calibration import DEFAULT_CALIBRATION, Calibration
from tldr_fusion_detector.domain.signals.baseline import Mode, warm_s

# Two peaks this near are the same moment even where the intervals have moved apart.
SAME_PEAK_MS = 5_000
SAME_OVERLAP = 0.3


class State(StrEnum):
    PROVISIONAL = "provisional"
    FINAL = "final"


@dataclass(frozen=True, slots=True)
class Classified:
    highlight: Highlight
    state: State


def classify(
    detection: Detection,
    watermark_ms: int,
    mode: Mode,
    *,
    ended: bool,
    calibration: Calibration = DEFAULT_CALIBRATION,
) -> tuple[Classified, ...]:
    """Each highlight with its state, in order of time.

    All are final once the stream has ended. Before, those of a live stream are final that settled before the
    watermark, after the warm-up whose baseline the first minutes share; a recording looks at the whole stream, so
    nothing of it is final earlier.
    """
    warm = mode is Mode.LIVE and watermark_ms >= 1000 * warm_s(calibration)
    scored_ms = watermark_ms - 1000 * detection.scores_settle_s
    settled = (
        warm and highlight.end_ms + detection.settle_ms <= watermark_ms and read_ms <= scored_ms
        for highlight, read_ms in zip(detection.highlights, detection.read_ms, strict=True)
    )
    return tuple(
        Classified(highlight, State.FINAL if ended or final else State.PROVISIONAL)
        for highlight, final in zip(detection.highlights, settled, strict=True)
    )


def same_moment(old: Highlight, new: Highlight) -> bool:
    """Whether a revision is of the same moment: peaks near each other, or intervals that overlap by an IoU of 0.3."""
    return abs(old.peak_ms - new.peak_ms) <= SAME_PEAK_MS or overlap(old, new) >= SAME_OVERLAP


def overlap(old: Highlight, new: Highlight) -> float:
    """Intersection over union of the two intervals, 0..1."""
    return intersection_over_union((old.start_ms, old.end_ms), (new.start_ms, new.end_ms))


def match_moments(known: Mapping[str, Highlight], found: Sequence[Highlight]) -> dict[int, str]:
    """Identities for found highlights, by their index, one to one: the greatest overlap first, then the nearest peaks.

    An index that is absent is a new moment; an identity that is absent was not found again.
    """
    pairs = sorted(
        (-overlap(old, new), abs(old.peak_ms - new.peak_ms), name, index)
        for name, old in known.items()
        for index, new in enumerate(found)
        if same_moment(old, new)
    )
    taken: dict[int, str] = {}
    for _, _, name, index in pairs:
        if index not in taken and name not in taken.values():
            taken[index] = name
    return taken
