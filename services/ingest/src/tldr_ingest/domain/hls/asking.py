"""Whether a segment that could not be had is asked for again."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

_TRIES_REFUSED = 2
_TRIES_GONE = 3
_TRIES_ALONE = 3
# Of a segment that never leaves its playlist.
_MOST_TRIES = 7


class Verdict(StrEnum):
    """again: after a pause. lost: never. expired: its address is to be found out anew. away: its server is."""

    AGAIN = "again"
    LOST = "lost"
    EXPIRED = "expired"
    AWAY = "away"


@dataclass(frozen=True, slots=True)
class Attempts:
    """What became of asking for a segment. `gone`: answers of 404 and the like. `refused`: of 401, 403 and 410. `other`: all
    else that failed. `reloads`: of the playlist since the first failure.
    """

    gone: int = 0
    refused: int = 0
    other: int = 0
    reloads: int = 0

    @property
    def all(self) -> int:
        return self.gone + self.refused + self.other


def judge(
    tried: Attempts, *, in_window: bool, leaves: bool, final: bool, others_come: bool, others_refused: bool
) -> Verdict:
    """`in_window`: the playlist still names it. `leaves`: segments leave the playlist at all. `final`: the playlist is not loaded
    again, and nobody waits for its source. `others_come`: another segment was had since this one failed first.
    `others_refused`: another one was refused.
    """
    if tried.refused >= _TRIES_REFUSED and tried.reloads:
        if others_come:
            return Verdict.LOST
        if others_refused or tried.refused > _TRIES_ALONE:
            return Verdict.EXPIRED
    if tried.gone >= _TRIES_GONE and tried.reloads:
        return Verdict.LOST
    if leaves:
        return Verdict.LOST if tried.all >= 2 and not in_window else Verdict.AGAIN
    if tried.all < _MOST_TRIES:
        return Verdict.AGAIN
    return Verdict.LOST if others_come else Verdict.AWAY if final else Verdict.AGAIN
