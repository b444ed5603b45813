"""Times as replays write them: lengths, bare numbers, dates."""

from __future__ import annotations

import math
import re
from datetime import UTC, datetime
from enum import IntEnum
from typing import Final, NamedTuple

_CLOCK = re.compile(r"([+-]?)(?:(\d{1,4}):)?(\d{1,3}):(\d{1,2}(?:[.,]\d+)?)")
_UNITS = re.compile(r"([+-]?)(?:(\d+)d)?\s*(?:(\d+)h)?\s*(?:(\d+)m)?\s*(?:(\d+(?:[.,]\d+)?)s)?", re.IGNORECASE)
_MILLISECONDS = re.compile(r"([+-]?\d+)\s*ms", re.IGNORECASE)
_DATE = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d")
# Seconds since 1970 from 1973 on; three years are no time in a stream.
_FIRST_DATE = 1e8


class TimeKind(IntEnum):
    """What a written time says by itself."""

    LENGTH = 0
    """Seconds, said as such: a clock, units, a field that holds seconds by definition."""
    NUMBER = 1
    """A bare number: seconds, milliseconds, or a share of a day."""
    DATE = 2
    """A date and time, in seconds since 1970."""
    LOCAL_DATE = 3
    """The same without a zone, as if it were UTC."""


DATES: Final = (TimeKind.DATE, TimeKind.LOCAL_DATE)


class WrittenTime(NamedTuple):
    """A time as it was written; not finite where the number is none."""

    kind: TimeKind
    value: float


def written_time(written: object) -> WrittenTime | None:
    """What stands in a row, or None where it is no time."""
    if isinstance(written, str):
        return _of_text(written.strip())
    if isinstance(written, bool) or not isinstance(written, int | float):
        return None
    return _of_number(written)


def seconds(written: object, per_second: int = 1) -> WrittenTime | None:
    """What stands in a field that holds seconds (or `per_second` parts of one) by definition."""
    found = written_time(written)
    return found and WrittenTime(TimeKind.LENGTH, found.value / per_second)


def unix_time(written: object, per_second: int) -> WrittenTime | None:
    """What stands in a field that holds a date by definition."""
    try:
        return WrittenTime(TimeKind.DATE, float(written) / per_second)  # type: ignore[arg-type]
    except (TypeError, ValueError, OverflowError):
        return None


def _of_text(text: str) -> WrittenTime | None:  # noqa: PLR0911 - a form a line
    if text.isdecimal():  # most of them
        return _of_number(float(text))
    if clock := _CLOCK.fullmatch(text):
        sign, hours, minutes, rest = clock.groups()
        return _length(sign, 3600 * int(hours or 0) + 60 * int(minutes) + _decimal(rest))
    if milliseconds := _MILLISECONDS.fullmatch(text):
        return WrittenTime(TimeKind.LENGTH, _decimal(milliseconds[1]) / 1000)
    if text[-1:].isalpha() and (units := _UNITS.fullmatch(text)):
        sign, *parts = units.groups()
        if any(parts):
            amounts = [_decimal(part or "0") for part in parts]
            return _length(sign, sum(map(float.__mul__, amounts, (86_400.0, 3600.0, 60.0, 1.0))))
    if _DATE.match(text):
        return _of_date(text)
    try:
        return _of_number(_decimal(text))
    except ValueError:
        return None


def _of_date(text: str) -> WrittenTime | None:
    try:
        date = datetime.fromisoformat(text.removesuffix("UTC").rstrip().replace(",", "."))
    except ValueError:
        return None
    if date.tzinfo is None:
        return WrittenTime(TimeKind.LOCAL_DATE, date.replace(tzinfo=UTC).timestamp())
    return WrittenTime(TimeKind.DATE, date.timestamp())


def _of_number(number: float) -> WrittenTime:
    try:
        value = float(number)
    except OverflowError:
        value = math.inf
    if math.isfinite(value) and value >= _FIRST_DATE:
        return WrittenTime(TimeKind.DATE, value / (1 if value < 1e11 else 1e3 if value < 1e14 else 1e6))
    return WrittenTime(TimeKind.NUMBER, value)


def _length(sign: str, value: float) -> WrittenTime:
    return WrittenTime(TimeKind.LENGTH, -value if sign == "-" else value)


def _decimal(text: str) -> float:
    return float(text.replace(",", ".", 1)) if "_" not in text else math.nan
