"""What a customer says of a highlight: words of theirs, and where they would have it begin and end."""

from dataclasses import dataclass
from enum import StrEnum

from tldr_streams.values import Failure


@dataclass(frozen=True, slots=True)
class Edits:
    """Words that stand in place of detection's, or beside them. A `title` of None is detection's own."""

    title: str | None = None
    description: str = ""
    tags: tuple[str, ...] = ()


class Verdict(StrEnum):
    """Whether it was one."""

    ACCEPTED = "accepted"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class Trim:
    """A clip with another start and end, in milliseconds of stream time, that is being cut or could not be cut.

    `revision`: the highlight's once it is ready.
    """

    revision: int
    start_ms: int
    end_ms: int
    failure: Failure | None = None

    def awaited(self, revision: int) -> bool:
        """Whether it is waited for as this revision."""
        return self.failure is None and self.revision == revision
