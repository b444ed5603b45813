"""Live detection step by step: only what has not settled is computed, and all of it is the same as at once."""

from dataclasses import dataclass, replace

import numpy as np

from tldr_fusion_detector.domain.moments.detection import Highlight, highlights_of
from tldr_fusion_detector.domain.moments.live_candidates import (
    LiveScore,
    decide,
    expected,
    found_peaks,
    found_segments,
)
from tldr_fusion_detector.domain.moments.live_state import LiveState, Reach
from tldr_fusion_detector.domain.scoring.live_reading import ScoredBy, score_live_part
from tldr_fusion_detector.domain.signals.reaction_lag import Lag
from tldr_fusion_detector.domain.signals.signals import Floats
from tldr_fusion_detector.domain.signals.timeline import Timeline


@dataclass(frozen=True, slots=True, eq=False)
class LiveDetection:
    """One step. `final`: highlights that became so; `provisional`: all others. Both are in order of time.

    `settled`: scores from where the state before had settled to where this one has; `tail`: those behind, as they are now.
    `lag`: the one in force at the end.
    """

    state: LiveState
    final: tuple[Highlight, ...]
    provisional: tuple[Highlight, ...]
    settled: Floats
    tail: Floats
    lag: Lag


def reads_from_s(by: ScoredBy, state: LiveState, until_s: int, *, ended: bool) -> int:
    """The second from which on the next step needs the stream."""
    return Reach.of(by).reads_from_s(state, until_s, by.calibration, ended=ended)


def detect_further(
    by: ScoredBy, state: LiveState, part: Timeline, until_s: int, *, ended: bool = False
) -> LiveDetection:
    """One step further. `part`: the stream from `reads_from_s` on, complete up to `until_s`; what lies behind is provisional.

    All steps together settle what `detect` gives on the whole in live mode, bit for bit, wherever they were made.
    """
    reach, calibration = Reach.of(by), by.calibration
    warm = until_s >= reach.warm_s(calibration)
    settling = warm and not ended
    cells_end = reach.cells_end(until_s, calibration) if settling else -(-part.end_s // calibration.live_step)
    live = score_live_part(by, state.read, part, until_s, cells_end, ended=not settling)
    scored_s = part.end_s if ended else max(live.scored_s, state.settled_s) if warm else 0
    fresh = live.sheet.total[state.settled_s - part.start_s :]
    scores = np.concatenate((state.scores, fresh))
    score = LiveScore(scores, state.scores_from_s, scored_s, ended, part, by.profile.processing, calibration)
    rule = by.scorer.segments if by.scorer else None
    found = found_segments(score, state.decided, rule) if rule else found_peaks(score, state.decided)
    decided, promised = decide(found, state.decided, score)
    hoped = () if ended else expected(found, decided, score)
    final, given_ms = highlights_of(promised, live.sheet, by.profile, calibration, state.decided.given_ms)
    provisional, _ = highlights_of(hoped, live.sheet, by.profile, calibration, given_ms)
    after = state
    if settling:
        decided = replace(decided, given_ms=given_ms)
        kept_s = max(decided.until_s - reach.scores, state.scores_from_s)
        kept = scores[kept_s - state.scores_from_s : scored_s - state.scores_from_s]
        after = LiveState(scored_s, kept_s, kept, decided, live.state)
        after = after.trimmed(reach, calibration)
    return LiveDetection(
        after,
        final,
        provisional,
        fresh[: scored_s - state.settled_s],
        fresh[scored_s - state.settled_s :],
        live.sheet.lags.last,
    )
