"""The golden messages of `tldr.streams.v1` are accepted, and do what they say, on the service's own database."""

from dataclasses import asdict, replace
from typing import Any

import pytest

from tldr.streams.v1 import streams_pb2
from tldr_contracts.ids import StreamId
from tldr_ingest.adapters.streams.requests_protobuf import request_of
from tldr_ingest.adapters.streams.stream_rows import report_of_row, request_of_row
from tldr_ingest.adapters.streams.streams_postgres import PostgresStreams
from tldr_ingest.application.stream_record import (
    Address,
    ChatRequest,
    LiveChatKind,
    LiveChatRequest,
    LiveSettings,
    Push,
    Request,
    Upload,
)
from tldr_ingest.domain.chat.message import ChatFormat
from tldr_ingest.domain.chat.report import ChatCounts, ChatNote, ChatReport
from tldr_testing import golden

LANE = 37


def test_a_request_says_what_is_to_be_read() -> None:
    message = golden("tldr.streams.v1", "requested").requested
    media, chat = message.source.upload, message.chat.upload
    assert request_of(message) == Request(
        priority=10,
        place=Upload(media.bucket, media.key, 1795435200),
        chat=ChatRequest(Upload(chat.bucket, chat.key, 1795435260), ChatFormat.TWITCH_DOWNLOADER),
    )


def test_a_request_may_name_addresses_and_no_chat() -> None:
    address = streams_pb2.SealedAddress(sealed="sealed", shown="https://example.com/a.mp4")
    source = streams_pb2.Source(address=address, kind=streams_pb2.SOURCE_KIND_LIVE)
    message = streams_pb2.StreamRequested(stream_id="str_1", source=source)
    assert request_of(message) == Request(priority=0, place=Address("sealed", sealed=True), live=LiveSettings())
    message.chat.address.sealed = "sealed too"
    assert request_of(message).chat == ChatRequest(Address("sealed too", sealed=True))


@pytest.mark.parametrize("format", ChatFormat)
def test_every_form_of_chat_can_be_named(format: ChatFormat) -> None:
    chat = streams_pb2.ChatSource(address=streams_pb2.SealedAddress(sealed="x"), format=f"CHAT_FORMAT_{format.name}")
    found = request_of(streams_pb2.StreamRequested(chat=chat)).chat
    assert isinstance(found, ChatRequest)
    assert found.format is format


def test_a_pushed_stream_with_pushed_chat_is_kept_as_it_was_asked_for() -> None:
    source = streams_pb2.Source(
        push=streams_pb2.PushInput(key_digest=bytes(range(32))),
        kind=streams_pb2.SOURCE_KIND_LIVE,
        live=streams_pb2.LiveSettings(wait_until_live_ms=1, ends_after_silence_ms=2, longest_ms=3, max_height=720),
    )
    chat = streams_pb2.ChatSource(live=streams_pb2.LiveChat(kind=streams_pb2.LIVE_CHAT_KIND_PUSH))
    request = request_of(streams_pb2.StreamRequested(source=source, chat=chat))
    place, settings = Push(bytes(range(32)).hex()), LiveSettings(1, 2, 3, False, 720)
    assert request == Request(0, place, settings, LiveChatRequest(LiveChatKind.PUSH))
    assert request_of_row(asdict(request)) == request


def test_a_request_of_an_earlier_version_says_only_that_it_is_live() -> None:
    row = asdict(Request(0, Address("sealed", sealed=True)))
    assert request_of_row({**row, "live": False}).live is None
    assert request_of_row({**row, "live": True}).live == LiveSettings()


def test_what_became_of_a_chat_is_kept_also_as_an_earlier_version_wrote_it() -> None:
    report = ChatReport(ChatCounts(messages=3), (ChatNote("chat_crowded", "x"),), ChatFormat.LIVE_CHAT)
    row = asdict(report)
    assert report_of_row(row) == report
    del row["format"]
    assert report_of_row(row) == replace(report, format=None)


@pytest.mark.parametrize("started_at", [None, 0, 1_769_889_600_250])
def test_the_start_of_the_recording_is_known_where_it_was_given(started_at: int | None) -> None:
    address = streams_pb2.SealedAddress(sealed="x")
    chat = streams_pb2.ChatSource(address=address, media_started_at_ms=started_at)
    request = request_of(streams_pb2.StreamRequested(source=streams_pb2.Source(address=address), chat=chat))
    assert request.chat == ChatRequest(Address("x", sealed=True), media_started_at_ms=started_at)
    assert request_of_row(asdict(request)) == request


@pytest.mark.parametrize("sealed", [True, False])
def test_an_address_is_kept_as_it_came(sealed: bool) -> None:
    request = Request(priority=0, place=Address("x", sealed), chat=ChatRequest(Address("y", sealed)))
    row = asdict(request)
    assert request_of_row(row) == request
    del row["chat"]["media_started_at_ms"]  # as an earlier version wrote it
    assert request_of_row(row) == request


def test_a_plain_address_of_an_earlier_version_is_read_still() -> None:
    message = streams_pb2.StreamRequested(source=streams_pb2.Source(url="https://example.com/a.mp4"))
    assert request_of(message).place == Address("https://example.com/a.mp4")
    row = {"priority": 0, "live": False, "place": {"url": "https://example.com/a.mp4"}, "chat": None}
    assert request_of_row(row).place == Address("https://example.com/a.mp4")


async def test_a_request_asks_for_readings_of_its_priority(desk: Any) -> None:
    await desk.tell("requested")
    assert await desk.jobs() == [("read-upload", 10)]
    record = await desk.record()
    assert record is not None
    assert record.request == request_of(golden("tldr.streams.v1", "requested").requested)


async def test_a_retry_asks_for_readings_of_its_attempt(desk: Any) -> None:
    await desk.tell("requested")
    await desk.tell("failed")
    assert await desk.jobs() == []
    await desk.tell("retried")
    rows = await desk.fetch("SELECT payload FROM jobs WHERE subject = $1")
    assert [row["payload"] for row in rows] == [{"lane": LANE, "attempt": 2}]


@pytest.mark.parametrize(
    "fact",
    [
        *("requested", "retried", "stopped", "cancelled", "deleted", "completed", "rescore_requested", "failed"),
        *("started", "key_rotated", "live", "interrupted", "resumed", "input_ended"),
    ],
)
@pytest.mark.parametrize("first", [True, False])
async def test_every_decision_is_accepted_also_when_it_comes_first(desk: Any, fact: str, first: bool) -> None:
    if not first:
        await desk.tell("requested")
    await desk.tell(fact)


async def test_each_organization_sees_its_own_streams_only(desk: Any) -> None:
    await desk.tell("requested")
    async with desk.database.tenant("org_other") as transaction:
        assert await PostgresStreams(transaction, "org_other", LANE).find(StreamId(desk.stream)) is None


@pytest.mark.parametrize("fact", ["requested", "retried"])
async def test_an_attempt_that_cannot_be_begun_ends(desk: Any, fact: str) -> None:
    if fact == "retried":
        await desk.tell("requested")
        await desk.tell("failed")
    await desk.tell(fact, dead=True)
    rows = await desk.fetch("SELECT topic, lane FROM outbox WHERE subject = $1 ORDER BY id")
    assert [(row["topic"], row["lane"]) for row in rows] == [("tldr.chat.v1", LANE), ("tldr.ingestions.v1", LANE)]
    assert await desk.jobs() == []
