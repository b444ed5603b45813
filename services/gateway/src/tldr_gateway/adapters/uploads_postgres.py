"""Uploads in PostgreSQL."""

from dataclasses import dataclass

import sqlalchemy as sa

from tldr_database import Transaction
from tldr_gateway.adapters.tables import uploads
from tldr_gateway.application.ports import Upload
from tldr_gateway.domain.source import UploadedObject


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

    async def get(self, upload: str) -> Upload | None:
        """One of them."""
        row = (await self.transaction.execute(sa.select(uploads).where(uploads.c.upload_id == upload))).one_or_none()
        if row is None:
            return None
        placed = UploadedObject(row.bucket, row.key, row.size_bytes, row.content_type)
        return Upload(row.upload_id, placed, row.kind, row.created_at, row.expires_at)
