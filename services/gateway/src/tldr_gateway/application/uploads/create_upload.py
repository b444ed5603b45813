"""A place to upload a file to."""

from dataclasses import dataclass
from datetime import timedelta

from tldr_contracts.ids import OrganizationId, new_id
from tldr_gateway.application.ports import Organizations, Upload, Uploads
from tldr_gateway.application.uploads.errors import TooMuchPromised, UploadTooLarge
from tldr_gateway.domain.streams.source import UploadedObject
from tldr_service import Clock
from tldr_storage import bucket_of

UPLOAD_LIFETIME = timedelta(hours=6)
CHAT_BYTES = 512 << 20


@dataclass(frozen=True, slots=True)
class CreateUpload:
    """Promise a customer a place for a file; its signed address is asked for when the promise is kept."""

    organizations: Organizations
    uploads: Uploads
    clock: Clock

    async def __call__(self, organization: OrganizationId, *, kind: str, size_bytes: int, content_type: str) -> Upload:
        """The upload; UploadTooLarge, or TooMuchPromised, when the announced size exceeds the plan's."""
        # So that two requests never share what is left of the plan.
        plan = (await self.organizations.lock(organization)).plan
        limit = upload_limit(plan.upload_bytes, kind)
        if size_bytes > limit:
            raise UploadTooLarge(limit)
        now = self.clock.now()
        if await self.uploads.promised_bytes(now) + size_bytes > plan.promised_bytes:
            raise TooMuchPromised(plan.promised_bytes)
        upload_id = new_id("upl")
        place = UploadedObject(
            upload_id, bucket_of(organization), f"uploads/{upload_id}/{kind}", size_bytes, content_type
        )
        upload = Upload(place, kind, now, now + UPLOAD_LIFETIME)
        await self.uploads.add(upload)
        return upload


def upload_limit(plan_bytes: int, kind: str) -> int:
    """How large an upload may be."""
    return plan_bytes if kind == "media" else min(plan_bytes, CHAT_BYTES)
