"""The analysis queue over the service's jobs."""

from collections.abc import Sequence
from dataclasses import dataclass

from tldr_contracts.ids import StreamId
from tldr_database import Transaction
from tldr_jobs import Jobs, NewJob
from tldr_video_analysis.domain.figures.figures import Modality
from tldr_video_analysis.domain.segments.segment import Window
from tldr_video_analysis.domain.streams.analysed_stream import AnalysedStream

ANALYSE = "analyse-window"
_LIVE_FIRST = 1
"""Enough to go ahead of an organization's recordings; the share between organizations stays what their plans say."""


@dataclass(frozen=True, slots=True)
class JobAnalysisQueue:
    """One job for each window, asked for in the transaction at hand."""

    jobs: Jobs
    transaction: Transaction
    organization: str
    lane: int

    async def ask(self, stream: AnalysedStream, windows: Sequence[Window], *, only: Modality | None = None) -> None:
        """All of them in one statement. Windows of a recording run side by side; the key is for a window that was asked for
        twice. Those of a live stream are the next ones whenever they are asked for: what is behind is done together.
        """
        priority = stream.request.priority if stream.request else 0
        beside = {"only": str(only)} if only else {}
        jobs = [
            NewJob(
                ANALYSE,
                self.organization,
                stream.id,
                {"lane": self.lane, "first_second": window.first_second, "end_second": window.end_second, **beside},
                key=":".join((stream.id, *beside.values())) if stream.live else f"{stream.id}:{window.first_second}",
                priority=priority + _LIVE_FIRST if stream.live else priority,
                by_age=stream.live,
            )
            for window in windows
        ]
        await self.jobs.enqueue(self.transaction, *jobs)

    async def cancel(self, stream: StreamId) -> None:
        """Take them away."""
        await self.jobs.cancel(self.transaction, stream)
