"""What another detection of the same stream makes of the highlights that are known."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tldr_fusion_detector.domain.moments.detection import Highlight
from tldr_fusion_detector.domain.moments.lifecycle import match_moments

SAME_SCORE = 5e-5
"""Scores are shown with four digits."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """All in order of time. `change`: the id, what it is and what it would be; `same`: how many stay as they are."""

    appear: tuple[Highlight, ...]
    vanish: tuple[tuple[str, Highlight], ...]
    change: tuple[tuple[str, Highlight, Highlight], ...]
    same: int


def compare(known: Mapping[str, Highlight], found: Sequence[Highlight]) -> Comparison:
    """Moments are matched as revisions of a highlight are."""
    names = match_moments(known, found)
    matched = sorted((known[name].peak_ms, name, index) for index, name in names.items())
    pairs = [(name, known[name], found[index]) for _, name, index in matched]
    change = tuple(pair for pair in pairs if not _alike(pair[1], pair[2]))
    gone = sorted((one.peak_ms, name) for name, one in known.items() if name not in names.values())
    return Comparison(
        appear=tuple(one for index, one in enumerate(found) if index not in names),
        vanish=tuple((name, known[name]) for _, name in gone),
        change=change,
        same=len(pairs) - len(change),
    )


def _alike(one: Highlight, other: Highlight) -> bool:
    return _shown(one) == _shown(other) and abs(one.score - other.score) < SAME_SCORE


def _shown(one: Highlight) -> tuple[int, int, int, tuple[str, ...]]:
    return one.start_ms, one.end_ms, one.peak_ms, one.types
