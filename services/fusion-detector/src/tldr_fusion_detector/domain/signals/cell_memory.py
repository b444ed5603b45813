"""What the cells of a live stream's baselines said: each is looked at once, then it is remembered."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np

from tldr_fusion_detector.domain.signals.signals import Floats


@dataclass(frozen=True, slots=True, eq=False)
class Cells:
    """Rows of figures of the cells from `first` on, (m, k). Treat them as read-only."""

    first: int
    rows: Floats

    @property
    def end(self) -> int:
        """The first cell after them."""
        return self.first + len(self.rows)

    def since(self, first: int) -> "Cells":
        """Those from `first` on."""
        return self if first <= self.first else Cells(first, self.rows[first - self.first :])


@dataclass(frozen=True, slots=True, eq=False)
class CellMemory:
    """The cells [first, first + count) of a part of a stream.

    `known`: by key, all of them up to the same cell. `fresh_end`: cells from there up to this one are looked at now; those
    behind have not settled, and repeat the last one. Cells before what is known lie too far back to be read, and are NaN.
    `keeps`: what is found is remembered. `found`: what is known afterwards, of the keys that were asked for.
    """

    first: int
    count: int
    known: Mapping[str, Cells]
    known_end: int
    fresh_end: int
    keeps: bool = True
    found: dict[str, Cells] = field(default_factory=dict, init=False)

    @property
    def grows(self) -> bool:
        """Whether there are cells to be remembered from now on."""
        return self.looks and self.keeps

    @property
    def looks(self) -> bool:
        """Whether there are cells to be looked at now."""
        return self.fresh_end > self.known_end

    @property
    def to_compute(self) -> slice:
        """The cells to be looked at now, counted from `first`."""
        return slice(max(self.known_end - self.first, 0), max(self.fresh_end - self.first, 0))

    def of(self, key: str, compute: Callable[[], Floats], hold: Callable[[Floats], Floats] | None) -> Floats:
        """The rows of all cells, (count, k). KeyError for a key that was not asked for when the cells before were looked at."""
        cells = self.found.get(key)
        if cells is None:
            cells = self.found[key] = self._with_fresh(key, compute, hold)
        rows = np.full((self.count, cells.rows.shape[1]), np.nan)
        begin, end = max(cells.first - self.first, 0), cells.end - self.first
        rows[begin:end] = cells.rows[max(self.first - cells.first, 0) :]
        rows[end:] = cells.rows[-1] if len(cells.rows) else np.nan
        return rows

    def _with_fresh(self, key: str, compute: Callable[[], Floats], hold: Callable[[Floats], Floats] | None) -> Cells:
        before = self.known.get(key)
        if before is not None and not self.looks:
            return before
        if before is None and self.known:
            raise KeyError(f"nothing is remembered of {key}")
        fresh = compute()
        joined = fresh if before is None else np.concatenate((before.rows, fresh))
        first = self.known_end if before is None else before.first
        return Cells(first, joined if hold is None or not len(joined) else hold(joined))
