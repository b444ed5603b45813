"""A submission is checked before anybody works on it; what is wrong is said in words."""

from typing import Any

import pytest

from tldr_contracts.ids import OrganizationId
from tldr_gateway.adapters.streams.addresses_sealed import SealedAddresses
from tldr_gateway.application.configuration.choose_profile import Choice
from tldr_gateway.application.configuration.errors import InvalidProcessing, UnknownPreset
from tldr_gateway.application.streams.errors import TooManyStreams
from tldr_gateway.application.streams.submission import Place, Submission
from tldr_gateway.application.streams.submit_stream import SubmitStream
from tldr_gateway.application.uploads.create_upload import UPLOAD_LIFETIME, CreateUpload
from tldr_gateway.application.uploads.errors import (
    TooMuchPromised,
    UploadDiffers,
    UploadEmpty,
    UploadMissing,
    UploadNotFound,
    UploadTooLarge,
    WrongUpload,
)
from tldr_gateway.application.uploads.look_at_uploads import LookAtUploads
from tldr_gateway.application.uploads.use_upload import UseUpload
from tldr_gateway.domain.streams.source import SourceKind, UploadedObject
from tldr_gateway.domain.streams.stream import State
from tldr_gateway.domain.streams.submission import Stream
from tldr_secrets import Sealer
from tldr_testing.hosting import SEALING_KEY


class Bucket:
    """Says how large each object is."""

    def __init__(self) -> None:
        self.sizes: dict[str, int] = {}

    async def ready(self, organization: str) -> None:
        return

    def upload_url(self, upload: UploadedObject) -> str:
        return f"https://files.example.com/{upload.key}"

    async def found(self, upload: UploadedObject) -> UploadedObject | None:
        size = self.sizes.get(upload.key)
        if size is None:
            return None
        return UploadedObject(upload.id, upload.bucket, upload.key, size, upload.content_type)

    async def delete(self, upload: UploadedObject) -> None:
        self.sizes.pop(upload.key, None)


def submission(media: Place | None = None, **changes: Any) -> Submission:
    place = media or Place(url="https://example.com/final.mp4")
    return Submission(
        title="Grand final", media=place, kind=SourceKind.RECORDING, **{"choice": Choice("gaming"), **changes}
    )


def submitting(memory: Any, bucket: Bucket | None = None) -> Any:
    """As the entrypoint does it: look, then write."""
    use_case = SubmitStream(
        memory.organizations,
        memory.streams,
        UseUpload(memory.uploads),
        SealedAddresses(Sealer(SEALING_KEY)),
        memory.choose_profile,
        memory.said,
        memory.admit,
        memory.clock,
    )

    async def submit(organization: OrganizationId, wanted: Submission) -> Stream:
        found = await LookAtUploads(bucket or Bucket())(await memory.uploads.get(wanted.uploads))
        return (await use_case(organization, wanted, found)).stream

    return submit


async def test_a_stream_is_kept_announced_and_begins_its_history(memory: Any) -> None:
    await memory.open()
    stream = await submitting(memory)(memory.organization, submission(metadata={"event": "LAN"}))
    assert memory.streams.rows[stream.id].state is State.PENDING
    assert memory.said.kinds == ["requested"]
    assert [entry.transition.cause for entry in memory.streams.entries[stream.id]] == ["submitted"]
    assert stream.metadata == {"event": "LAN"}


async def test_an_address_is_kept_sealed_and_shown_without_its_secrets(memory: Any) -> None:
    await memory.open()
    url = "https://ann:secret@example.com/final.mp4?token=hush"
    stream = await submitting(memory)(memory.organization, submission(Place(url=url), chat=Place(url=url)))
    assert stream.chat
    for kept in (stream.source.address, stream.chat.address):
        assert kept
        assert kept.shown == "https://example.com/final.mp4?…"
        assert Sealer(SEALING_KEY).open(kept.sealed) == url
    assert "secret" not in repr((stream, submission(Place(url=url))))


@pytest.mark.parametrize(
    ("named", "url", "channel"),
    [
        ("our channel", "https://example.com/example", "our channel"),
        ("", "https://example.com/example", ""),
        (None, "https://example.com/example", ""),
    ],
)
async def test_a_stream_is_of_the_channel_that_was_named(
    memory: Any, named: str | None, url: str, channel: str
) -> None:
    await memory.open()
    stream = await submitting(memory)(memory.organization, submission(Place(url=url), channel=named))
    assert stream.channel == channel


