"""What this service keeps of a stream: what was asked for, what its source is, and under which run it is."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Self

from tldr_contracts.ids import RunId
from tldr_fusion_detector.domain.signals.baseline import Mode
from tldr_fusion_detector.domain.signals.signals import Modality
from tldr_streams.state import FollowedStream, StreamState
from tldr_streams.values import Failure


@dataclass(frozen=True, slots=True)
class Request:
    """What came with the request.

    `profile` is a document that `read_profile` takes. `chat`: whether there is any. `channel` is empty where there is none.
    `external`: whether telemetry is waited for.
    """

    priority: int
    mode: Mode
    chat: bool
    profile: Mapping[str, Any]
    channel: str = ""
    external: bool = False


@dataclass(frozen=True, slots=True)
class Source:
    """What ingest said of picture and sound, with the attempts in which it said so (0: never).

    `wall_zero_ms`: the wall clock at stream time 0, in milliseconds since 1970; 0 where it is not known.
    """

    opened_attempt: int = 0
    modalities: tuple[Modality, ...] = ()
    claimed_ms: int = 0
    ended_attempt: int = 0
    duration_ms: int = 0
    failure: Failure | None = None
    wall_zero_ms: int = 0


@dataclass(frozen=True, slots=True)
class StreamRecord(FollowedStream):
    """A stream. Its row is made by whatever event comes first, so `request` may still be missing."""

    request: Request | None = None
    source: Source = field(default_factory=Source)
    run: RunId | None = None

    @property
    def workable(self) -> bool:
        """Whether there is anything to be detected now."""
        return self.active and self.request is not None and self.run is not None

    @property
    def live(self) -> bool:
        """Whether it is known to be detected on as it happens."""
        return self.request is not None and self.request.mode is Mode.LIVE

    def at_attempt(self, attempt: int) -> Self:
        """The stream in a later attempt: its work begins anew, with a run of its own, on the signals that are there.

        A live stream goes on in the run it is in: what that has promised stays.
        """
        later = FollowedStream.at_attempt(self, attempt)
        return later if later is self or self.live else replace(later, run=None)

    def finished(self, state: StreamState) -> Self:
        """The stream in a final state; of a deleted one it is not kept what was asked for."""
        ended = FollowedStream.finished(self, state)
        return ended if ended is self or state is not StreamState.DELETED else replace(ended, request=None)
