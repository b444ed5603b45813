"""A customer submits a stream."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from tldr_contracts.ids import OrganizationId, StreamId, new_id
from tldr_gateway.application.configuration.choose_profile import ChooseProfile
from tldr_gateway.application.ports import Addresses, Announcements, Organizations, Streams
from tldr_gateway.application.streams.admit_stream import AdmitStream
from tldr_gateway.application.streams.choose_chat import choose_chat
from tldr_gateway.application.streams.errors import TooLongForPlan
from tldr_gateway.application.streams.submission import Following, Place, Submission
from tldr_gateway.application.uploads.use_upload import UseUpload
from tldr_gateway.domain.accounts.plans import Plan
from tldr_gateway.domain.streams.lanes import lane_of
from tldr_gateway.domain.streams.source import (
    Address,
    Chat,
    ChatSource,
    LiveChat,
    LiveSettings,
    Push,
    Source,
    SourceKind,
    UploadedObject,
    channel_at,
    live_source_at,
)
from tldr_gateway.domain.streams.stream import SUBMISSION, State
from tldr_gateway.domain.streams.stream_key import digest_of, new_stream_key
from tldr_gateway.domain.streams.submission import Stream
from tldr_service import Clock

_File = tuple[UploadedObject | None, Address | None]


@dataclass(frozen=True, slots=True)
class Submitted:
    """A new stream, and the key that its encoder shows, where one sends it to us: nobody can ask for it again."""

    stream: Stream
    key: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class SubmitStream:
    """Check a submission, keep it and tell the mesh."""

    organizations: Organizations
    streams: Streams
    use_upload: UseUpload
    addresses: Addresses
    choose_profile: ChooseProfile
    announcements: Announcements
    admit: AdmitStream
    clock: Clock

    async def __call__(
        self,
        organization: OrganizationId,
        submission: Submission,
        found: Mapping[str, UploadedObject],
        *,
        actor: str | None = None,
    ) -> Submitted:
        """The new stream, pending; a Problem says what to correct. `found`: what lies where its uploads were to be put."""
        wanted_chat = choose_chat(submission)
        profile = await self.choose_profile(submission.choice, submission.processing, submission.signals)
        plan = (await self.organizations.get(organization)).plan
        key, source = await self._source(submission, _followed(submission.live, plan), plan, found)
        chat = await self._chat(wanted_chat, submission, plan, found)
        address = submission.media.url if submission.media else None
        live = submission.kind is SourceKind.LIVE
        live_source = live_source_at(address) if live and address else None
        # Last, because others wait for the lock.
        await self.admit(organization, live=live, live_source=live_source)
        now = self.clock.now()
        stream_id = StreamId(new_id("str"))
        stream = Stream(
            id=stream_id,
            organization=organization,
            title=submission.title,
            source=source,
            chat=chat,
            profile=profile,
            lane=lane_of(organization, stream_id, plan.lanes),
            priority=plan.priority,
            state=State.PENDING,
            attempt=1,
            created_at=now,
            updated_at=now,
            metadata=submission.metadata or {},
            channel=channel_at(address) if submission.channel is None else submission.channel,
            signals=submission.signals,
            created_by=actor,
            live_source=live_source,
        )
        await self.streams.add(stream)
        await self.streams.record(stream.id, SUBMISSION, attempt=1, at=now, detail=submission.title)
        await self.announcements.requested(stream)
        return Submitted(stream, key)

    async def _source(
        self,
        submission: Submission,
        live: LiveSettings | None,
        plan: Plan,
        found: Mapping[str, UploadedObject],
    ) -> tuple[str | None, Source]:
        if submission.media is None:
            key = new_stream_key()
            return key, Source(submission.kind, push=Push(digest_of(key)), live=live)
        upload, address = await self._file(submission.media, "media", plan, found)
        return None, Source(submission.kind, upload=upload, address=address, live=live)

    async def _chat(
        self,
        wanted: Place | LiveChat | None,
        submission: Submission,
        plan: Plan,
        found: Mapping[str, UploadedObject],
    ) -> Chat | None:
        if not isinstance(wanted, Place):
            return wanted
        upload, address = await self._file(wanted, "chat", plan, found)
        started_at = submission.media_started_at
        return ChatSource(
            submission.chat_format,
            submission.chat_offset_ms,
            upload=upload,
            address=address,
            media_started_at_ms=None if started_at is None else round(1000 * started_at.timestamp()),
        )

    async def _file(self, place: Place, kind: str, plan: Plan, found: Mapping[str, UploadedObject]) -> _File:
        upload = await self.use_upload(place.upload, kind, plan, found) if place.upload is not None else None
        return upload, self.addresses.kept(place.url) if place.url else None


def _followed(wanted: Following | None, plan: Plan) -> LiveSettings | None:
    if wanted is None:
        return None
    if (wanted.max_length_s or 0) > plan.live_length_s:
        raise TooLongForPlan(plan.live_length_s)
    return LiveSettings(
        wanted.wait_until_live_s,
        wanted.ends_after_silence_s,
        wanted.max_length_s or plan.live_length_s,
        wanted.from_start,
        wanted.max_height,
    )
