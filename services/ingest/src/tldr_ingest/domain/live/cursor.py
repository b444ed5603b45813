"""Where reading a live source goes on behind a stored segment, and what of its pieces lies in segments."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from tldr_ingest.domain.live.clock import ClockState
from tldr_ingest.domain.live.feed import PieceMark, WallSource


@dataclass(frozen=True, slots=True)
class Begun:
    """A piece behind the cursor's mark of which the first packets of picture and sound lie in segments already."""

    clock: str
    sequence: int
    video: int
    audio: int


@dataclass(frozen=True, slots=True)
class LiveCursor:
    """Kept beside a segment: integers and short strings only.

    `mark`: the last piece that lies in segments as a whole, None where the first one does not. `clock`: as it stood behind
    it. `anchor`: the last segment that starts with a keyframe. `coding`: short for how picture and sound are coded.
    """

    index: int
    end_ms: int
    anchor: int
    coding: str
    mark: PieceMark | None
    clock: ClockState
    begun: tuple[Begun, ...] = ()

    @classmethod
    def of_document(cls, document: dict[str, Any]) -> LiveCursor:
        """Out of what `asdict` made, also through JSON."""
        mark, clock = document["mark"], document["clock"]
        return cls(
            **{
                **document,
                "mark": PieceMark(**{**mark, "wall_source": WallSource(mark["wall_source"])}) if mark else None,
                "clock": ClockState(
                    **{
                        **clock,
                        "wall_source": WallSource(clock["wall_source"]),
                        "deviations_ms": tuple(clock["deviations_ms"]),
                    }
                ),
                "begun": tuple(Begun(**one) for one in document["begun"]),
            }
        )


@dataclass(frozen=True, slots=True)
class Going:
    """Where an earlier reading came to: behind which segment, up to where stream time was told of, what there is (of the
    modalities, by their names; none where nothing was read).
    """

    after: LiveCursor | None = None
    told_ms: int = 0
    modalities: tuple[str, ...] = ()


@dataclass(slots=True)
class _Read:
    """A piece that was read: how many packets it has and how many lie in segments, and the clock before and behind it."""

    mark: PieceMark
    before: ClockState
    behind: ClockState
    video: int
    audio: int
    taken_video: int
    taken_audio: int

    @property
    def whole(self) -> bool:
        return self.taken_video >= self.video and self.taken_audio >= self.audio


class Pieces:
    """Counts which packets of which pieces were taken into segments. Holds the pieces of the segments at work only."""

    def __init__(self, after: LiveCursor | None = None) -> None:
        self._begun = {(one.clock, one.sequence): one for one in after.begun} if after else {}
        self._mark = after.mark if after else None
        self._clock = after.clock if after else None
        self._reading: deque[_Read] = deque()
        self._first = 0

    def read(self, mark: PieceMark, before: ClockState, behind: ClockState, video: int, audio: int) -> int:
        """A piece was read; its number. `before`, `behind`: the clock when it was placed, and at its end."""
        self._reading.append(_Read(mark, before, behind, video, audio, *self.stored(mark)))
        self._forget_whole()
        return self._first + len(self._reading) - 1

    def behind(self, number: int, clock: ClockState) -> None:
        """The clock behind a piece, when more of it was placed."""
        if number >= self._first:
            self._reading[number - self._first].behind = clock
        elif number == self._first - 1:
            self._clock = clock

    def stored(self, mark: PieceMark) -> tuple[int, int]:
        """How many packets of picture and sound of a piece lie in segments of an earlier reading."""
        known = self._begun.get((mark.clock, mark.sequence))
        return (known.video, known.audio) if known else (0, 0)

    def took(self, packets: Iterable[tuple[int, bool]]) -> None:
        """Packets went into a segment: the number of each one's piece, and whether it is a picture."""
        for number, video in packets:
            piece = self._reading[number - self._first]
            if video:
                piece.taken_video += 1
            else:
                piece.taken_audio += 1
        self._forget_whole()

    def cursor(self, index: int, end_ms: int, anchor: int, coding: str) -> LiveCursor:
        """Behind the packets taken so far."""
        begun = tuple(
            Begun(one.mark.clock, one.mark.sequence, one.taken_video, one.taken_audio)
            for one in self._reading
            if one.taken_video or one.taken_audio
        )
        first = self._reading[0] if self._reading else None
        # A piece that was begun has its place; what was missing before it is not said again.
        clock = first.before if first is not None and begun else self._clock
        assert clock is not None  # noqa: S101 - a segment has packets of a piece
        return LiveCursor(index, end_ms, anchor, coding, self._mark, clock, begun)

    def _forget_whole(self) -> None:
        while self._reading and self._reading[0].whole:
            piece = self._reading.popleft()
            self._first += 1
            self._mark, self._clock = piece.mark, piece.behind


def placed_at(clock: ClockState, start_ms: int) -> ClockState:
    """The clock when a piece was placed, before it was read."""
    return replace(clock, position_ms=start_ms)
