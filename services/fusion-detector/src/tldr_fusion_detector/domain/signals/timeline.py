"""The raw signals of a stream as 1 Hz series from its first second on, with what is known to be missing."""

from bisect import bisect_left
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np

from tldr_fusion_detector.domain.signals.signals import Floats, Modality, modality_of
from tldr_fusion_detector.domain.signals.words import NO_WORDS, WordCounts


@dataclass(frozen=True, slots=True)
class Gap:
    """A half-open range of stream time in which a modality says nothing."""

    modality: Modality
    start_ms: int
    end_ms: int


@dataclass(frozen=True, slots=True, eq=False)
class Piece:
    """Some contiguous seconds of a signal: value i belongs to [start_s + i, start_s + i + 1)."""

    signal: str
    start_s: int
    values: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Timeline:
    """What is known of a stream up to `length_s`, or of a part of it: of `length_s` seconds from `start_s` on.

    `series`: each (length_s,) float64, NaN where a second says nothing. `cuts_ms` and `pauses` (half-open ranges
    without speech) are sorted stream times at which a clip may begin or end; a part has all that end in it, and the pause
    that begins last before it. `gaps` are in stream time too. `words`: what chat said, but in its gaps; their seconds count
    from `start_s`. Treat the arrays as read-only.
    """

    length_s: int
    series: Mapping[str, Floats]
    gaps: tuple[Gap, ...] = ()
    cuts_ms: tuple[int, ...] = ()
    pauses: tuple[tuple[int, int], ...] = ()
    words: WordCounts = NO_WORDS
    start_s: int = 0
    _missing: Mapping[Modality, Floats] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        for name, values in self.series.items():
            if values.shape != (self.length_s,):
                raise ValueError(f"series {name} has shape {values.shape}, the timeline {self.length_s} seconds")
        if len(self.words.seconds) and not 0 <= self.words.seconds[0] <= self.words.seconds[-1] < self.length_s:
            raise ValueError(f"words are said outside of the timeline's {self.length_s} seconds")
        missing = {m: _gap_mask(self.gaps, m, self.start_s, self.length_s) for m in Modality}
        object.__setattr__(self, "_missing", missing)
        object.__setattr__(self, "words", self.words.outside(np.isnan(missing[Modality.CHAT])))

    @property
    def end_s(self) -> int:
        """The first second after it."""
        return self.start_s + self.length_s

    @property
    def silent(self) -> bool:
        """Whether nothing is known of any second: nothing was measured, or it lies in gaps."""
        found = (self.values(name) for name in self.series)
        return not any(values is not None and np.isfinite(values).any() for values in found)

    def values(self, signal: str) -> Floats | None:
        """The series with its modality's gaps as NaN, or None where the stream has no such signal."""
        raw = self.series.get(signal)
        if raw is None:
            return None
        return raw + self._missing[modality_of(signal)]

    def until(self, length_s: int) -> "Timeline":
        """The same stream as it was known when only the first seconds had come."""
        length = min(length_s, self.length_s)
        end_ms = length * 1000
        return Timeline(
            length,
            {name: values[:length] for name, values in self.series.items()},
            tuple(Gap(g.modality, g.start_ms, min(g.end_ms, end_ms)) for g in self.gaps if g.start_ms < end_ms),
            tuple(cut for cut in self.cuts_ms if cut < end_ms),
            tuple((a, min(b, end_ms)) for a, b in self.pauses if a < end_ms),
            self.words.until(length),
        )

    def since(self, start_s: int) -> "Timeline":
        """The part of a whole stream from a second on."""
        start_ms = start_s * 1000
        first = max(bisect_left(self.pauses, (start_ms, start_ms)) - 1, 0)
        return Timeline(
            self.length_s - start_s,
            {name: values[start_s:] for name, values in self.series.items()},
            tuple(gap for gap in self.gaps if gap.end_ms > start_ms),
            self.cuts_ms[bisect_left(self.cuts_ms, start_ms) :],
            self.pauses[first:],
            self.words.since(start_s),
            start_s,
        )


def assemble(
    length_s: int,
    pieces: Iterable[Piece],
    gaps: Iterable[Gap] = (),
    cuts_ms: Iterable[int] = (),
    pauses: Iterable[tuple[int, int]] = (),
    words: WordCounts = NO_WORDS,
    start_s: int = 0,
) -> Timeline:
    """A timeline from pieces in any order, the same for every order.

    Seconds outside [start_s, start_s + length_s) are dropped. Where pieces overlap the one that starts later wins, then the one
    whose bytes are greater; a NaN never replaces a figure. Infinities are read as NaN. `words`: see `merge`.
    """
    series: dict[str, Floats] = {}
    for piece in sorted(pieces, key=lambda p: (p.signal, p.start_s, len(p.values), p.values.tobytes())):
        target = series.setdefault(piece.signal, np.full(length_s, np.nan))
        place = piece.start_s - start_s
        start, end = max(place, 0), min(place + len(piece.values), length_s)
        if start < end:
            values = np.asarray(piece.values[start - place : end - place], dtype=np.float64)
            np.copyto(target[start:end], values, where=np.isfinite(values))
    ordered = sorted(set(gaps), key=lambda g: (g.start_ms, g.end_ms, g.modality))
    cuts, silences = tuple(sorted(set(cuts_ms))), tuple(sorted(set(pauses)))
    return Timeline(length_s, series, tuple(ordered), cuts, silences, words, start_s)


def _gap_mask(gaps: tuple[Gap, ...], modality: Modality, start_s: int, length_s: int) -> Floats:
    """(length_s,): NaN for seconds of which a gap covers at least half, otherwise 0."""
    mask = np.zeros(length_s)
    for gap in gaps:
        if gap.modality is modality and gap.end_ms - gap.start_ms >= 500:
            first, end = (gap.start_ms + 499) // 1000 - start_s, (gap.end_ms + 500) // 1000 - start_s
            mask[max(first, 0) : max(end, 0)] = np.nan
    return mask
