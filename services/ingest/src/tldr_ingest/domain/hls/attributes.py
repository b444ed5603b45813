"""Attribute lists of playlist tags, where a quoted string may hold commas."""

from __future__ import annotations

import re
from datetime import UTC, datetime

_ATTRIBUTE = re.compile(r'\s*([A-Z0-9-]+)\s*=\s*("[^"]*"|[^,]*)\s*(?:,|$)')


def attributes(text: str) -> dict[str, str]:
    """`A=1,B="x,y"` as a dictionary, quotes taken off. What cannot be read is left out."""
    return {name: value.strip().strip('"') for name, value in _ATTRIBUTE.findall(text)}


def whole(text: str | None, default: int = 0) -> int:
    """A decimal integer of at most 20 digits, as the RFC allows."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) <= 20 else default


def seconds(text: str | None) -> float | None:
    """Decimal seconds, None where there are none. NaN, infinity and a negative time are none."""
    try:
        value = float(text or "")
    except ValueError:
        return None
    return value if 0 <= value < 1e9 else None


def date_ms(text: str | None) -> int | None:
    """An ISO 8601 date in milliseconds since 1970; one without a zone is UTC."""
    try:
        date = datetime.fromisoformat((text or "").strip())
    except ValueError:
        return None
    date = date if date.tzinfo else date.replace(tzinfo=UTC)
    try:
        return round(date.timestamp() * 1000)
    except (OverflowError, ValueError):
        return None
