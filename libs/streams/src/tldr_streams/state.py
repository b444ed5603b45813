"""Where a stream stands by the gateway's word, as every service keeps it."""

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Self

from tldr_contracts.ids import StreamId


class StreamState(StrEnum):
    """active: worked on. failed: it rests, and may be retried. The others are final."""

    ACTIVE = "active"
    FAILED = "failed"
    COMPLETED = "completed"
    CANCELLED = "cancelled"
    DELETED = "deleted"


_FINALITY = {state: place for place, state in enumerate(StreamState)}


@dataclass(frozen=True, slots=True)
class FollowedStream:
    """A stream that a service follows; services add what else they keep of it.

    Kafka gives no order across topics: an event of attempt 2 may come before the word that attempt 1 failed. So `attempt` is
    the latest heard of, from whatever event, and what is said of an older one changes nothing. Each method returns the
    stream itself where nothing changes.
    """

    id: StreamId
    state: StreamState = StreamState.ACTIVE
    attempt: int = 1

    @property
    def active(self) -> bool:
        """Whether it is worked on."""
        return self.state is StreamState.ACTIVE

    @property
    def over(self) -> bool:
        """Whether it can never be worked on again."""
        return self.state in (StreamState.COMPLETED, StreamState.CANCELLED, StreamState.DELETED)

    @property
    def dropped(self) -> bool:
        """Whether nothing that comes about it matters any more."""
        return self.state in (StreamState.CANCELLED, StreamState.DELETED)

    def at_attempt(self, attempt: int) -> Self:
        """The stream in a later attempt, which is worked on."""
        if self.over or attempt <= self.attempt:
            return self
        return replace(self, attempt=attempt, state=StreamState.ACTIVE)

    def failed(self, attempt: int) -> Self:
        """The gateway gave this attempt up."""
        if self.over or attempt < self.attempt or (attempt == self.attempt and not self.active):
            return self
        return replace(self, attempt=attempt, state=StreamState.FAILED)

    def finished(self, state: StreamState) -> Self:
        """The stream in a final state; a deletion is the last word, a cancellation outdoes a completion."""
        return replace(self, state=state) if _FINALITY[state] > _FINALITY[self.state] else self
