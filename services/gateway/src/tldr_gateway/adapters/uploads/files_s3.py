"""The organization's bucket, over the object store."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace

from tldr_contracts.ids import OrganizationId
from tldr_gateway.application.uploads.create_upload import UPLOAD_LIFETIME
from tldr_gateway.application.uploads.errors import StorageUnavailable
from tldr_gateway.domain.streams.source import UploadedObject
from tldr_storage import ObjectMissing, ObjectStore, bucket_of

# Two questions fit into the time that a request has.
_ANSWER_S = 8.0


@dataclass(frozen=True, slots=True)
class StoredFiles:
    """Files in the object store, which a customer does not wait for longer than `_ANSWER_S`."""

    objects: ObjectStore

    async def ready(self, organization: OrganizationId) -> None:
        """Make the bucket where there is none yet."""
        async with _in_time():
            await self.objects.ensure_bucket(bucket_of(organization))

    def upload_url(self, upload: UploadedObject) -> str:
        """A signed address to PUT the file to, of the announced size only."""
        return self.objects.upload_url(upload.bucket, upload.key, UPLOAD_LIFETIME, size_bytes=upload.size_bytes)

    async def found(self, upload: UploadedObject) -> UploadedObject | None:
        """The object with its real size."""
        try:
            async with _in_time():
                stored = await self.objects.stat(upload.bucket, upload.key)
        except ObjectMissing:
            return None
        return replace(upload, size_bytes=stored.size_bytes, stored_at_s=stored.stored_at_s)

    async def delete(self, upload: UploadedObject) -> None:
        """Delete the object, if there is one."""
        await self.objects.delete(upload.bucket, upload.key)


@asynccontextmanager
async def _in_time() -> AsyncIterator[None]:
    try:
        async with asyncio.timeout(_ANSWER_S):
            yield
    except OSError as error:  # a TimeoutError is one
        raise StorageUnavailable from error
