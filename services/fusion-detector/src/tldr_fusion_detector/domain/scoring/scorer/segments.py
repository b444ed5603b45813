"""From a trained score to the stretches of time that are worth keeping."""

from dataclasses import dataclass

import numpy as np

from tldr_fusion_detector.domain.signals.signals import Floats


@dataclass(frozen=True, slots=True)
class SegmentRule:
    """A stretch scores at least `stay` throughout, a piece of it `enter` somewhere; both are probabilities.

    Stretches with at most `merge_s` seconds between them are one, and a piece shorter than `least_s` is none.
    """

    enter: float
    stay: float
    merge_s: int
    least_s: int

    def segments(self, score: Floats, longest_s: int) -> tuple[tuple[int, int], ...]:
        """[first, end) seconds in order of time, for a score (n,).

        A stretch is cut into pieces of `longest_s` from its beginning on, so what follows never moves a piece.
        """
        stretches = self.stretches(score)
        pieces = ((at, min(at + longest_s, end)) for first, end in stretches for at in range(first, end, longest_s))
        return tuple(piece for piece in pieces if self.keeps(piece, score))

    def stretches(self, score: Floats, from_s: int = 0, begun: tuple[int, int] | None = None) -> list[tuple[int, int]]:
        """[first, end) seconds that belong together, from `from_s` on; `begun` is one that may go on there."""
        edges = np.flatnonzero(np.diff(np.concatenate(([False], score[from_s:] >= self.stay, [False])).astype(np.int8)))
        found = [begun] if begun else []
        for first, end in (edges + from_s).reshape(-1, 2).tolist():
            near = bool(found) and first - found[-1][1] <= self.merge_s
            found.append((found.pop()[0] if near else first, end))
        return found

    def keeps(self, piece: tuple[int, int], score: Floats) -> bool:
        """Whether a piece of a stretch is worth keeping."""
        first, end = piece
        return end - first >= self.least_s and float(score[first:end].max()) >= self.enter


def at_least(segment: tuple[int, int], score: Floats, shortest_s: int) -> tuple[int, int]:
    """The segment, grown second by second to the higher neighbour where it is too short."""
    first, end = segment
    while end - first < min(shortest_s, len(score)):
        before = score[first - 1] if first > 0 else -1.0
        after = score[end] if end < len(score) else -1.0
        if before >= after:
            first -= 1
        else:
            end += 1
    return first, end
