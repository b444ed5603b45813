"""Jobs: windows to analyse."""

from dataclasses import dataclass
from datetime import timedelta

from tldr_contracts.ids import StreamId
from tldr_database import Transaction
from tldr_jobs import ExhaustedJob, RunningJob, Worker
from tldr_streams.transactions import Transactions
from tldr_video_analysis.adapters.streams.analysis_queue_jobs import ANALYSE
from tldr_video_analysis.adapters.streams.work_postgres import WorkFactory
from tldr_video_analysis.application.analyse_window import AnalyseWindow
from tldr_video_analysis.application.give_up_window import GiveUpWindow
from tldr_video_analysis.domain.figures.figures import Modality
from tldr_video_analysis.domain.segments.segment import Window

_ATTEMPTS = 10
"""With the delays between them some four minutes: an object store may be away for so long before a window is given up."""
_LIMIT = timedelta(minutes=30)
"""A segment that hangs its analyser is tried three times, each up to the analyser's own deadline."""


@dataclass(frozen=True, slots=True)
class JobHandlers:
    """The workers of this service."""

    work: WorkFactory
    analyse_window: AnalyseWindow
    windows_at_once: int
    spare: int

    def workers(self) -> tuple[Worker, ...]:
        """Who runs which kind of job."""
        return (
            Worker(
                ANALYSE,
                self.analyse,
                self.give_up,
                concurrency=self.windows_at_once,
                spare=self.spare,
                attempts=_ATTEMPTS,
                limit=_LIMIT,
            ),
        )

    async def analyse(self, job: RunningJob) -> None:
        """Analyse one window."""
        only = job.payload.get("only")
        await self.analyse_window(
            StreamId(job.subject),
            Window(job.payload["first_second"], job.payload["end_second"]),
            Transactions.of(job, self.work),
            attempt=job.attempt,
            last=job.attempt >= _ATTEMPTS,
            only=Modality(only) if only else None,
        )

    async def give_up(self, transaction: Transaction, job: ExhaustedJob) -> None:
        """The window is a gap, and the stream goes on behind it."""
        window = Window(job.payload["first_second"], job.payload["end_second"])
        work = self.work(transaction, job.organization, job.payload["lane"])
        await GiveUpWindow(work)(StreamId(job.subject), window)
