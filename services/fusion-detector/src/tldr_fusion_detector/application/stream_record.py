"""What this service keeps of a stream: what was asked for, what its source is, and where its work stands."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from tldr_contracts.ids import RunId, StreamId
from tldr_fusion_detector.domain.signals.baseline import Mode
from tldr_fusion_detector.domain.signals.signals import Modality
from tldr_streams.values import Failure


class Standing(StrEnum):
    """Where a stream stands, by the gateway's word."""

    ACTIVE = "active"
    FAILED = "failed"
    COMPLETED = "completed"
    CANCELLED = "cancelled"
    DELETED = "deleted"


@dataclass(frozen=True, slots=True)
class Request:
    """What came with the request.

    `profile` is a document that `read_profile` takes. `chat`: whether there is any. `channel` is empty where there is none.
    """

    priority: int
    mode: Mode
    chat: bool
    profile: Mapping[str, Any]
    channel: str = ""


@dataclass(frozen=True, slots=True)
class Source:
    """What ingest said of picture and sound, with the attempts in which it said so (0: never)."""

    opened_attempt: int = 0
    modalities: tuple[Modality, ...] = ()
    claimed_ms: int = 0
    ended_attempt: int = 0
    duration_ms: int = 0
    failure: Failure | None = None


@dataclass(frozen=True, slots=True)
class StreamRecord:
    """A stream. Its row is made by whatever event comes first, so `request` may still be missing."""

    id: StreamId
    attempt: int = 1
    standing: Standing = Standing.ACTIVE
    request: Request | None = None
    source: Source = field(default_factory=Source)
    run: RunId | None = None

    @property
    def dropped(self) -> bool:
        """Whether nothing that comes about it matters any more."""
        return self.standing in (Standing.CANCELLED, Standing.DELETED)

    @property
    def workable(self) -> bool:
        """Whether there is anything to be detected now."""
        return self.standing is Standing.ACTIVE and self.request is not None and self.run is not None

    def at_attempt(self, attempt: int) -> "StreamRecord":
        """The stream in a later attempt: its work begins anew, with a run of its own, on the signals that are there."""
        return replace(self, attempt=attempt, standing=Standing.ACTIVE, run=None)
