"""Identifiers: a prefix that says what it names, and a UUIDv7 that sorts by time of creation."""

from datetime import datetime
from typing import NewType

import uuid_utils

OrganizationId = NewType("OrganizationId", str)
StreamId = NewType("StreamId", str)
HighlightId = NewType("HighlightId", str)
RunId = NewType("RunId", str)
ScorerId = NewType("ScorerId", str)


def new_id(prefix: str) -> str:
    """A fresh identifier such as `str_0199c2c8f5a97c1e8d2f6b7a3e4d5c6b`."""
    return f"{prefix}_{uuid_utils.uuid7().hex}"


def earliest_id(prefix: str, at: datetime) -> str:
    """What ids made at that time or later are not less than: for ranges of time over a column of ids. To a millisecond."""
    return f"{prefix}_{max(0, int(at.timestamp() * 1000)):012x}"
