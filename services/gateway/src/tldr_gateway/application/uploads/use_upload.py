"""A stream is submitted with an upload."""

from collections.abc import Mapping
from dataclasses import dataclass

from tldr_gateway.application.ports import Uploads
from tldr_gateway.application.uploads.create_upload import upload_limit
from tldr_gateway.application.uploads.errors import (
    UploadDiffers,
    UploadEmpty,
    UploadMissing,
    UploadNotFound,
    UploadTooLarge,
    WrongUpload,
)
from tldr_gateway.domain.accounts.plans import Plan
from tldr_gateway.domain.streams.source import UploadedObject


@dataclass(frozen=True, slots=True)
class UseUpload:
    """Keep an upload for as long as the stream that is being submitted."""

    uploads: Uploads

    async def __call__(self, name: str, kind: str, plan: Plan, there: Mapping[str, UploadedObject]) -> UploadedObject:
        """The object that lies `there`; a Problem says what is wrong with it."""
        upload = await self.uploads.use(name)
        if upload is None:
            raise UploadNotFound
        if upload.kind != kind:
            raise WrongUpload(kind)
        found = there.get(upload.id)
        if found is None:
            raise UploadMissing
        if not found.size_bytes:
            raise UploadEmpty
        limit = upload_limit(plan.upload_bytes, kind)
        if found.size_bytes > limit:
            raise UploadTooLarge(limit)
        if found.size_bytes != upload.object.size_bytes:
            raise UploadDiffers(upload.object.size_bytes, found.size_bytes)
        return found
