"""The golden messages of `tldr.streams.v1` and `tldr.organizations.v1` are what the gateway makes of its own values."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from google.protobuf import json_format

from tldr.common.v1.common_pb2 import MODALITY_AUDIO, MODALITY_CHAT, MODALITY_EXTERNAL, MODALITY_VIDEO
from tldr.streams.v1 import streams_pb2
from tldr_bus.sending.postgres_outbox import PAYLOAD_LIMIT
from tldr_contracts.ids import OrganizationId, RunId, StreamId
from tldr_gateway.adapters.announcements_outbox import OutboxAnnouncements
from tldr_gateway.adapters.streams.inputs_outbox import OutboxInputs
from tldr_gateway.domain.accounts.account import Organization
from tldr_gateway.domain.runs.run import Run, RunState
from tldr_gateway.domain.streams.pushed import Moment, PushedMessage, PushedSample
from tldr_gateway.domain.streams.source import (
    Address,
    ChatFormat,
    ChatSource,
    LiveChat,
    LiveChatKind,
    LiveSettings,
    Push,
    Source,
    SourceKind,
    UploadedObject,
)
from tldr_gateway.domain.streams.stream import Failure
from tldr_gateway.domain.streams.submission import Profile
from tldr_testing import KeepingOutbox

ORGANIZATION = OrganizationId("org_0199c2c8f1007a118b2c3d4e5f607182")
STREAM = StreamId("str_0199c2c8f5a97c1e8d2f6b7a3e4d5c6b")
RESCORE = "run_0199c2d4a0b17e4c8d5e6f708192a3b4"
BUCKET = "tldr-org-0199c2c8f1007a118b2c3d4e5f607182"
MEDIA, CHAT = "upl_0199c2c8e0007b22a1b2c3d4e5f60718", "upl_0199c2c8e1117b33b2c3d4e5f6071829"
GAP = {
    "modality": "MODALITY_CHAT",
    "range": {"start_ms": "60000", "end_ms": "70000"},
    "code": "window_unreadable",
    "reason": "The chat of this range could not be read.",
}
NOT_FOUND = Failure("source_not_found", "The address answers 404. Check it and submit the stream again.")


def a_stream(memory: Any, profile: dict[str, Any], **changes: Any) -> Any:
    media = UploadedObject(MEDIA, BUCKET, f"uploads/{MEDIA}/media", 225_000_000, "video/mp4", 1795435200)
    chat = UploadedObject(CHAT, BUCKET, f"uploads/{CHAT}/chat", 1_048_576, "application/json", 1795435260)
    stream = memory.stream(
        id=STREAM,
        organization=ORGANIZATION,
        source=Source(SourceKind.RECORDING, upload=media),
        chat=ChatSource(ChatFormat.TWITCH_DOWNLOADER, 0, upload=chat),
        profile=Profile("gaming", 1, profile),
        channel="twitch/example",
    )
    return replace(stream, **changes)


CHANGES: dict[str, dict[str, Any]] = {
    "requested": {},
    "started": {},
    "retried": {"attempt": 2},
    "stopped": {},
    "cancelled": {},
    "deleted": {},
    "completed": {"duration_ms": 180_000, "highlights": 2, "gaps": (GAP,)},
    "failed": {"failure": NOT_FOUND},
}


@pytest.mark.parametrize("fact", CHANGES)
async def test_the_golden_message_is_produced(memory: Any, sample: Callable[[str, str], Any], fact: str) -> None:
    requested = sample("tldr.streams.v1", "requested").requested
    profile = json_format.MessageToDict(requested.profile, preserving_proto_field_name=True)
    shelf = KeepingOutbox()
    tell = OutboxAnnouncements(shelf, None)  # type: ignore[arg-type]
    await getattr(tell, fact)(a_stream(memory, profile, **CHANGES[fact]))
    (publication,) = shelf.publications
    assert publication.message == sample("tldr.streams.v1", fact)
    assert (publication.organization, publication.subject, publication.lane) == (ORGANIZATION, STREAM, 37)
    assert shelf.closed == ([STREAM] if fact in {"cancelled", "deleted", "completed", "failed"} else [])


async def test_the_golden_new_key_is_produced(memory: Any, sample: Callable[[str, str], Any]) -> None:
    golden, outbox = sample("tldr.streams.v1", "key_rotated"), KeepingOutbox()
    source = Source(SourceKind.LIVE, push=Push(golden.key_rotated.key_digest.hex()))
    await OutboxAnnouncements(outbox, None).key_rotated(a_stream(memory, {}, source=source))  # type: ignore[arg-type]
    assert outbox.publications[0].message == golden


async def test_a_live_source_its_chat_and_its_signals_are_said(memory: Any) -> None:
    outbox, digest = KeepingOutbox(), "5e" * 32
    source = Source(SourceKind.LIVE, push=Push(digest), live=LiveSettings(600, 300, 43_200, True, 720))
    chat = LiveChat(LiveChatKind.TWITCH, "some_name")
    stream = a_stream(memory, {}, source=source, chat=chat, signals=("external.kills",))
    await OutboxAnnouncements(outbox, None).requested(stream)  # type: ignore[arg-type]
    said: streams_pb2.StreamRequested = outbox.publications[0].message.requested  # type: ignore[attr-defined]
    assert (said.source.kind, said.source.push.key_digest.hex()) == (streams_pb2.SOURCE_KIND_LIVE, digest)
    live = said.source.live
    assert (live.wait_until_live_ms, live.ends_after_silence_ms, live.longest_ms) == (600_000, 300_000, 43_200_000)
    assert (live.from_start, live.max_height) == (True, 720)
    assert (said.chat.live.kind, said.chat.live.channel) == (streams_pb2.LIVE_CHAT_KIND_TWITCH, "some_name")
    assert list(said.modalities) == [MODALITY_VIDEO, MODALITY_AUDIO, MODALITY_CHAT, MODALITY_EXTERNAL]


async def test_the_golden_push_of_chat_is_produced(memory: Any, sample: Callable[[str, str], Any]) -> None:
    golden, outbox = sample("tldr.inputs.v1", "chat_pushed"), KeepingOutbox()
    messages = [_pushed(message) for message in golden.chat_pushed.messages]
    received = golden.chat_pushed.received_ms
    await OutboxInputs(outbox, None).chat(a_stream(memory, {}), messages, received_ms=received)  # type: ignore[arg-type]
    (publication,) = outbox.publications
    assert publication.message == golden
    assert (publication.organization, publication.subject, publication.lane) == (ORGANIZATION, STREAM, 37)


async def test_the_golden_push_of_signals_is_produced(memory: Any, sample: Callable[[str, str], Any]) -> None:
    golden, outbox = sample("tldr.inputs.v1", "signals_pushed"), KeepingOutbox()
    samples = [PushedSample(one.signal, _moment(one), one.value) for one in golden.signals_pushed.samples]
    received = golden.signals_pushed.received_ms
    await OutboxInputs(outbox, None).signals(a_stream(memory, {}), samples, received_ms=received)  # type: ignore[arg-type]
    assert outbox.publications[0].message == golden


async def test_a_large_push_is_several_events_that_the_bus_takes(memory: Any) -> None:
    outbox = KeepingOutbox()
    messages = [PushedMessage(str(number), Moment(1), text="ß" * 1000) for number in range(1000)]
    await OutboxInputs(outbox, None).chat(a_stream(memory, {}), messages, received_ms=1)  # type: ignore[arg-type]
    sizes = [one.message.ByteSize() for one in outbox.publications]
    assert len(sizes) == 3
    assert max(sizes) < PAYLOAD_LIMIT
    said: Any = [one.message for one in outbox.publications]
    assert [message.id for event in said for message in event.chat_pushed.messages] == [str(n) for n in range(1000)]


def _pushed(message: Any) -> PushedMessage:
    return PushedMessage(
        message.id, _moment(message), message.author, message.text, tuple(message.emotes), message.deleted
    )


def _moment(said: Any) -> Moment:
    kind = said.WhichOneof("at")
    return Moment(**{kind: getattr(said, kind)}) if kind else Moment()


SOURCE_NEWS: dict[str, dict[str, Any]] = {
    "live": {"wall_zero_ms": 1_795_435_200_000, "wall_uncertainty_ms": 500},
    "interrupted": {"at_ms": 170_000, "reason": Failure("source_stalled", "The source gives nothing new.")},
    "resumed": {"at_ms": 190_000},
    "input_ended": {"duration_ms": 180_000, "failure": None},
}


@pytest.mark.parametrize("fact", SOURCE_NEWS)
async def test_the_golden_news_of_a_source_is_produced(
    memory: Any, sample: Callable[[str, str], Any], fact: str
) -> None:
    outbox = KeepingOutbox()
    tell = OutboxAnnouncements(outbox, None)  # type: ignore[arg-type]
    await getattr(tell, fact)(a_stream(memory, {}), **SOURCE_NEWS[fact])
    (publication,) = outbox.publications
    assert publication.message == sample("tldr.streams.v1", fact)
    assert (publication.subject, publication.lane, outbox.closed) == (STREAM, 37, [])


async def test_the_golden_request_for_a_rescore_is_produced(memory: Any, sample: Callable[[str, str], Any]) -> None:
    golden = sample("tldr.streams.v1", "rescore_requested")
    profile = json_format.MessageToDict(golden.rescore_requested.profile, preserving_proto_field_name=True)
    run = Run(RunId(RESCORE), STREAM, RunState.PENDING, Profile("gaming", 1, profile), memory.clock.now())
    shelf = KeepingOutbox()
    await OutboxAnnouncements(shelf, None).rescore_requested(a_stream(memory, {}), run)  # type: ignore[arg-type]
    (publication,) = shelf.publications
    assert publication.message == golden
    assert (publication.subject, publication.lane, shelf.closed) == (STREAM, 37, [])


async def test_the_golden_organization_is_produced(memory: Any, sample: Callable[[str, str], Any]) -> None:
    shelf = KeepingOutbox()
    made = Organization(ORGANIZATION, "Example Esports", "team", 1, memory.clock.now())
    await OutboxAnnouncements(shelf, None).organization_changed(made)  # type: ignore[arg-type]
    (publication,) = shelf.publications
    assert publication.message == sample("tldr.organizations.v1", "changed")
    assert (publication.subject, publication.lane) == (ORGANIZATION, None)


async def test_an_address_and_a_chat_of_unknown_form_are_said_as_they_are(memory: Any) -> None:
    shelf = KeepingOutbox()
    source = Source(SourceKind.RECORDING, address=Address("sealed", "https://example.com/final.mp4"))
    chat = ChatSource(ChatFormat.AUTO, -1500, address=Address("sealed too", "https://example.com/chat.json"))
    stream = a_stream(memory, {}, source=source, chat=chat)
    await OutboxAnnouncements(shelf, None).requested(stream)  # type: ignore[arg-type]
    said: streams_pb2.StreamRequested = shelf.publications[0].message.requested  # type: ignore[attr-defined]
    assert (said.source.address.sealed, said.source.address.shown) == ("sealed", "https://example.com/final.mp4")
    assert (said.chat.address.sealed, said.chat.offset_ms) == ("sealed too", -1500)
    assert (said.source.url, said.chat.url) == ("", "")
    assert said.chat.format == streams_pb2.CHAT_FORMAT_UNSPECIFIED


@pytest.mark.parametrize("format", [format for format in ChatFormat if format is not ChatFormat.AUTO])
async def test_a_form_of_chat_that_was_named_is_said(memory: Any, format: ChatFormat) -> None:
    outbox = KeepingOutbox()
    source = Source(SourceKind.RECORDING, address=Address("sealed", "https://example.com/final.mp4"))
    chat = ChatSource(format, 0, address=Address("sealed too", "https://example.com/chat"))
    await OutboxAnnouncements(outbox, None).requested(a_stream(memory, {}, source=source, chat=chat))  # type: ignore[arg-type]
    said = outbox.publications[0].message.requested.chat  # type: ignore[attr-defined]
    assert said.format == streams_pb2.ChatFormat.Value(f"CHAT_FORMAT_{format.name}")
