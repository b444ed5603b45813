"""A live stream's source as it is now: waited for, live, interrupted, ended."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from tldr_gateway.domain.streams.stream import Failure

LONGEST_WAIT = timedelta(days=7)
LONGEST_SILENCE = timedelta(minutes=30)


class SourceState(StrEnum):
    """Where a live source is in its life."""

    WAITING = "waiting"
    LIVE = "live"
    INTERRUPTED = "interrupted"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class LiveState:
    """What is known of a live source since `since`; `reason` says why it is waited for, interrupted, or ended badly.

    `wall_zero_ms`: the wall clock at stream time 0, since 1970, give or take `wall_uncertainty_ms`; 0 where it is not known.
    `quiet_until`: until then nobody wonders that nothing comes.
    """

    state: SourceState
    since: datetime
    reason: Failure | None = None
    wall_zero_ms: int = 0
    wall_uncertainty_ms: int = 0
    quiet_until: datetime | None = None

    def interrupted(self, at: datetime, reason: Failure, silence: timedelta) -> "LiveState":
        """It gives nothing; after `silence`, at most half an hour, it would have ended."""
        until = at + min(silence, LONGEST_SILENCE)
        return replace(self, state=SourceState.INTERRUPTED, since=at, reason=reason, quiet_until=until)

    def resumed(self, at: datetime) -> "LiveState":
        """It gives something again."""
        return replace(self, state=SourceState.LIVE, since=at, reason=None, quiet_until=None)

    def ended(self, at: datetime, reason: Failure | None) -> "LiveState":
        """Nothing more comes."""
        return replace(self, state=SourceState.ENDED, since=at, reason=reason, quiet_until=None)


def waiting(at: datetime, reason: Failure, until: datetime) -> LiveState:
    """It is waited for, at most a week."""
    return LiveState(SourceState.WAITING, at, reason, quiet_until=min(until, at + LONGEST_WAIT))


def began(at: datetime, *, wall_zero_ms: int, wall_uncertainty_ms: int) -> LiveState:
    """It is live."""
    return LiveState(SourceState.LIVE, at, wall_zero_ms=wall_zero_ms, wall_uncertainty_ms=wall_uncertainty_ms)
