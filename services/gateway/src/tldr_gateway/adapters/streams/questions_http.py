"""Questions to the services that work on streams, over internal HTTP."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from tldr_contracts.ids import OrganizationId, StreamId
from tldr_gateway.application.streams.progress import Progress, SourceProgress
from tldr_web import InternalClient, UpstreamUnavailable

# A customer who asks for a stream does not wait for a service that hangs.
_ANSWER_S = 2.0


@dataclass(frozen=True, slots=True)
class HttpProgressQuestions:
    """Asks ingest what it read and fusion-detector what it has seen of it."""

    internal: InternalClient

    async def progress(self, organization: OrganizationId, stream: StreamId) -> Progress:
        """How far a stream is."""
        path = f"/internal/streams/{stream}/progress"
        read, analysed = await asyncio.gather(
            self._ask("ingest", organization, path), self._ask("fusion-detector", organization, path)
        )
        silent = read is None or analysed is None
        read, analysed = read or {}, analysed or {}
        return Progress(
            read_until_ms=read.get("read_until_ms"),
            source_ended=read.get("ended"),
            claimed_duration_ms=read.get("claimed_duration_ms"),
            analysed_until_ms=analysed.get("complete_until_ms"),
            source=_source(read.get("live") or {}),
            silent=silent,
        )

    async def chat(self, organization: OrganizationId, stream: StreamId) -> dict[str, Any] | None:
        """What became of its chat."""
        answer = await self._ask("ingest", organization, f"/internal/streams/{stream}/progress")
        if answer is None:
            raise UpstreamUnavailable("ingest")
        return answer.get("chat")

    async def gaps(self, organization: OrganizationId, stream: StreamId) -> Sequence[dict[str, Any]]:
        """What is missing so far, as the detector knows it: every gap passes through it."""
        response = await self.internal.request(
            "fusion-detector", organization, "GET", f"/internal/streams/{stream}/gaps"
        )
        found: list[dict[str, Any]] = response.json()["gaps"] if response.is_success else []
        return found

    async def _ask(self, service: str, organization: OrganizationId, path: str) -> dict[str, Any] | None:
        try:
            response = await self.internal.request(service, organization, "GET", path, answer_s=_ANSWER_S)
        except UpstreamUnavailable:
            return None
        found: dict[str, Any] = response.json() if response.is_success else {}
        return found


def _source(live: dict[str, Any]) -> SourceProgress:
    """What ingest says of a live source; a wall clock of 0 is not known, nor how far it is behind before its first segment."""
    known = bool(live.get("wall_zero_ms"))
    return SourceProgress(
        edge_lag_s=live.get("lag_s") if live.get("last_segment_at_ms") else None,
        reconnects=live.get("reconnects"),
        wall_zero_ms=live.get("wall_zero_ms") if known else None,
        wall_uncertainty_ms=live.get("uncertainty_ms") if known else None,
    )
