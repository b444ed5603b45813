"""How far a stream is, for its feed: the questions that its page asks as well."""

from dataclasses import dataclass
from typing import Any

from tldr_contracts.ids import OrganizationId, StreamId
from tldr_gateway.application.streams.progress import ProgressQuestions


@dataclass(frozen=True, slots=True)
class TellProgress:
    """Asked once for all viewers of a stream."""

    questions: ProgressQuestions

    async def __call__(self, organization: OrganizationId, stream: StreamId) -> dict[str, Any]:
        """The figures."""
        seen = await self.questions.progress(organization, stream)
        return {
            "stream_id": stream,
            "read_until_ms": seen.read_until_ms,
            "analysed_until_ms": seen.analysed_until_ms,
            "edge_lag_s": seen.source.edge_lag_s,
            "reconnects": seen.source.reconnects,
        }
