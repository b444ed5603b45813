"""What a feed tells: news of a stream, in order, each with a number of its own."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tldr_gateway.domain.streams.stream import Failure, State
from tldr_gateway.domain.streams.submission import Stream

ENDS = frozenset({State.COMPLETED, State.FAILED, State.CANCELLED, "deleted"})
"""The states after which a feed ends."""


@dataclass(frozen=True, slots=True)
class News:
    """What is told: its kind as the events are named, and its data as JSON."""

    kind: str
    at: datetime
    data: dict[str, Any]

    @property
    def last(self) -> bool:
        """Whether a feed ends with it."""
        return self.kind == "state" and self.data["state"] in ENDS


@dataclass(frozen=True, slots=True)
class Told:
    """News with its number: 1 for the first of a stream, then without holes. None: it is not kept."""

    number: int | None
    news: News


def state_news(
    stream: str,
    state: str,
    at: datetime,
    *,
    at_ms: int | None = None,
    failure: Failure | None = None,
    until: datetime | None = None,
    wall_zero_ms: int | None = None,
    duration_ms: int | None = None,
    highlights: int | None = None,
) -> News:
    """A stream, or its source, is in another state. `at_ms`: in stream time, where the source says so."""
    data = {
        "stream_id": stream,
        "state": state,
        "at": at.isoformat(),
        "at_ms": at_ms,
        "failure": {"code": failure.code, "reason": failure.reason} if failure else None,
        "until": until.isoformat() if until else None,
        "wall_zero_ms": wall_zero_ms or None,
        "duration_ms": duration_ms,
        "highlight_count": highlights,
    }
    return News("state", at, data)


def present_state(stream: Stream) -> News:
    """The state a stream is in, for whoever begins to watch."""
    live = stream.live
    if stream.state.terminal or live is None:
        at = stream.ended_at if stream.state.terminal and stream.ended_at else stream.updated_at
        return state_news(
            stream.id,
            stream.state,
            at,
            failure=stream.failure,
            duration_ms=stream.duration_ms,
            highlights=stream.highlights,
        )
    return state_news(
        stream.id, live.state, live.since, failure=live.reason, until=live.quiet_until, wall_zero_ms=live.wall_zero_ms
    )


def gap_news(stream: str, at: datetime, gap: dict[str, Any]) -> News:
    """A part of the source could not be read; `gap` as the API says it."""
    return News("gap", at, {"stream_id": stream, **gap})


def missed_news(stream: str, at: datetime, first: int, last: int) -> News:
    """What these numbers told is not kept any longer: ask for the stream and its highlights."""
    return News("missed", at, {"stream_id": stream, "first": first, "last": last})


def reconnect_news(at: datetime, code: str, reason: str) -> News:
    """The feed ends here without having ended: connect again with the id of the last event."""
    return News("reconnect", at, {"code": code, "reason": reason})
