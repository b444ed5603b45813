"""A customer submits a stream."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from tldr_contracts.ids import OrganizationId, StreamId, new_id
from tldr_gateway.application.errors import (
    LiveNotSupported,
    SiteNotSupported,
    UploadDiffers,
    UploadEmpty,
    UploadMissing,
    UploadNotFound,
    UploadTooLarge,
    WrongUpload,
)
from tldr_gateway.application.ports import Addresses, Announcements, Organizations, Profiles, Streams, Uploads
from tldr_gateway.application.streams.admit_stream import AdmitStream
from tldr_gateway.application.streams.choose_profile import choose_profile
from tldr_gateway.application.uploads.create_upload import upload_limit
from tldr_gateway.domain.accounts.plans import Plan
from tldr_gateway.domain.streams.lanes import lane_of
from tldr_gateway.domain.streams.source import (
    Address,
    ChatFormat,
    ChatSource,
    Source,
    SourceKind,
    UploadedObject,
    channel_at,
    site_at,
)
from tldr_gateway.domain.streams.stream import SUBMISSION, State
from tldr_gateway.domain.streams.submission import Stream
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
    media_started_at: datetime | None = None
    processing: dict[str, Any] | None = None
    metadata: dict[str, str] | None = None
    channel: str | None = None

    @property
    def uploads(self) -> tuple[str, ...]:
        """The uploads it names."""
        return tuple(place.upload for place in (self.media, self.chat) if place and place.upload)


@dataclass(frozen=True, slots=True)
class SubmitStream:
    """Check a submission, keep it and tell the mesh."""

    organizations: Organizations
    streams: Streams
    uploads: Uploads
    addresses: Addresses
    profiles: Profiles
    announcements: Announcements
    admit: AdmitStream
    clock: Clock

    async def __call__(
        self, organization: OrganizationId, submission: Submission, found: Mapping[str, UploadedObject]
    ) -> Stream:
        """The new stream, pending; a Problem says what to correct. `found`: what lies where its uploads were to be put."""
        _refuse_what_cannot_be_read(submission)
        profile = choose_profile(self.profiles, submission.preset, submission.processing)
        plan = (await self.organizations.get(organization)).plan
        media = await self._upload(submission.media, "media", plan, found)
        chat = await self._chat(submission, plan, found)
        # Last, because others wait for the lock.
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

    async def _chat(self, submission: Submission, plan: Plan, found: Mapping[str, UploadedObject]) -> ChatSource | None:
        if submission.chat is None:
            return None
        upload = await self._upload(submission.chat, "chat", plan, found)
        address = self._address(submission.chat)
        started_at = submission.media_started_at
        return ChatSource(
            submission.chat_format,
            submission.chat_offset_ms,
            upload=upload,
            address=address,
            media_started_at_ms=None if started_at is None else round(1000 * started_at.timestamp()),
        )

    def _address(self, place: Place) -> Address | None:
        return self.addresses.kept(place.url) if place.url else None

    async def _upload(
        self, place: Place, kind: str, plan: Plan, there: Mapping[str, UploadedObject]
    ) -> UploadedObject | None:
        if place.upload is None:
            return None
        upload = await self.uploads.use(place.upload)
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


def _refuse_what_cannot_be_read(submission: Submission) -> None:
    if submission.kind is SourceKind.LIVE:
        raise LiveNotSupported
    for place in (submission.media, submission.chat):
        if place and place.url and (site := site_at(place.url)):
            raise SiteNotSupported(site)
