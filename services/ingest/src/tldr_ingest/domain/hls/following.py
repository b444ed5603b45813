"""How far a playlist that moves was followed, as a value that can be made from a stored mark."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from tldr_ingest.domain.hls.playlist import MediaSegment
from tldr_ingest.domain.live.feed import Missing, PieceMark, WallSource

# So far the dates of a playlist may be off its durations without meaning anything.
SLACK_MS = 1_000


class Trust(StrEnum):
    """What is known of the last piece. known: it was taken from this playlist as it is followed. stored: it comes from a mark,
    and has to be found again. confirmed: it was found, and its content is the same. denied: another content has its name.
    """

    KNOWN = "known"
    STORED = "stored"
    CONFIRMED = "confirmed"
    DENIED = "denied"


@dataclass(frozen=True, slots=True)
class Place:
    """The last segment that was taken or is known to be missing; `dated`: the playlist said when it happened."""

    sequence: int
    name: str
    wall_ms: int
    duration_ms: int
    dated: bool

    @property
    def end_ms(self) -> int:
        return self.wall_ms + self.duration_ms


@dataclass(frozen=True, slots=True)
class Following:
    """How far it was followed, on the wall clock.

    `told_ms`: up to there everything was taken or is known to be missing. `run` and `discontinuity` name the clock.
    `shift_ms` is added to the playlist's dates. `heard`: how often something new came, `heard_ms`: when it did last, by our
    clock. `latency_ms`: the shortest time from a dated playlist's end to its coming, less than 0 where the source's clock is
    ahead. `recent`: names of the last segments, so that an older playlist is known for one. `behind_ms` and `behind_at`: since
    when playlists are older than what was taken, and how far the first of them went. `break_until_ms`: where an advertisement
    that began without dates ends.
    """

    last: Place | None = None
    run: int = 0
    discontinuity: int = 0
    told_ms: int = 0
    shift_ms: int = 0
    heard: int = 0
    heard_ms: int = 0
    latency_ms: int | None = None
    recent: tuple[str, ...] = ()
    trust: Trust = Trust.KNOWN
    behind_ms: int | None = None
    behind_at: int = 0
    break_until_ms: int | None = None

    @property
    def clock(self) -> str:
        """The name of the run of pieces whose timestamps go on."""
        return f"{self.run}:{self.discontinuity}"


@dataclass(frozen=True, slots=True)
class Take:
    """A segment to be fetched. Its mark has no digest before that."""

    segment: MediaSegment
    mark: PieceMark

    def lost(self, code: str, reason: str) -> Missing:
        """What is missing when it cannot be had."""
        return Missing(self.mark.wall_ms, self.mark.wall_ms + self.mark.duration_ms, code, reason)


Step = Take | Missing


def begin(after: PieceMark | None) -> Following:
    """Nothing was followed yet, or everything up to a stored piece."""
    if after is None:
        return Following()
    run, _, discontinuity = after.clock.partition(":")
    dated = after.wall_source is WallSource.SOURCE
    place = Place(after.sequence, after.name, after.wall_ms, after.duration_ms, dated)
    return Following(
        last=place,
        run=int(run) if run.isdigit() else 0,
        discontinuity=int(discontinuity) if discontinuity.isdigit() else 0,
        told_ms=place.end_ms,
        recent=(after.name,),
        trust=Trust.STORED,
    )
