"""Entity tags: what is changed is what was seen, as `If-Match` of RFC 9110 asks for it."""

import hashlib
import json
from typing import Any

from tldr_web.problems import Problem


def etag_of(document: Any) -> str:
    """The strong tag of a JSON document: the same for the same content, whoever makes it."""
    return f'"{hashlib.sha256(json.dumps(document, sort_keys=True, default=str).encode()).hexdigest()[:32]}"'


def require_match(if_match: str | None, etag: str) -> None:
    """Problem 412 where the caller saw something else. Without the header anything will do, as with `*`."""
    if if_match is None or if_match.strip() == "*":
        return
    if etag not in {tag.strip() for tag in if_match.split(",")}:
        detail = "It was changed since you read it. Read it again, and send your change with its new ETag."
        raise Problem(412, "precondition_failed", detail, headers={"etag": etag})
