"""What the gateway does by itself: it fails streams that do not move, and forgets what was kept long enough."""

from dataclasses import dataclass
from datetime import timedelta

from tldr_gateway.adapters.sweeps_postgres import PostgresSweeps
from tldr_gateway.application.ports import Files
from tldr_gateway.application.streams.fail_stalled import FailStalled
from tldr_gateway.domain.streams.stream import Failure
from tldr_service import BackgroundTask, Clock

_KEYS_KEPT = timedelta(days=90)
RUN_STALLED = Failure("stalled", "The rescore has not ended for too long. Ask for it again, or tell the operator.")


@dataclass(frozen=True, slots=True)
class Background:
    """The background tasks of this service."""

    fail_stalled: FailStalled
    sweeps: PostgresSweeps
    files: Files
    clock: Clock
    runs_limit: timedelta
    answers_kept: timedelta
    news_kept: timedelta
    uploads_kept: timedelta
    audit_kept: timedelta
    look_every_s: float
    sweep_every_s: float

    def tasks(self) -> tuple[BackgroundTask, ...]:
        """Each with its interval."""
        return (
            BackgroundTask("fail stalled streams", self.fail_stalled, interval_s=self.look_every_s),
            BackgroundTask("fail stalled runs", self.fail_runs, interval_s=self.look_every_s),
            BackgroundTask("forget old records", self.forget_records, interval_s=self.sweep_every_s),
            BackgroundTask("delete unused uploads", self.delete_uploads, interval_s=self.sweep_every_s),
        )

    async def fail_runs(self) -> None:
        """A rescore that nobody settles would hold its place for ever."""
        now = self.clock.now()
        await self.sweeps.fail_runs(now=now, asked_before=now - self.runs_limit, failure=RUN_STALLED)

    async def forget_records(self) -> None:
        """Delete answers, keys, news and entries of the audit log that were kept long enough."""
        now = self.clock.now()
        await self.sweeps.forget_answers(now - self.answers_kept)
        await self.sweeps.forget_keys(now - _KEYS_KEPT)
        await self.sweeps.forget_news(now - self.news_kept)
        await self.sweeps.forget_people(now)
        await self.sweeps.forget_audit_entries(now - self.audit_kept)

    async def delete_uploads(self) -> None:
        """Objects first, rows after: a row without an object is found again, an object without a row never."""
        now = self.clock.now()
        for upload in await self.sweeps.mark_for_deletion(now=now, unused_since=now - self.uploads_kept):
            await self.files.delete(upload)
            await self.sweeps.forget_upload(upload)
