"""How far a stream is: a question to the services that work on it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from tldr_contracts.ids import OrganizationId, StreamId


@dataclass(frozen=True, slots=True)
class SourceProgress:
    """How a live source is read, as ingest says: how far behind its edge, how often it came back, and stream time 0 by the
    wall clock (milliseconds since 1970), give or take the uncertainty. None where it is not known.
    """

    edge_lag_s: float | None = None
    reconnects: int | None = None
    wall_zero_ms: int | None = None
    wall_uncertainty_ms: int | None = None


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a stream is, as the services that know say; None where it is not known, or they were `silent` just now."""

    read_until_ms: int | None
    source_ended: bool | None
    claimed_duration_ms: int | None
    analysed_until_ms: int | None
    source: SourceProgress = SourceProgress()
    silent: bool = False


class ProgressQuestions(Protocol):
    """Questions to the services that work on streams."""

    async def progress(self, organization: OrganizationId, stream: StreamId) -> Progress:
        """How far it is; never raises, an answer that does not come is None and `silent`."""

    async def chat(self, organization: OrganizationId, stream: StreamId) -> dict[str, Any] | None:
        """What became of its chat, as ingest says; None where it has none, UpstreamUnavailable when it does not answer."""

    async def gaps(self, organization: OrganizationId, stream: StreamId) -> Sequence[dict[str, Any]]:
        """What could not be read, decoded or scored so far; UpstreamUnavailable when a service does not answer."""
