"""What ids, names, texts, addresses and cursors may look like, before anything else sees them."""

import re
from typing import Annotated

from fastapi import Header, Path
from pydantic import (
    AfterValidator,
    AnyUrl,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    Strict,
    StringConstraints,
    UrlConstraints,
)

_ID = r"^[A-Za-z0-9_-]{1,64}$"
_CHANNEL_LENGTH = 100
LARGEST = 2**63 - 1
"""The largest number that the database takes."""

Text = Annotated[str, Field(pattern=r"^[^\x00]*$")]
"""PostgreSQL stores no NUL."""
Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200, pattern=r"^[^\x00]+$")]
Id = Annotated[str, Field(pattern=_ID)]
IdPath = Annotated[str, Path(pattern=_ID)]
"""An id in a path goes into the paths of questions to other services, so it is nothing but an id."""
IfMatch = Annotated[
    str | None, Header(max_length=1000, description="Change it only where its `ETag` is still this one; else 412.")
]
WebUrl = Annotated[
    AnyUrl,
    UrlConstraints(allowed_schemes=["http", "https"], max_length=2000),
    Field(json_schema_extra={"pattern": "^[Hh][Tt][Tt][Pp][Ss]?://"}),
]


def _date_as_text(written: object) -> object:
    if isinstance(written, str) and re.match(r"\d{4}-\d\d-\d\d[Tt]", written):
        return written
    raise ValueError("write a date and time with its zone, as 2026-01-31T20:15:00Z")


Integer = Annotated[int, Strict()]
"""As the schema says: neither `"10"` nor `true`."""
Number = Annotated[float, Strict()]
Flag = Annotated[bool, Strict()]

Instant = Annotated[AwareDatetime, BeforeValidator(_date_as_text)]
"""A date and time with its zone, as text: a number is seconds to one and milliseconds to another."""


class RequestBody(BaseModel):
    """A body that a customer sends: a field that nobody reads is refused, not dropped."""

    model_config = ConfigDict(extra="forbid")


def _channel(name: str) -> str:
    folded = name.casefold()
    if len(folded) > _CHANNEL_LENGTH or not folded.isprintable():
        raise ValueError(f"use at most {_CHANNEL_LENGTH} characters, each of which can be seen")
    return folded


Channel = Annotated[str, StringConstraints(strip_whitespace=True, max_length=_CHANNEL_LENGTH), AfterValidator(_channel)]
"""In small letters, because people write a name in either."""
