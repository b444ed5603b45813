"""The jobs that write letters."""

from dataclasses import dataclass
from datetime import timedelta

from tldr_contracts.ids import OrganizationId
from tldr_database import Transaction
from tldr_gateway.adapters.members.letters_jobs import PROVE, RESET
from tldr_gateway.application.members.write_letter import WriteLetter
from tldr_jobs import ExhaustedJob, RunningJob, Worker
from tldr_telemetry import logger

_log = logger(__name__)
_ATTEMPTS, _BACKOFF, _LIMIT = 10, timedelta(seconds=5), timedelta(minutes=1)
"""Some six minutes in which a mail server may be away. Whoever waits for a letter asks again after that."""


@dataclass(frozen=True, slots=True)
class LetterJobs:
    """The handlers."""

    write: WriteLetter

    def workers(self) -> tuple[Worker, ...]:
        """Who runs them."""
        kinds = {PROVE: self.prove, RESET: self.reset_password}
        return tuple(
            Worker(kind, run, self.given_up, concurrency=4, attempts=_ATTEMPTS, backoff=_BACKOFF, limit=_LIMIT)
            for kind, run in kinds.items()
        )

    async def prove(self, job: RunningJob) -> None:
        """For a registration or an invitation."""
        await self.write.prove(OrganizationId(job.organization), job.subject)

    async def reset_password(self, job: RunningJob) -> None:
        """For whoever has the address."""
        await self.write.reset_password(job.payload["email"])

    async def given_up(self, transaction: Transaction, job: ExhaustedJob) -> None:
        """The operator is told; to whom the letter was to go is nobody's business."""
        _log.error("a letter was given up", kind=job.kind, job=job.id, code="letter_given_up", reason=job.reason)
