"""Wake-ups over the service's jobs: one armed job for each stream, one more for each rescore."""

from dataclasses import dataclass
from datetime import timedelta

from tldr_contracts.ids import RunId, StreamId
from tldr_database import Transaction
from tldr_fusion_detector.application.stream_record import StreamRecord
from tldr_jobs import Jobs, NewJob

ADVANCE = "advance-stream"
RESCORE = "rescore-stream"
# An advance of a recording over twelve hours takes 2.5 s, over three minutes 15 ms: the pace slows by itself once for each hour.
_SLOWER_BY_MS = 3_600_000


@dataclass(frozen=True, slots=True)
class JobWakeups:
    """Arms the job in the transaction at hand. `pace` is the least time between advances that nothing hurries."""

    jobs: Jobs
    transaction: Transaction
    organization: str
    lane: int
    pace: timedelta

    async def wake(self, record: StreamRecord, *, soon: bool, until_ms: int = 0) -> None:
        """Arm the stream's job; one that waits already comes earlier, never later."""
        slower = 1.0 if record.live else 1 + until_ms / _SLOWER_BY_MS
        await self.wake_in(record, timedelta() if soon else self.pace * slower)

    async def wake_in(self, record: StreamRecord, delay: timedelta) -> None:
        """The same job, after a delay."""
        if record.request is None or not record.workable:
            return
        priority, payload = record.request.priority, {"lane": self.lane}
        job = NewJob(ADVANCE, self.organization, record.id, payload, key=record.id, priority=priority, delay=delay)
        await self.jobs.arm(self.transaction, job)

    async def rescore(self, record: StreamRecord, run: RunId) -> None:
        """One job for each run; with the stream's key, so that its runs are made one after the other."""
        priority = record.request.priority if record.request else 0
        payload = {"lane": self.lane, "run": run}
        job = NewJob(RESCORE, self.organization, record.id, payload, key=record.id, priority=priority)
        await self.jobs.enqueue(self.transaction, job)

    async def cancel(self, stream: StreamId) -> None:
        """Take the stream's jobs back, a running one too."""
        await self.jobs.cancel(self.transaction, stream)
