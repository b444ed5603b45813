"""Compares what was found with what was planted."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from tldrctl.demo.plan import Planted

# Found and planted are the same moment when they share at least this much of what they cover together.
SAME_MOMENT_IOU = 0.3


@dataclass(frozen=True, slots=True)
class Found:
    """A highlight as the API gave it; `thumbnail` is a JPEG, None where there is none."""

    start_ms: int
    end_ms: int
    type: str
    confidence: float
    title: str
    reason: str
    thumbnail: bytes | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the table: a planted moment, a found one, or both where they are the same."""

    verdict: Literal["found", "missed", "false"]
    planted: Planted | None
    found: Found | None
    iou: float


@dataclass(frozen=True, slots=True)
class Comparison:
    """All rows in order of time."""

    rows: tuple[Row, ...]

    def count(self, verdict: Literal["found", "missed", "false"]) -> int:
        return sum(row.verdict == verdict for row in self.rows)


def intersection_over_union(one: Planted | Found, other: Planted | Found) -> float:
    """Time in both over time in either, 0..1."""
    shared = max(0, min(one.end_ms, other.end_ms) - max(one.start_ms, other.start_ms))
    together = (one.end_ms - one.start_ms) + (other.end_ms - other.start_ms) - shared
    return shared / together if together > 0 else 0.0


def compare(planted: Sequence[Planted], found: Sequence[Found]) -> Comparison:
    """Each planted moment with at most one found and the reverse, the best pairs first, down to SAME_MOMENT_IOU."""
    pairs = sorted(
        ((intersection_over_union(one, other), i, k) for i, one in enumerate(planted) for k, other in enumerate(found)),
        key=lambda pair: (-pair[0], pair[1], pair[2]),
    )
    matched: dict[int, tuple[int, float]] = {}
    taken: set[int] = set()
    for iou, i, k in pairs:
        if iou >= SAME_MOMENT_IOU and i not in matched and k not in taken:
            matched[i] = (k, iou)
            taken.add(k)
    rows = [_row(moment, matched.get(i), found) for i, moment in enumerate(planted)]
    rows += [Row("false", None, one, 0.0) for k, one in enumerate(found) if k not in taken]
    return Comparison(tuple(sorted(rows, key=_start)))


def _row(moment: Planted, match: tuple[int, float] | None, found: Sequence[Found]) -> Row:
    return Row("missed", moment, None, 0.0) if match is None else Row("found", moment, found[match[0]], match[1])


def _start(row: Row) -> int:
    shown = row.planted or row.found
    return shown.start_ms if shown else 0
