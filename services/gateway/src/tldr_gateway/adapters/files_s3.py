"""The organization's bucket, over the object store."""

from dataclasses import dataclass

from tldr_gateway.application.create_upload import UPLOAD_LIFETIME
from tldr_gateway.domain.source import UploadedObject
from tldr_storage import ObjectMissing, ObjectStore


@dataclass(frozen=True, slots=True)
class StoredFiles:
    """Files in the object store."""

    objects: ObjectStore

    async def upload_url(self, upload: UploadedObject) -> str:
        """A signed address to PUT the file to."""
        await self.objects.ensure_bucket(upload.bucket)
        return self.objects.upload_url(upload.bucket, upload.key, UPLOAD_LIFETIME)

    async def found(self, upload: UploadedObject) -> UploadedObject | None:
        """The object with its real size."""
        try:
            stored = await self.objects.stat(upload.bucket, upload.key)
        except ObjectMissing:
            return None
        return UploadedObject(upload.bucket, upload.key, stored.size_bytes, upload.content_type)
