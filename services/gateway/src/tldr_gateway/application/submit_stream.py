"""A customer submits a stream."""

from dataclasses import dataclass, field
from typing import Any

from tldr_contracts.ids import OrganizationId, StreamId, new_id
from tldr_gateway.application.admit_stream import AdmitStream
from tldr_gateway.application.choose_profile import choose_profile
from tldr_gateway.application.create_upload import upload_limit
from tldr_gateway.application.errors import (
    UploadDiffers,
    UploadEmpty,
    UploadMissing,
    UploadNotFound,
    UploadTooLarge,
    WrongUpload,
)
from tldr_gateway.application.ports import Addresses, Announcements, Files, Organizations, Profiles, Streams, Uploads
from tldr_gateway.domain.lanes import lane_of
from tldr_gateway.domain.plans import Plan
from tldr_gateway.domain.source import Address, ChatFormat, ChatSource, Source, SourceKind, UploadedObject, channel_at
from tldr_gateway.domain.stream import SUBMISSION, State
from tldr_gateway.domain.submission import Stream
from tldr_service import Clock


@dataclass(frozen=True, slots=True)
class Place:
    """Where a file is: one of an upload's id and an address."""

    upload: str | None = None
    url: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Submission:
    """What was asked for. `processing` overrides the preset's figures; without a `channel` the address may name one."""

    title: str
    media: Place
    kind: SourceKind
    preset: str
    chat: Place | None = None
    chat_format: ChatFormat = ChatFormat.AUTO
    chat_offset_ms: int = 0
    processing: dict[str, Any] | None = None
    metadata: dict[str, str] | None = None
    channel: str | None = None


@dataclass(frozen=True, slots=True)
class SubmitStream:
    """Check a submission, keep it and tell the mesh."""

    organizations: Organizations
    streams: Streams
    uploads: Uploads
    files: Files
    addresses: Addresses
    profiles: Profiles
    announcements: Announcements
    admit: AdmitStream
    clock: Clock

    async def __call__(self, organization: OrganizationId, submission: Submission) -> Stream:
        """The new stream, pending; a Problem says what to correct."""
        profile = choose_profile(self.profiles, submission.preset, submission.processing)
        plan = (await self.organizations.get(organization)).plan
        media = await self._upload(submission.media, "media", plan)
        chat = await self._chat(submission, plan)
        # Last, because others wait for the lock and the object store may be slow.
        await self.admit(organization)
        now = self.clock.now()
        stream_id = StreamId(new_id("str"))
        stream = Stream(
            id=stream_id,
            organization=organization,
            title=submission.title,
            source=Source(submission.kind, upload=media, address=self._address(submission.media)),
            chat=chat,
            profile=profile,
            lane=lane_of(organization, stream_id, plan.lanes),
            priority=plan.priority,
            state=State.PENDING,
            attempt=1,
            created_at=now,
            updated_at=now,
            metadata=submission.metadata or {},
            channel=channel_at(submission.media.url) if submission.channel is None else submission.channel,
        )
        await self.streams.add(stream)
        await self.streams.record(stream.id, SUBMISSION, attempt=1, at=now, detail=submission.title)
        await self.announcements.requested(stream)
        return stream

    async def _chat(self, submission: Submission, plan: Plan) -> ChatSource | None:
        if submission.chat is None:
            return None
        upload = await self._upload(submission.chat, "chat", plan)
        address = self._address(submission.chat)
        return ChatSource(submission.chat_format, submission.chat_offset_ms, upload=upload, address=address)

    def _address(self, place: Place) -> Address | None:
        return self.addresses.kept(place.url) if place.url else None

    async def _upload(self, place: Place, kind: str, plan: Plan) -> UploadedObject | None:
        if place.upload is None:
            return None
        upload = await self.uploads.use(place.upload)
        if upload is None:
            raise UploadNotFound
        if upload.kind != kind:
            raise WrongUpload(kind)
        found = await self.files.found(upload.object)
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
