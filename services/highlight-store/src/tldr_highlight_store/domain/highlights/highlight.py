"""A highlight as it was detected, and what is kept of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from tldr_contracts.ids import HighlightId, RunId, StreamId
from tldr_highlight_store.domain.highlights.edits import Edits, Trim, Verdict
from tldr_streams.values import Failure, StoredObject


class HighlightState(StrEnum):
    """How sure a highlight is to stay."""

    PROVISIONAL = "provisional"
    FINAL = "final"
    RETRACTED = "retracted"


class ClipState(StrEnum):
    """What became of a highlight's clip."""

    WAITING = "waiting"
    READY = "ready"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Highlight:
    """A moment that matters; times in milliseconds of stream time, `end_ms` exclusive.

    `details` is what else detection says of it (types, score, title, reason, …), under the names of the published language:
    kept once, shown and told as it is. A field of its own has only what this service works with.
    """

    id: HighlightId
    stream: StreamId
    run: RunId
    revision: int
    state: HighlightState
    start_ms: int
    end_ms: int
    peak_ms: int
    details: Mapping[str, Any] = field(default_factory=dict)
    cut: ClipState = ClipState.WAITING
    clip: StoredObject | None = None
    thumbnail: StoredObject | None = None
    failure: Failure | None = None
    rescore: bool = False
    wanted: bool = False
    """Whether a clip of this revision was asked for, though another one may follow."""
    edits: Edits = field(default_factory=Edits)
    verdict: Verdict | None = None
    trim: Trim | None = None
    deleted: bool = False
    """Whether the customer deleted it. It is retracted then, and holds nothing: what is heard of it later changes nothing."""
    created_at: datetime | None = field(default=None, compare=False)
    """When it was heard of first; given when it is kept."""

    @property
    def told(self) -> Mapping[str, Any]:
        """Its details with the customer's title in place of detection's, where there is one."""
        return self.details if self.edits.title is None else {**self.details, "title": self.edits.title}

    @property
    def worth_cutting(self) -> bool:
        """What will not change any more is cut, and of what may change the revision of which a clip was asked for."""
        settled = self.state is HighlightState.FINAL or (self.wanted and self.state is HighlightState.PROVISIONAL)
        return settled and self.cut is ClipState.WAITING

    @property
    def final(self) -> bool:
        """Whether it will not change any more."""
        return self.state is HighlightState.FINAL

    def shows_the_same(self, other: "Highlight") -> bool:
        """Whether a clip and picture of one are those of the other."""
        return (self.start_ms, self.end_ms, self.peak_ms) == (other.start_ms, other.end_ms, other.peak_ms)

    def to_cut(self, revision: int) -> "Highlight | None":
        """The highlight as a clip of this revision shows it, where such a clip is wanted: it, or what a trim makes of it."""
        if self.trim and self.trim.awaited(revision):
            return self.trimmed(self.trim)
        return self if self.revision == revision and self.worth_cutting else None

    def trimmed(self, trim: Trim) -> "Highlight":
        """With the trim's start and end, at its revision; its clip is to be cut."""
        return replace(
            self,
            revision=trim.revision,
            start_ms=trim.start_ms,
            end_ms=trim.end_ms,
            peak_ms=min(max(self.peak_ms, trim.start_ms), trim.end_ms - 1),
            cut=ClipState.WAITING,
            trim=None,
        )

    def gone(self) -> "Highlight":
        """What is left of it when the customer deletes it, at the next revision."""
        return Highlight(
            id=self.id,
            stream=self.stream,
            run=self.run,
            revision=max(self.revision, self.trim.revision if self.trim else 0) + 1,
            state=HighlightState.RETRACTED,
            start_ms=self.start_ms,
            end_ms=self.end_ms,
            peak_ms=self.peak_ms,
            cut=ClipState.FAILED,
            rescore=self.rescore,
            deleted=True,
        )