@pytest.mark.parametrize(
    ("announced", "found", "problem"),
    [
        (1000, None, UploadMissing),
        (1, 0, UploadEmpty),
        (1000, 999, UploadDiffers),
        (1000, 5 << 30, UploadTooLarge),
    ],
)
async def test_an_upload_is_what_was_announced(
    memory: Any, announced: int, found: int | None, problem: type[Exception]
) -> None:
    await memory.open()
    bucket = Bucket()
    create = CreateUpload(memory.organizations, memory.uploads, memory.clock)
    upload = await create(memory.organization, kind="media", size_bytes=announced, content_type="video/mp4")
    if found is not None:
        bucket.sizes[upload.object.key] = found
    with pytest.raises(problem):
        await submitting(memory, bucket)(memory.organization, submission(Place(upload=upload.id)))
    assert not memory.streams.rows


async def test_a_chat_is_no_recording_and_an_unknown_upload_is_none(memory: Any) -> None:
    await memory.open()
    create = CreateUpload(memory.organizations, memory.uploads, memory.clock)
    chat = await create(memory.organization, kind="chat", size_bytes=10, content_type="application/json")
    with pytest.raises(WrongUpload):
        await submitting(memory)(memory.organization, submission(Place(upload=chat.id)))
    with pytest.raises(UploadNotFound):
        await submitting(memory)(memory.organization, submission(Place(upload="upl_0")))


async def test_nobody_announces_more_than_the_plan_allows(memory: Any) -> None:
    await memory.open()
    create = CreateUpload(memory.organizations, memory.uploads, memory.clock)
    for kind, size in (("media", (4 << 30) + 1), ("chat", (512 << 20) + 1)):
        with pytest.raises(UploadTooLarge):
            await create(memory.organization, kind=kind, size_bytes=size, content_type="video/mp4")


async def test_promises_are_counted_against_the_plan_until_they_are_used_or_over(memory: Any) -> None:
    await memory.open()
    bucket = Bucket()
    create = CreateUpload(memory.organizations, memory.uploads, memory.clock)
    promise: dict[str, Any] = {"kind": "media", "size_bytes": 4 << 30, "content_type": "video/mp4"}
    first, *_ = [await create(memory.organization, **promise) for _ in range(4)]
    with pytest.raises(TooMuchPromised):
        await create(memory.organization, **{**promise, "size_bytes": 1})
    bucket.sizes[first.object.key] = 4 << 30
    await submitting(memory, bucket)(memory.organization, submission(Place(upload=first.id)))
    await create(memory.organization, **promise)
    with pytest.raises(TooMuchPromised):
        await create(memory.organization, **promise)
    memory.clock.time += UPLOAD_LIFETIME
    await create(memory.organization, **promise)


async def test_a_plan_has_so_many_streams_at_a_time(memory: Any) -> None:
    await memory.open()
    for _ in range(5):
        await submitting(memory)(memory.organization, submission())
    with pytest.raises(TooManyStreams):
        await submitting(memory)(memory.organization, submission())
    memory.streams.rows.popitem()
    await submitting(memory)(memory.organization, submission())


async def test_an_unknown_preset_is_answered_with_the_known_ones(memory: Any) -> None:
    await memory.open()
    with pytest.raises(UnknownPreset, match="corporate, education, gaming, sports"):
        await submitting(memory)(memory.organization, submission(choice=Choice("cooking")))


async def test_figures_replace_the_presets_and_must_go_with_the_rest_of_it(memory: Any) -> None:
    await memory.open()
    with pytest.raises(InvalidProcessing):
        await submitting(memory)(memory.organization, submission(processing={"min_length_ms": 600_000}))
    figures = {"min_length_ms": 5000, "thorough": True}
    stream = await submitting(memory)(memory.organization, submission(processing=figures))
    processing = stream.profile.document["processing"]
    assert (processing["min_length_ms"], processing["thorough"]) == (5000, True)
    usual = (await memory.choose_profile(Choice("gaming"))).document["processing"]
    assert processing["max_length_ms"] == usual["max_length_ms"]
