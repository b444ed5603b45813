"""Sources that cannot be read, or not to their end: each says why, and nothing else is delayed."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tldr_contracts.ids import new_id
from tldr_storage import bucket_of
from tldr_testing.contents import everything_in

PLAYLIST = b"""#EXTM3U
#EXT-X-VERSION:3
#EXT-X-TARGETDURATION:4
#EXTINF:4.0,
http://169.254.169.254/latest/segment.ts
#EXT-X-ENDLIST
"""


async def failed(submitted: Any) -> Any:
    """The end of a stream of which nothing was read."""
    recorded = await submitted.ended()
    assert [event.kind for event in recorded.events] == ["ended"]
    (ended,) = recorded.of_kind("ended")
    assert (ended.attempt, ended.segments, ended.duration_ms) == (1, 0, 0)
    assert ended.failure.reason.endswith(".")
    assert "Traceback" not in ended.failure.reason
    assert (await submitted.ask("progress"))["ended"] is True
    return ended.failure


@pytest.mark.parametrize(
    ("address", "code"),
    [
        ("/missing.mp4", "source_not_found"),
        ("http://10.0.0.1/video.mp4", "address_refused"),
        ("http://[fe80::1]/video.mp4", "address_refused"),
        ("file:///etc/passwd", "address_refused"),
        ("/moved.mp4", "address_refused"),
        ("/list.m3u8", "address_refused"),
        ("/silent.mp4", "deadline_exceeded"),
        ("/text.mp4", "not_media"),
    ],
)
async def test_an_address_that_cannot_be_read_says_why(submitted: Any, web: Any, address: str, code: str) -> None:
    web.redirects["/moved.mp4"] = "http://192.168.1.1/video.mp4"
    web.files |= {"/list.m3u8": PLAYLIST, "/silent.mp4": b"1234", "/text.mp4": b"this is no video\n" * 500}
    web.held_at["/silent.mp4"] = 0
    await submitted.request(web.url(address) if address.startswith("/") else address)
    assert (await failed(submitted)).code == code


@pytest.mark.parametrize(
    ("content", "code"), [(b"", "source_empty"), (b"this is no video\n" * 500, "not_media"), (PLAYLIST, "not_media")]
)
async def test_an_upload_that_is_no_recording_says_so(submitted: Any, content: bytes, code: str) -> None:
    await submitted.request(content)
    assert (await failed(submitted)).code == code


async def test_an_upload_that_is_gone_says_so_without_our_address(submitted: Any) -> None:
    await submitted.request(b"something")
    await submitted.service.objects.delete(bucket_of(submitted.organization), "uploads/")
    failure = await failed(submitted)
    assert failure.code == "source_not_found"
    assert "http" not in failure.reason


@pytest.mark.parametrize(
    "path", ["/nowhere.mp4?token=hush-4711", "/elsewhere?token=hush-4711", "/text.mp4?token=hush-4711"]
)
async def test_the_secrets_of_an_address_are_found_nowhere(
    submitted: Any, web: Any, path: str, capfd: pytest.CaptureFixture[str]
) -> None:
    web.redirects["/elsewhere?token=hush-4711"] = "http://10.0.0.1/hush-4711"
    web.files["/text.mp4?token=hush-4711"] = b"hush-4711 " * 1000
    await submitted.request(web.url(path).replace("//", "//ann_4711:secret_4711@", 1), chat=web.url(path))
    failure, told = await failed(submitted), await submitted.ended()
    await submitted.chat_ended()
    rows = await everything_in(submitted.service.database)
    said = (
        f"{failure} {[str(event.message) for event in told.events]} {await submitted.ask('gaps')} {capfd.readouterr()}"
    )
    assert submitted.stream in rows
    for secret in ("hush-4711", "secret_4711", "ann_4711"):
        assert secret not in rows
        assert secret not in said


async def test_a_file_that_was_put_there_after_the_stream_was_submitted_is_not_read(submitted: Any) -> None:
    await replace(submitted, stored_at_s=1).request(b"something", b"time,text\n1,hello\n")
    assert (await failed(submitted)).code == "upload_changed"
    (ended,) = (await submitted.chat_ended()).of_kind("ended")
    assert ended.failure.code == "upload_changed"


async def test_a_recording_that_is_cut_off_is_read_as_far_as_it_goes(submitted: Any, record: Any) -> None:
    whole: Path = record(
        "a.mp4", record.Picture(frames=20 * 30), record.Sound(seconds=20), options={"movflags": "faststart"}
    )
    data = whole.read_bytes()
    await submitted.request(data[: len(data) // 2])
    recorded = await submitted.ended()
    (ended,) = recorded.of_kind("ended")
    assert not ended.HasField("failure")
    assert ended.duration_ms == pytest.approx(20_000, abs=200)
    gaps = [found.gap for found in recorded.of_kind("gap_found")]
    assert {(gap.modality, gap.code) for gap in gaps} == {(1, "source_truncated"), (2, "source_truncated")}
    assert [event.kind for event in recorded.events][-3:] == ["gap_found", "gap_found", "ended"]
    (first, *_) = (await submitted.ask("gaps"))["gaps"]
    assert first["modality"] in {"MODALITY_VIDEO", "MODALITY_AUDIO"}
    assert first["range"]["end_ms"] == pytest.approx(20_000, abs=200)


async def test_a_source_that_never_answers_delays_nobody(submitted: Any, web: Any, record: Any) -> None:
    web.held_at["/silent.mp4"] = 0
    web.files["/silent.mp4"] = b"1234"
    await submitted.request(web.url("/silent.mp4"), web.url("/silent.mp4"))
    other = replace(submitted, stream=new_id("str"))
    await other.request(record("a.mp4", record.Picture(frames=60)), b"time,text\n1,hello\n")
    assert not (await other.chat_ended()).of_kind("ended")[0].HasField("failure")
    assert (await submitted.ingestions.of(submitted.stream)).of_kind("ended") == []
    assert (await submitted.chat_ended()).of_kind("ended")[0].failure.code == "deadline_exceeded"


async def test_a_server_that_breaks_off_fails_the_attempt_and_a_retry_goes_on_from_there(
    submitted: Any, web: Any, recording: Path, stored_frames: Any, frame_times: Any
) -> None:
    data = web.files["/a.mkv"] = recording.read_bytes()
    web.broken_at["/a.mkv"] = len(data) // 2
    await submitted.request(web.url("/a.mkv"))
    first = await submitted.ended()
    (ended,) = first.of_kind("ended")
    assert ended.failure.code == "source_unavailable"
    assert ended.segments == len(first.of_kind("segment_stored")) > 0

    web.broken_at.clear()
    await submitted.say(retried={"stream_id": submitted.stream, "attempt": 2})
    recorded = await submitted.ended(count=2)
    assert [started.attempt for started in recorded.of_kind("started")] == [1, 2]
    segments = recorded.of_kind("segment_stored")
    assert [segment.index for segment in segments] == list(range(len(segments)))
    last = recorded.of_kind("ended")[-1]
    assert (last.attempt, last.segments, last.HasField("failure")) == (2, len(segments), False)
    assert last.duration_ms == pytest.approx(40_000, abs=100)
    assert await stored_frames(segments) == frame_times(recording)
