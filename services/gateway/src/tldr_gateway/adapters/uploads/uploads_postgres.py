"""Uploads in PostgreSQL."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from tldr_database import Transaction
from tldr_gateway.adapters.tables import uploads
from tldr_gateway.application.ports import Upload
from tldr_gateway.domain.streams.source import UploadedObject


@dataclass(frozen=True, slots=True)
class PostgresUploads:
    """Uploads of the organization that the transaction is bound to."""

    transaction: Transaction
    organization: str

    async def add(self, upload: Upload) -> None:
        """Keep an upload."""
        await self.transaction.execute(
            sa.insert(uploads).values(
                upload_id=upload.id,
                organization_id=self.organization,
                kind=upload.kind,
                bucket=upload.object.bucket,
                key=upload.object.key,
                size_bytes=upload.object.size_bytes,
                content_type=upload.object.content_type,
                created_at=upload.created_at,
                expires_at=upload.expires_at,
            )
        )

    async def get(self, ids: Sequence[str]) -> Sequence[Upload]:
        """Those of them that there are."""
        query = sa.select(uploads).where(uploads.c.upload_id.in_(ids), uploads.c.deleting.is_(False))
        return [_upload(row) for row in await self.transaction.execute(query)]

    async def promised_bytes(self, now: datetime) -> int:
        """What may still be put at the addresses that were given out and that no stream uses."""
        total = sa.func.coalesce(sa.func.sum(uploads.c.size_bytes), 0)
        query = sa.select(total).where(uploads.c.uses == 0, uploads.c.released.is_(False), uploads.c.expires_at > now)
        return int((await self.transaction.execute(query)).scalar_one())

    async def use(self, upload: str) -> Upload | None:
        """One of them, counted as used by one more stream; never one that is about to be deleted."""
        found = await self.transaction.execute(
            sa.update(uploads)
            .where(uploads.c.upload_id == upload, uploads.c.deleting.is_(False))
            .values(uses=uploads.c.uses + 1)
            .returning(uploads)
        )
        row = found.one_or_none()
        return _upload(row) if row else None

    async def release(self, ids: Sequence[str]) -> None:
        """Count one stream less for each."""
        for upload in sorted(ids):
            await self.transaction.execute(
                sa.update(uploads)
                .where(uploads.c.upload_id == upload)
                .values(uses=uploads.c.uses - 1, released=uploads.c.uses == 1)
            )


def _upload(row: Any) -> Upload:
    placed = UploadedObject(row.upload_id, row.bucket, row.key, row.size_bytes, row.content_type)
    return Upload(placed, row.kind, row.created_at, row.expires_at)
