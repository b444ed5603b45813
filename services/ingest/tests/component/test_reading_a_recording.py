"""A recording and its chat are read: what is announced, what is stored, what can be asked."""

import gzip
import json
from pathlib import Path
from typing import Any

from tldr.chat.v1 import chat_pb2


async def test_the_segments_announced_decode_to_the_frames_of_the_source(
    submitted: Any, record: Any, stored_frames: Any, frame_times: Any
) -> None:
    recording: Path = record("a.mp4", record.Picture(), record.Sound())
    await submitted.request(recording)
    recorded = await submitted.ended()

    kinds = [event.kind for event in recorded.events]
    assert kinds == ["started", "segment_stored", "segment_stored", "segment_stored", "ended"]
    assert {event.lane for event in recorded.events} == {5}
    (started,) = recorded.of_kind("started")
    assert (started.attempt, list(started.modalities)) == (1, [1, 2])
    assert (started.video.codec, started.video.width, started.audio.codec) == ("h264", 160, "aac")
    segments = recorded.of_kind("segment_stored")
    assert [segment.index for segment in segments] == [0, 1, 2]
    assert [one.range.end_ms for one in segments[:-1]] == [one.range.start_ms for one in segments[1:]]
    (ended,) = recorded.of_kind("ended")
    assert (ended.attempt, ended.segments, ended.HasField("failure")) == (1, 3, False)
    assert ended.duration_ms == segments[-1].range.end_ms
    assert await stored_frames(segments) == frame_times(recording)

    progress = await submitted.ask("progress")
    assert progress == {
        "read_until_ms": ended.duration_ms,
        "ended": True,
        "claimed_duration_ms": started.claimed_duration_ms,
        "segments": 3,
        "bytes": sum(segment.object.size_bytes for segment in segments),
        "chat": None,
        "live": None,
    }
    assert await submitted.ask("gaps") == {"gaps": []}


async def test_a_stream_nobody_heard_of_is_not_known(submitted: Any) -> None:
    assert (await submitted.ask("progress"))["code"] == "stream_not_known"


async def test_sound_alone_is_a_recording(submitted: Any, record: Any) -> None:
    await submitted.request(record("a.m4a", record.Sound()))
    recorded = await submitted.ended()
    assert list(recorded.of_kind("started")[0].modalities) == [2]
    assert {segment.object.content_type for segment in recorded.of_kind("segment_stored")} == {"audio/mp4"}


async def test_what_mp4_does_not_take_is_stored_as_matroska(submitted: Any, record: Any) -> None:
    picture = record.Picture("libvpx-vp9", frames=60, options={"deadline": "realtime", "cpu-used": "8"})
    await submitted.request(record("a.webm", picture))
    recorded = await submitted.ended()
    (segment,) = recorded.of_kind("segment_stored")
    assert (segment.container, segment.object.content_type) == ("matroska", "video/x-matroska")
    assert segment.object.key.endswith(".mkv")


async def test_chat_is_announced_in_windows_up_to_the_end_of_the_stream(submitted: Any, record: Any) -> None:
    rows = "time,author,text\n" + "".join(f"{at},viewer {at},hello at {at}\n" for at in range(1, 33, 3))
    await submitted.request(record("a.mp4", record.Picture(frames=50 * 30, width=32, height=32)), rows.encode())
    recorded = await submitted.chat_ended()
    windows = recorded.of_kind("window_read")
    assert [event.kind for event in recorded.events] == ["window_read"] * len(windows) + ["ended"]
    assert [window.index for window in windows] == list(range(len(windows)))
    ranges = [(window.range.start_ms, window.range.end_ms) for window in windows]
    assert ranges == [(0, 10_000), (10_000, 20_000), (20_000, 30_000), (30_000, 40_000), (40_000, 50_000)]
    assert [window.complete_until_ms for window in windows] == [end for _, end in ranges]
    assert [len(window.messages.messages) for window in windows] == [3, 4, 3, 1, 0]
    assert windows[4].WhichOneof("content") == "messages"
    assert windows[0].messages.messages[0] == chat_pb2.ChatMessage(at_ms=1000, author="viewer 1", text="hello at 1")
    (ended,) = recorded.of_kind("ended")
    assert (ended.attempt, ended.duration_ms, ended.HasField("failure")) == (1, 50_000, False)


