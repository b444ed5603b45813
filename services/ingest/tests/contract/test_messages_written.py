"""The golden messages of `tldr.ingestions.v1` and `tldr.chat.v1` are what this service makes of values of its domain."""

from base64 import b64decode
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tldr_contracts.ids import StreamId
from tldr_contracts.topics import topic_of
from tldr_ingest.adapters.chat.task import ChatTask, read_chat
from tldr_ingest.adapters.reading.places import UploadedFile
from tldr_ingest.adapters.streams.announcements_outbox import OutboxAnnouncements
from tldr_ingest.application.packed_window import PackedWindow
from tldr_ingest.application.stored_segment import StoredSegment
from tldr_ingest.application.stream_record import ChatProgress, MediaProgress, StreamRecord
from tldr_ingest.domain.chat.message import ChatFormat
from tldr_ingest.domain.chat.report import ChatCounts, ChatNote, ChatReport
from tldr_ingest.domain.media.source import (
    AudioTrack,
    Container,
    Modality,
    ReadGap,
    ResumeCursor,
    SourceInfo,
    VideoTrack,
)
from tldr_outbound import ReadingLimits
from tldr_streams.values import StoredObject
from tldr_testing import KeepingOutbox, golden

REPORT = ChatReport(
    ChatCounts(messages=3, unreadable=1, before_start=2),
    (ChatNote("chat_times_from_trim", "The chat was cut out of a longer broadcast."),),
    ChatFormat.TWITCH_DOWNLOADER,
)
RECORD = StreamRecord(
    StreamId("str_0199c2c8f5a97c1e8d2f6b7a3e4d5c6b"),
    media=MediaProgress(read_until_ms=180_000, segments=45),
    chat=ChatProgress(read_until_ms=180_000, report=REPORT),
)
INFO = SourceInfo("mp4", 180_000, VideoTrack("h264", 1280, 720, 30.0), AudioTrack("aac", 48_000, 2))
GAP = ReadGap(Modality.VIDEO, 170_000, 180_000, "source_truncated", "The file ends before its header says it does.")
SEGMENT = StoredSegment(
    index=3,
    start_ms=12_000,
    end_ms=16_000,
    object=StoredObject(
        bucket="org-0199c2c8f1007a118b2c3d4e5f607182",
        key="streams/str_0199c2c8f5a97c1e8d2f6b7a3e4d5c6b/segments/000003.mp4",
        size_bytes=1_500_000,
        sha256=b64decode("q0qYb0pgbLM3bxq9ofRZZpD0gPPn3CTsgO3FzTkUhPQ="),
        content_type="video/mp4",
    ),
    container=Container.MP4,
    offset_ms=12_000,
    decode_from=3,
    has_video=True,
    has_audio=True,
    keyframes_ms=(12_000, 14_000),
    video_packets=120,
    cursor=ResumeCursor(3, 16_000, 245_760, 3),
)
REPLAY = b"""{"comments": [
  {"content_offset_seconds": 10.4, "commenter": {"display_name": "rivera"}, "message": {"body": "what a save PogChamp",
   "fragments": [{"text": "what a save "}, {"text": "PogChamp", "emoticon": {"emoticon_id": "305954156"}}]}},
  {"content_offset_seconds": 12.05, "message": {"body": "gg"}},
  {"content_offset_seconds": 29, "commenter": {"display_name": "rivera"}, "message": {"body": "on to the next"}}
]}"""


class Served(UploadedFile):
    """An upload that is a file here."""

    __slots__ = ()

    def open(self, mode: str = "rb", buffering: int = -1) -> Any:
        return Path(self.url).open("rb")


@pytest.fixture
def windows(tmp_path: Path) -> list[PackedWindow]:
    """What is read of the replay."""
    path = tmp_path / "chat.json"
    path.write_bytes(REPLAY)
    task = ChatTask(None, 0, window_s=10, first_index=1, limit_bytes=1 << 20, end_ms=180_000)
    items = [item.value for item in read_chat(Served(str(path), ReadingLimits()), task)]
    return [value for value in items if isinstance(value, PackedWindow)]


@pytest.mark.parametrize("fact", ["started", "segment_stored", "gap_found", "ended", "window_read", "chat ended"])
async def test_the_golden_message_is_produced(fact: str, windows: list[PackedWindow]) -> None:
    shelf = KeepingOutbox()
    tell = OutboxAnnouncements(shelf, None, "org_1", 37)  # type: ignore[arg-type]
    match fact:
        case "started":
            await tell.media(RECORD, [INFO])
        case "segment_stored":
            await tell.media(RECORD, [SEGMENT])
        case "gap_found":
            await tell.media(RECORD, [GAP])
        case "ended":
            await tell.media_ended(RECORD)
        case "window_read":
            await tell.chat(RECORD, windows[:1])
        case "chat ended":
            await tell.chat_ended(RECORD)
    (publication,) = shelf.publications
    message: Any = publication.message
    assert message == golden(topic_of(message).name, fact.removeprefix("chat "))
    assert publication.topic is topic_of(message)
    assert (publication.organization, publication.subject, publication.lane) == ("org_1", RECORD.id, 37)


async def test_a_window_without_messages_and_a_stored_one_say_which_they_are() -> None:
    shelf = KeepingOutbox()
    tell = OutboxAnnouncements(shelf, None, "org_1", 37)  # type: ignore[arg-type]
    quiet = PackedWindow(0, 0, 10_000, b"")
    await tell.chat(RECORD, [quiet, replace(quiet, content=SEGMENT.object)])
    contents = [publication.message.window_read.WhichOneof("content") for publication in shelf.publications]  # type: ignore[attr-defined]
    assert contents == ["messages", "object"]
