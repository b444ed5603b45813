"""What the times of a replay mean in stream time, told by their range against the length of the media."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

from tldr_ingest.domain.chat.report import ChatNote
from tldr_ingest.domain.chat.times import DATES, TimeKind, WrittenTime

_SECOND, _MILLISECOND, _DAY = 1000.0, 1.0, 86_400_000.0
# A recording and its chat end within this of each other where both are of the same part.
_NEAR_MS = 60_000
_WIDE = 0.25

_MILLISECONDS = ChatNote(
    "chat_times_in_milliseconds",
    "The times of the chat were read as milliseconds, since as seconds they lie behind the recording. Name the column "
    "time_in_seconds if they are seconds.",
)
_DAYS = ChatNote(
    "chat_times_in_days",
    "The times of the chat were read as shares of a day, as spreadsheets write them. Name the column time_in_seconds if "
    "they are seconds.",
)
_DATES = ChatNote(
    "chat_times_from_first",
    "The times of the chat are dates; the first message was taken for the start of the recording. Give media_started_at, "
    "when the recording began, if it was written later.",
)
_WITHOUT_ZONE = ChatNote(
    "chat_dates_without_zone",
    "The times of the chat are dates without a time zone and were read as UTC. If they are in another zone, give "
    "media_started_at as the same clock showed it, with Z behind it.",
)
_START_UNUSED = ChatNote(
    "chat_start_unused",
    "The times of the chat are no dates, so media_started_at says nothing of them. Give offset_ms if they do not count from "
    "the start of the recording.",
)
_TRIMMED = ChatNote(
    "chat_times_from_trim",
    "The chat was cut out of a longer broadcast; its times were counted from where it was cut. Give an offset_ms other than "
    "0 if they must count from the start of the broadcast.",
)
_WHOLE = ChatNote(
    "chat_times_from_broadcast",
    "The chat was cut out of a longer broadcast, but the recording is long enough to be all of it; times were counted from "
    "the start of the broadcast. Give offset_ms if the recording was cut as well.",
)


@dataclass(frozen=True, slots=True)
class Trim:
    """The part of a broadcast that a replay was cut to; `end_s` is 0 where unknown."""

    start_s: float
    end_s: float = 0


@dataclass(frozen=True, slots=True)
class Scale:
    """Stream time of a written value: `factor * value + shift_ms`."""

    factor: float
    shift_ms: float


@dataclass(frozen=True, slots=True)
class Clock:
    """How each kind of time is read; a kind that is missing is no time of this replay."""

    scales: dict[TimeKind, Scale]
    notes: tuple[ChatNote, ...] = ()


@dataclass(slots=True)
class _Inside:
    """The times that lie within the media under one reading."""

    number: int = 0
    first_ms: float = math.inf
    last_ms: float = -math.inf

    def add(self, at_ms: float) -> None:
        self.number += 1
        self.first_ms = min(self.first_ms, at_ms)
        self.last_ms = max(self.last_ms, at_ms)

    @property
    def span_ms(self) -> float:
        return self.last_ms - self.first_ms


@dataclass(slots=True)
class TimeEvidence:
    """What is known of a replay's times before any of them is read. `media_ms` and `offset_ms` are the stream's.

    `started_at_ms`: since 1970, when the recording began, where the customer says it.
    """

    media_ms: int
    offset_ms: int
    started_at_ms: int | None = None
    trim: Trim | None = None
    kinds: dict[TimeKind, int] = field(default_factory=lambda: dict.fromkeys(TimeKind, 0))
    first_date: float = math.inf
    _inside: dict[float, _Inside] = field(
        default_factory=lambda: {factor: _Inside() for factor in (_SECOND, _MILLISECOND, _DAY)}
    )
    _largest: float = 0

    def add(self, time: WrittenTime) -> None:
        """Take one into account."""
        self.kinds[time.kind] += 1
        if time.kind in DATES:
            self.first_date = min(self.first_date, time.value)
        elif time.kind is TimeKind.NUMBER and math.isfinite(time.value):
            self._largest = max(self._largest, time.value)
            for factor, inside in self._inside.items():
                if 0 <= (at := factor * time.value + self.offset_ms) < self.media_ms:
                    inside.add(at)

    def clock(self) -> Clock:
        """The likeliest reading, and what to tell of it. An offset that was given counts from the replay's own zero."""
        shift, notes = self._origin()
        number, note = self._number()
        dates = sum(self.kinds[kind] for kind in DATES)
        scales = {TimeKind.LENGTH: Scale(_SECOND, shift), TimeKind.NUMBER: Scale(number, shift)}
        told = [*notes, note]
        if self.started_at_ms is not None:
            scales |= self._dates_from(self.started_at_ms)
            told += [_WITHOUT_ZONE if self.kinds[TimeKind.LOCAL_DATE] else None, None if dates else _START_UNUSED]
        elif dates > self.kinds[TimeKind.LENGTH] + self.kinds[TimeKind.NUMBER]:
            scales = self._dates_from(_SECOND * self.first_date)
            told = [*notes, None if self.offset_ms else _DATES]
        return Clock(scales, tuple(one for one in told if one))

    def _dates_from(self, zero_ms: float) -> dict[TimeKind, Scale]:
        return dict.fromkeys(DATES, Scale(_SECOND, self.offset_ms - zero_ms))

    def _origin(self) -> tuple[float, tuple[ChatNote, ...]]:
        trim = self.trim
        if trim is None or trim.start_s <= 0 or self.offset_ms:
            return self.offset_ms, ()
        length_ms = _SECOND * (trim.end_s - trim.start_s)
        if 0 < length_ms < self.media_ms - _NEAR_MS and _SECOND * trim.end_s <= self.media_ms + _NEAR_MS:
            return 0, (_WHOLE,)
        return -_SECOND * trim.start_s, (_TRIMMED,)

    def _number(self) -> tuple[float, ChatNote | None]:
        as_seconds, as_days = self._inside[_SECOND], self._inside[_DAY]
        as_milliseconds, numbers = self._inside[_MILLISECOND], self.kinds[TimeKind.NUMBER]
        # A chat of another recording must not become one: it has to lie all over this one.
        wide = self.media_ms * _WIDE
        if self._largest < 1 and as_days.number >= as_seconds.number and as_days.span_ms > wide:
            return _DAY, _DAYS
        if 2 * as_seconds.number < numbers < 2 * as_milliseconds.number and as_milliseconds.span_ms > wide:
            return _MILLISECOND, _MILLISECONDS
        return _SECOND, None
