"""Versions as entity tags: what a caller saw is what it means to change."""

import re
from typing import Annotated

from fastapi import Header, Response

IfMatch = Annotated[
    str | None,
    Header(
        max_length=1000,
        description="The `ETag` of the version that you mean to change; another one is refused (412). "
        "Without it, whatever is there is changed.",
    ),
]
_TAG = re.compile(r'(?:W/)?"[^"]*"')


def tag(response: Response, version: int) -> None:
    """Say which version an answer shows."""
    response.headers["etag"] = f'"{version}"'


def seen(if_match: str | None) -> frozenset[int] | None:
    """The versions that match; None: every one. Weak tags and tags of other answers match nothing."""
    if if_match is None or if_match.strip() == "*":
        return None
    tags = (found.strip('"') for found in _TAG.findall(if_match) if not found.startswith("W/"))
    return frozenset(int(one) for one in tags if one.isascii() and one.isdecimal())
