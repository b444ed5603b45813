"""Something an organization configured: a document with a name, kept in every version it had."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

MAX_CONFIGURED = 100
"""As many of a kind an organization may have."""
MAX_VERSIONS = 500
"""As many versions are kept of one; there is no further one then."""


class Kind(StrEnum):
    """What can be configured."""

    DIMENSION_SET = "dimension_set"
    HIGHLIGHT_TYPE = "highlight_type"
    PROCESSING_CONFIG = "processing_config"

    @property
    def prefix(self) -> str:
        """What ids of this kind begin with."""
        return {"dimension_set": "set", "highlight_type": "typ", "processing_config": "cfg"}[self]

    @property
    def words(self) -> str:
        """The kind in a sentence."""
        return self.replace("_", " ")


@dataclass(frozen=True, slots=True)
class Configured:
    """One version, 1 being the first. `document` is what the API shows of it. A preset belongs to nobody and is never changed."""

    id: str
    kind: Kind
    version: int
    name: str
    document: dict[str, Any]
    created_at: datetime | None
    changed_at: datetime | None
    changed_by: str | None
    preset: bool = False

    def changed(self, name: str, document: dict[str, Any], *, at: datetime, by: str) -> "Configured":
        """The next version."""
        return replace(
            self, version=self.version + 1, name=name, document=document, changed_at=at, changed_by=by, preset=False
        )


@dataclass(frozen=True, slots=True)
class Head:
    """What there is, without what it says."""

    id: str
    kind: Kind
    version: int
    name: str


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with which field of a document; `field` is a path such as `dimensions.0.weight`."""

    field: str
    problem: str
