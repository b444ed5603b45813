"""Cursors: where a page of a list ends, sealed, so that nobody makes one, and for that list alone."""

import hashlib
import json
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import Field

from tldr_secrets import Sealer
from tldr_web import Problem

Cursor = Annotated[str | None, Field(max_length=600, description="The `next_cursor` of an earlier answer, as it is.")]


@dataclass(frozen=True, slots=True)
class Cursors:
    """Seals and opens them. A list is told from others by its name, its organization and what it is filtered by."""

    sealer: Sealer

    def seal(self, of: tuple[Any, ...], *place: str) -> str:
        """A cursor that leads behind `place` in the list `of`."""
        return self.sealer.seal(json.dumps([_digest(of), *place]))

    def open(self, of: tuple[Any, ...], cursor: str) -> list[str]:
        """The place it leads to; Problem 422 for what no answer of this list ever held."""
        try:
            digest, *place = json.loads(self.sealer.open(cursor))
        except (ValueError, TypeError):
            digest, place = "", []
        if digest != _digest(of):
            detail = (
                "Use the `next_cursor` of an earlier answer as it is, with the filters and the order of that request."
            )
            raise Problem(422, "invalid_cursor", detail)
        return [str(part) for part in place]


def _digest(of: tuple[Any, ...]) -> str:
    return hashlib.sha256(json.dumps(of, default=str).encode()).hexdigest()[:16]
