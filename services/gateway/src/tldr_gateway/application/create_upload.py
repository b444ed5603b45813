"""A place to upload a file to."""

from dataclasses import dataclass
from datetime import timedelta

from tldr_contracts.ids import OrganizationId, new_id
from tldr_gateway.application.errors import UploadTooLarge
from tldr_gateway.application.ports import Files, Organizations, Upload, Uploads
from tldr_gateway.domain.source import UploadedObject
from tldr_service import Clock
from tldr_storage import bucket_of

UPLOAD_LIFETIME = timedelta(hours=6)
CHAT_BYTES = 512 << 20


@dataclass(frozen=True, slots=True)
class CreateUpload:
    """Give a customer a signed address to PUT a file to."""

    organizations: Organizations
    uploads: Uploads
    files: Files
    clock: Clock

    async def __call__(
        self, organization: OrganizationId, *, kind: str, size_bytes: int, content_type: str
    ) -> tuple[Upload, str]:
        """The upload and its address; UploadTooLarge when the announced size exceeds the plan's."""
        limit = upload_limit((await self.organizations.get(organization)).plan.upload_bytes, kind)
        if size_bytes > limit:
            raise UploadTooLarge(limit)
        now = self.clock.now()
        upload_id = new_id("upl")
        place = UploadedObject(
            upload_id, bucket_of(organization), f"uploads/{upload_id}/{kind}", size_bytes, content_type
        )
        upload = Upload(place, kind, now, now + UPLOAD_LIFETIME)
        await self.uploads.add(upload)
        return upload, await self.files.upload_url(place)


def upload_limit(plan_bytes: int, kind: str) -> int:
    """How large an upload may be."""
    return plan_bytes if kind == "media" else min(plan_bytes, CHAT_BYTES)