async def test_rows_that_were_left_out_are_counted_and_a_stray_one_adds_no_window(submitted: Any, record: Any) -> None:
    rows = "time,text\n-3,early\nsoon,what\n2,hello\n172000,stray\n"
    await submitted.request(record("a.m4a", record.Sound()), rows.encode())
    recorded = await submitted.chat_ended()
    assert len(recorded.of_kind("window_read")) == 1
    (ended,) = recorded.of_kind("ended")
    assert ended.rows == chat_pb2.ChatRows(messages=1, unreadable=1, before_start=1, after_end=1)
    assert [note.code for note in ended.notes] == ["chat_mostly_outside", "chat_rows_left_out"]
    chat = (await submitted.ask("progress"))["chat"]
    assert (chat["ended"], chat["failure"], chat["format"]) == (True, None, "csv")
    assert {name: rows for name, rows in chat["rows"].items() if rows} == {
        "messages": 1,
        "unreadable": 1,
        "before_start": 1,
        "after_end": 1,
    }


async def test_a_chat_of_another_recording_is_missing_and_not_quiet(submitted: Any, record: Any) -> None:
    rows = "time,text\n" + "".join(f"{at},hello\n" for at in range(4000, 4100))
    await submitted.request(record("a.m4a", record.Sound()), rows.encode())
    recorded = await submitted.chat_ended()
    assert [event.kind for event in recorded.events] == ["ended"]
    (ended,) = recorded.of_kind("ended")
    assert (ended.failure.code, ended.rows.after_end) == ("chat_outside_media", 100)
    assert "offset_ms" in ended.failure.reason


async def test_a_chat_trimmed_and_packed_by_its_tool_lies_where_it_was_said(submitted: Any, record: Any) -> None:
    comments = [{"content_offset_seconds": at, "message": {"body": f"at {at}"}} for at in (3601, 3604)]
    replay = json.dumps({"video": {"start": 3600, "end": 3610}, "comments": comments})
    await submitted.request(record("a.m4a", record.Sound()), gzip.compress(replay.encode()))
    recorded = await submitted.chat_ended()
    messages = recorded.of_kind("window_read")[0].messages.messages
    assert [(message.at_ms, message.text) for message in messages] == [(1000, "at 3601"), (4000, "at 3604")]
    assert [note.code for note in recorded.of_kind("ended")[0].notes] == ["chat_times_from_trim"]


async def test_a_chat_of_dates_lies_where_the_start_of_the_recording_says(submitted: Any, record: Any) -> None:
    rows = "time,text\n2026-01-31T20:00:02Z,two\n2026-01-31T20:00:03Z,three\n"
    await submitted.request(record("a.m4a", record.Sound()), rows.encode(), media_started_at_ms=1_769_889_600_000)
    recorded = await submitted.chat_ended()
    messages = recorded.of_kind("window_read")[0].messages.messages
    assert [(message.at_ms, message.text) for message in messages] == [(2000, "two"), (3000, "three")]
    assert list(recorded.of_kind("ended")[0].notes) == []


async def test_a_window_too_large_for_an_event_travels_by_reference(submitted: Any, record: Any) -> None:
    rows = "time,text\n" + "".join(f"{number % 10},{'x' * 100} {number}\n" for number in range(2000))
    await submitted.request(record("a.m4a", record.Sound()), rows.encode())
    recorded = await submitted.chat_ended()
    first = recorded.of_kind("window_read")[0]
    assert first.WhichOneof("content") == "object"
    data = await submitted.service.objects.get(first.object.bucket, first.object.key, limit_bytes=1 << 22)
    assert len(chat_pb2.ChatMessages.FromString(data).messages) == 2000
    assert first.object.key.startswith(f"streams/{submitted.stream}/chat/000000-")


async def test_a_chat_of_the_wrong_kind_ends_badly_and_the_recording_is_read(submitted: Any, record: Any) -> None:
    await submitted.request(record("a.mp4", record.Picture(frames=60)), b'{"not": "a chat"}')
    recorded = await submitted.chat_ended()
    (ended,) = recorded.of_kind("ended")
    assert ended.failure.code == "not_a_chat_replay"
    assert ended.failure.reason.startswith("The file is not a chat replay")
    assert not (await submitted.ended()).of_kind("ended")[0].HasField("failure")


async def test_a_chat_that_breaks_off_says_so_after_what_it_has(submitted: Any, record: Any) -> None:
    replay = b'[{"time_in_seconds": 1, "message": "hi"}, {"time_in_seconds": 2, "message": "there"}, {"time_in'
    await submitted.request(record("a.m4a", record.Sound()), replay)
    recorded = await submitted.chat_ended()
    assert len(recorded.of_kind("window_read")[0].messages.messages) == 2
    assert recorded.of_kind("ended")[0].failure.code == "chat_truncated"
