"""A stream as far as it concerns its highlights: how far its source is there, and which run is shown."""

from dataclasses import dataclass, replace
from typing import Self

from tldr_contracts.ids import RunId
from tldr_streams.state import FollowedStream


@dataclass(frozen=True, slots=True)
class Request:
    """What of a request matters here."""

    priority: int
    live: bool = False


@dataclass(frozen=True, slots=True)
class Stream(FollowedStream):
    """One stream. While it has failed, clips that are asked for are still cut; when it is dropped, what comes is ignored.

    read_until_ms: the source is stored up to here. ended_attempt: the last attempt whose source has ended, 0 for none.
    default_run: the run whose highlights are shown. looks: runs that are never that one. segments_deleted: nothing can be
    cut any more. live: only a window of its source is kept while it runs. trimmed_until_ms: segments before this time may
    have been deleted.
    """

    priority: int = 0
    read_until_ms: int = 0
    ended_attempt: int = 0
    default_run: RunId | None = None
    segments_deleted: bool = False
    live: bool = False
    trimmed_until_ms: int = 0
    looks: tuple[RunId, ...] = ()

    @property
    def source_ended(self) -> bool:
        """Whether no further segment comes, as far as is known."""
        return not self.active or self.ended_attempt >= self.attempt

    def read_to(self, end_ms: int) -> bool:
        """Whether all segments before this time are known, as far as there are any."""
        return self.read_until_ms >= end_ms or self.ended_attempt >= self.attempt

    def having_read(self, until_ms: int, *, ended_attempt: int = 0) -> Self:
        """The stream with its source read up to here, to its end in that attempt; never goes back."""
        return replace(
            self,
            read_until_ms=max(self.read_until_ms, until_ms),
            ended_attempt=max(self.ended_attempt, ended_attempt),
        )

    def showing(self, run: RunId) -> Self:
        """The stream with a settled run to show: of two that settle, the one that was asked for later. Ids of runs grow. A
        look is not shown.
        """
        return self if run in self.looks else replace(self, default_run=max(self.default_run or run, run))

    def looked_at_by(self, run: RunId) -> Self:
        """The stream with a run that is but a look, of which it is heard before the run settles."""
        return self if run in self.looks else replace(self, looks=(*self.looks, run))
