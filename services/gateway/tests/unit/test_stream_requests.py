"""What a request to submit a stream may say, and what it means."""

from datetime import UTC, datetime
from typing import Any

import pytest
from pydantic import BaseModel, ValidationError

from tldr_gateway.application.streams.submission import Following, Place
from tldr_gateway.domain.streams.source import LiveChat, LiveChatKind, SourceKind
from tldr_gateway.entrypoints.http.runs.runs import RescoreRequest
from tldr_gateway.entrypoints.http.streams.requests import ProcessingRequest, StreamRequest
from tldr_gateway.entrypoints.http.uploads.uploads import UploadRequest


def request(**chat: Any) -> StreamRequest:
    places = {"url": "https://example.com/chat.csv"}
    return StreamRequest.model_validate({"source": {"url": "https://example.com/a.mp4"}, "chat": {**places, **chat}})


@pytest.mark.parametrize("written", ["2026-01-31T20:15:00Z", "2026-01-31T21:15:00+01:00", "2026-01-31T20:15:00.000Z"])
def test_the_start_of_a_recording_is_a_date_with_its_zone(written: str) -> None:
    assert request(media_started_at=written).submission().media_started_at == datetime(2026, 1, 31, 20, 15, tzinfo=UTC)


@pytest.mark.parametrize("missing", [{}, {"media_started_at": None}])
def test_the_start_of_a_recording_need_not_be_given(missing: Any) -> None:
    assert request(**missing).submission().media_started_at is None


@pytest.mark.parametrize(
    "written",
    ["", "2026-01-31", "2026-01-31T20:15:00", "2026-02-30T20:15:00Z", "20:15", "1769889600", 1769889600, 0.5, True, []],
)
def test_a_start_that_could_mean_several_times_is_refused(written: Any) -> None:
    with pytest.raises(ValidationError, match="media_started_at"):
        request(media_started_at=written)


@pytest.mark.parametrize(
    ("request_body", "field", "written"),
    [
        (ProcessingRequest, "min_length_ms", "2000"),
        (ProcessingRequest, "min_length_ms", True),
        (ProcessingRequest, "min_score", "0.5"),
        (ProcessingRequest, "thorough", "yes"),
        (ProcessingRequest, "thorough", 1),
        (UploadRequest, "size_bytes", "10"),
        (UploadRequest, "size_bytes", True),
        (RescoreRequest, "make_default", "true"),
    ],
)
def test_a_number_is_a_number_and_a_flag_a_flag(request_body: type[BaseModel], field: str, written: Any) -> None:
    with pytest.raises(ValidationError) as refused:
        request_body.model_validate({"file_name": "a.mp4", "content_type": "video/mp4", field: written})
    assert field in {place for error in refused.value.errors() for place in error["loc"]}


def live(**source: Any) -> dict[str, Any]:
    return {"source": {"kind": "live", "url": "https://example.com/live.m3u8", **source}}


def test_a_live_source_is_followed_as_was_asked() -> None:
    wanted = {"wait_until_live_s": 600, "ends_after_silence_s": 90, "max_length_s": 3600}
    asked = StreamRequest.model_validate(live(**wanted, from_start=True, max_height=720)).submission()
    assert (asked.kind, asked.media) == (SourceKind.LIVE, Place(url="https://example.com/live.m3u8"))
    assert asked.live == Following(600, 90, 3600, True, 720)
    assert StreamRequest.model_validate(live()).submission().live == Following(0, 300)
    pushed = StreamRequest.model_validate({"source": {"kind": "rtmp"}}).submission()
    assert (pushed.kind, pushed.media, pushed.live) == (SourceKind.LIVE, None, Following(86_400, 300))


@pytest.mark.parametrize(
    ("chat", "meant"),
    [
        ({"kind": "twitch", "channel": "Some_Name"}, LiveChat(LiveChatKind.TWITCH, "some_name")),
        ({"kind": "youtube", "video": "dQw4w9WgXcQ"}, LiveChat(LiveChatKind.YOUTUBE, "dQw4w9WgXcQ")),
        ({"kind": "push"}, LiveChat(LiveChatKind.PUSH)),
        ({"kind": "none"}, None),
        ({"url": "https://example.com/chat.csv"}, Place(url="https://example.com/chat.csv")),
    ],
)
def test_a_chat_is_of_the_kind_it_says(chat: Any, meant: Any) -> None:
    asked = StreamRequest.model_validate({**live(), "chat": chat}).submission()
    assert (asked.chat, asked.without_chat) == (meant, chat.get("kind") == "none")


@pytest.mark.parametrize(
    "wrong",
    [
        live(wait_until_live_s=604_801),
        live(ends_after_silence_s=59),
        live(ends_after_silence_s=1801),
        live(max_length_s=59),
        live(upload_id="upl_1"),
        live(max_height="720"),
        {"source": {"kind": "rtmp", "url": "https://example.com/a.mp4"}},
        {"source": {"kind": "rtmp", "from_start": True}},
        {"source": {"kind": "webrtc"}},
        {"source": {"url": "https://example.com/a.mp4", "wait_until_live_s": 1}},
        {**live(), "chat": {"kind": "irc"}},
        {**live(), "chat": {"kind": "twitch", "channel": "no such channel"}},
        {**live(), "chat": {"kind": "youtube", "video": "short"}},
        {**live(), "chat": {"kind": "push", "url": "https://example.com/chat"}},
        {**live(), "signals": ["kills"]},
        {**live(), "signals": ["external.Kills"]},
        {**live(), "signals": ["external.kills", "external.kills"]},
        {**live(), "signals": [f"external.s{number}" for number in range(21)]},
        {"source": "live"},
    ],
)
def test_what_no_live_source_has_is_refused(wrong: Any) -> None:
    with pytest.raises(ValidationError):
        StreamRequest.model_validate(wrong)
