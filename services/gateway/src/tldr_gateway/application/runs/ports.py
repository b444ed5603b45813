"""What the use cases about runs need, in the words of the domain."""

from collections.abc import Sequence
from typing import Protocol

from tldr_contracts.ids import RunId, StreamId
from tldr_gateway.domain.runs.run import Run


class Runs(Protocol):
    """The runs of one organization's streams. They go with their stream."""

    async def get(self, stream: StreamId, run: RunId) -> Run | None:
        """One of a stream's."""

    async def put(self, run: Run) -> None:
        """Add it, or replace it as a whole."""

    async def of_stream(self, stream: StreamId) -> Sequence[Run]:
        """Those of a stream, oldest first."""

    async def waiting(self) -> int:
        """How many of the organization were asked for and have not settled."""
