"""What must look at several organizations: quiet streams, old records. Under the system role."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from tldr_contracts.ids import OrganizationId, StreamId
from tldr_database import Database
from tldr_gateway.adapters.tables import (
    api_keys,
    attempts,
    email_proofs,
    feed_events,
    idempotency,
    runs,
    sessions,
    streams,
    uploads,
)
from tldr_gateway.application.streams.fail_stalled import Quiet
from tldr_gateway.domain.runs.run import RunState
from tldr_gateway.domain.streams.source import UploadedObject
from tldr_gateway.domain.streams.stream import Failure, State

_BATCH = 100


@dataclass(frozen=True, slots=True)
class PostgresSweeps:
    """Finds what has stalled or has been kept long enough."""

    database: Database

    async def quiet(self, *, working_since: datetime, waiting_since: datetime) -> Sequence[Quiet]:
        """Streams at work that have not been heard of, longest first."""
        limit = sa.case((streams.c.state == State.PENDING, waiting_since), else_=working_since)
        # A live source that is waited for is not quiet before that is over.
        heard = sa.func.greatest(streams.c.moved_at, sa.func.coalesce(streams.c.quiet_until, streams.c.moved_at))
        query = (
            sa.select(streams.c.organization_id, streams.c.stream_id, streams.c.moved_at, streams.c.progress_mark)
            .where(streams.c.state.in_([State.PENDING, State.PROCESSING]), streams.c.moved_at < limit, heard < limit)
            .order_by(streams.c.moved_at)
            .limit(_BATCH)
        )
        async with self.database.system() as transaction:
            rows = await transaction.execute(query)
            return [
                Quiet(OrganizationId(row.organization_id), StreamId(row.stream_id), row.moved_at, row.progress_mark)
                for row in rows
            ]

    async def fail_runs(self, *, now: datetime, asked_before: datetime, failure: Failure) -> None:
        """Runs that were asked for so long ago and have not settled have failed."""
        stalled = runs.c.state.in_([RunState.PENDING, RunState.PROCESSING]) & (runs.c.created_at < asked_before)
        values = {"failure_code": failure.code, "failure_reason": failure.reason, "completed_at": now}
        async with self.database.system() as transaction:
            await transaction.execute(sa.update(runs).where(stalled).values(state=RunState.FAILED, **values))

    async def mark_for_deletion(self, *, now: datetime, unused_since: datetime) -> Sequence[UploadedObject]:
        """Uploads to be deleted: no stream can use them from now on.

        Those whose streams are gone, once nobody can PUT to their address any more, and those that were never used.
        """
        expired = sa.or_(sa.and_(uploads.c.released, uploads.c.expires_at < now), uploads.c.expires_at < unused_since)
        old = sa.select(uploads.c.upload_id).where(uploads.c.uses == 0, expired).limit(_BATCH)
        mark = (
            sa.update(uploads)
            # Again, because a submission may have counted itself in since the inner query looked.
            .where(uploads.c.upload_id.in_(old), uploads.c.uses == 0)
            .values(deleting=True)
            .returning(uploads)
        )
        async with self.database.system() as transaction:
            rows = await transaction.execute(mark)
            return [
                UploadedObject(row.upload_id, row.bucket, row.key, row.size_bytes, row.content_type) for row in rows
            ]

    async def forget_upload(self, upload: UploadedObject) -> None:
        """Its object is gone."""
        async with self.database.system() as transaction:
            await transaction.execute(
                sa.delete(uploads).where(uploads.c.upload_id == upload.id, uploads.c.deleting.is_(True))
            )

    async def forget_answers(self, before: datetime) -> None:
        """Delete idempotency records from before then."""
        async with self.database.system() as transaction:
            await transaction.execute(sa.delete(idempotency).where(idempotency.c.created_at < before))

    async def forget_news(self, before: datetime) -> None:
        """Delete what feeds told before then."""
        async with self.database.system() as transaction:
            await transaction.execute(sa.delete(feed_events).where(feed_events.c.at < before))

    async def forget_people(self, now: datetime) -> None:
        """Delete proofs of e-mail, sessions and counts of tries that are over."""
        async with self.database.system() as transaction:
            for table, end in ((email_proofs, "expires_at"), (sessions, "expires_at"), (attempts, "until")):
                await transaction.execute(sa.delete(table).where(table.c[end] < now))

    async def forget_keys(self, before: datetime) -> None:
        """Delete keys that were revoked or had expired before then."""
        ended = sa.func.least(api_keys.c.revoked_at, api_keys.c.expires_at)
        async with self.database.system() as transaction:
            await transaction.execute(sa.delete(api_keys).where(ended < before))

    async def forget_audit_entries(self, before: datetime) -> None:
        """Delete the entries of the audit log from before then; the database itself does it, and refuses those of a year."""
        async with self.database.system() as transaction:
            await transaction.execute(sa.select(sa.func.forget_audit_entries(before)))
