"""What of a live stream has settled, and what a later look needs of it."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from tldr_fusion_detector.domain.moments.selection import Candidate
from tldr_fusion_detector.domain.profile.calibration import Calibration
from tldr_fusion_detector.domain.scoring.live_reading import ReadState, ScoredBy
from tldr_fusion_detector.domain.signals.signals import Floats

_NOTHING: Floats = np.empty(0)


@dataclass(frozen=True, slots=True)
class Decided:
    """Which candidates are kept, as far as that is known: those with a peak before second `until_s`, and no others.

    `kept`: of them those that a later one can still drive out or become part of, one at most. `before`: the last that stays;
    what follows keeps its distance. `promised_ms`: the peaks of the last hour that were promised, for the limit of an hour.
    `promised`: how many were so far. `given_ms`: the peaks at which types that cool down were given last.
    `stretch`: of a trained scorer, the stretch that may go on at `until_s`: from there on, and where it ends by now.
    """

    until_s: int = 0
    kept: tuple[Candidate, ...] = ()
    before: Candidate | None = None
    promised_ms: tuple[int, ...] = ()
    stretch: tuple[int, int] | None = None
    promised: int = 0
    given_ms: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, eq=False)
class LiveState:
    """Scores before `settled_s` will not change; `scores` are those from `scores_from_s` on, which are still looked at."""

    settled_s: int = 0
    scores_from_s: int = 0
    scores: Floats = field(default_factory=lambda: _NOTHING)
    decided: Decided = field(default_factory=Decided)
    read: ReadState = field(default_factory=ReadState)

    def trimmed(self, reach: "Reach", calibration: Calibration) -> "LiveState":
        """Without what no later step looks at."""
        return replace(self, read=self.read.since(reach.looks_from_s(self, calibration), calibration))


@dataclass(frozen=True, slots=True)
class Reach:
    """How far detection under a profile looks, in seconds.

    `smoothing`, `ahead`: the widest smoothing, to either side. `behind`: before a second, for its score. `interval`: before
    a peak, for its interval. `scores`: before a peak, for whether it is one and where its interval begins.
    """

    smoothing: int
    ahead: int
    behind: int
    interval: int
    scores: int

    @classmethod
    def of(cls, by: ScoredBy) -> "Reach":
        """That of a profile, and of a scorer beside it."""
        calibration, scorer, processing = by.calibration, by.scorer, by.profile.processing
        wide, narrow = calibration.reach, calibration.reach * calibration.chat_ahead
        smoothing = math.ceil(wide * max(calibration.media_sigma, calibration.chat_sigma_most))
        ahead = max(math.ceil(wide * calibration.media_sigma), math.ceil(narrow * calibration.chat_sigma_most))
        behind = smoothing
        if scorer is not None:
            said = [(column.sigma_s, column.at_s, column.chat) for column in scorer.columns]
            said += [(scorer.words.sigma_s, at_s, True) for at_s in scorer.words.at_s]
            smoothing = max([smoothing, *(math.ceil(wide * sigma_s) for sigma_s, _, _ in said)])
            ahead = max([ahead, *(math.ceil((narrow if chat else wide) * sigma_s) for sigma_s, _, chat in said)])
            earliest = max([0, *(-at_s for _, at_s, _ in said)])
            behind = smoothing + earliest + math.ceil(wide * scorer.smooth_s)
        longest, shortest = processing.longest_s, processing.shortest_s
        interval = longest + shortest + math.ceil(calibration.snap_ms / 1000)
        before = max(calibration.prominence_window, calibration.peak_radius) + longest + shortest + 2
        return cls(smoothing, ahead, behind, interval, before)

    def warm_s(self, calibration: Calibration) -> int:
        """Nothing settles before: the first minutes share one baseline."""
        return calibration.live_warm_up + max(self.smoothing, self.ahead)

    def cells_end(self, until_s: int, calibration: Calibration) -> int:
        """Cells before it have settled where the stream is known up to `until_s`."""
        return max((until_s - self.ahead) // calibration.live_step + 1, 0)

    def looks_from_s(self, state: LiveState, calibration: Calibration) -> int:
        """The second from which on signals are read for what has not settled; it begins a cell."""
        decided = state.decided
        intervals = (candidate.interval.start_ms // 1000 for candidate in decided.kept)
        first = min(state.settled_s, decided.until_s - self.interval, *intervals)
        return max(first - self.behind, 0) // calibration.live_step * calibration.live_step

    def reads_from_s(self, state: LiveState, until_s: int, calibration: Calibration, *, ended: bool) -> int:
        """The same for this look: further back, by the length of a baseline's window, where a new cell begins."""
        seen = state.read.cells_end
        if seen == 0:
            return 0
        usual = self.looks_from_s(state, calibration)
        if not ended and self.cells_end(until_s, calibration) <= seen:
            return usual
        window = seen * calibration.live_step - calibration.live_window - self.smoothing
        return min(usual, max(window, 0) // calibration.live_step * calibration.live_step)
