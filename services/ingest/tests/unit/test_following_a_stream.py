"""What is asked for and announced as the gateway decides; nothing waits for an end that nobody says."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from tldr_contracts.ids import StreamId
from tldr_ingest.application.end_reading import EndReading
from tldr_ingest.application.follow_stream import FollowStream
from tldr_ingest.application.give_up_reading import GiveUpReading
from tldr_ingest.application.packed_window import quiet_windows
from tldr_ingest.application.stream_record import (
    Address,
    ChatProgress,
    ChatRequest,
    LiveSettings,
    MediaProgress,
    Request,
    StreamRecord,
    Upload,
)
from tldr_ingest.domain.media.source import SourceInfo
from tldr_streams.state import StreamState
from tldr_streams.values import Failure

STREAM = StreamId("str_1")
PLACE = Address("https://example.com/a.mp4")
REQUEST = Request(priority=3, place=PLACE, chat=ChatRequest(PLACE))
INFO = SourceInfo("mp4", 9000, None, None)
BROKEN = Failure("source_unavailable", "Gone.")
WorkOn = Callable[..., Any]


def reading(**changes: object) -> StreamRecord:
    """A stream of which 8 s of picture and 5 s of chat were read."""
    record = StreamRecord(
        STREAM,
        request=REQUEST,
        media=MediaProgress(opened_attempt=1, info=INFO, segments=2, read_until_ms=8000),
        chat=ChatProgress(windows=1, read_until_ms=5000),
    )
    return replace(record, **changes)  # type: ignore[arg-type]


async def test_a_request_asks_for_picture_and_sound_once(work_on: WorkOn) -> None:
    work = work_on()
    await FollowStream(work).requested(STREAM, 1, REQUEST)
    await FollowStream(work).requested(STREAM, 1, REQUEST)
    assert work.asked == ["media 1"]
    assert work.said == []


@pytest.mark.parametrize(
    ("request_", "code"),
    [
        (replace(REQUEST, chat=None, place=None), "no_source"),
        (replace(REQUEST, chat=None, place=Upload("b", "k"), live=LiveSettings()), "upload_not_live"),
    ],
)
async def test_what_cannot_be_read_ends_at_once(work_on: WorkOn, request_: Request, code: str) -> None:
    work = work_on()
    await FollowStream(work).requested(STREAM, 1, request_)
    assert (work.asked, work.said) == ([], [f"ended 1 at 0 {code}"])


async def test_a_request_that_could_not_be_kept_ends_picture_and_chat(work_on: WorkOn) -> None:
    work = work_on()
    await FollowStream(work).requested(STREAM, 1, None)
    assert work.said == ["chat ended 1 at 0 request_unreadable", "ended 1 at 0 request_unreadable"]


async def test_chat_is_asked_for_when_it_is_known_how_long_the_stream_is(work_on: WorkOn) -> None:
    work = work_on(reading())
    ended = await EndReading(work).media(reading(), duration_ms=9500)
    assert (work.asked, work.said) == (["chat 1"], ["ended 1 at 9500"])
    await EndReading(work).chat(ended)
    assert work.said == ["ended 1 at 9500", "window 1 to 10000", "chat ended 1 at 10000"]


async def test_chat_of_a_recording_of_which_nothing_was_read_ends_with_it(work_on: WorkOn) -> None:
    work = work_on(StreamRecord(STREAM, request=REQUEST))
    await EndReading(work).media(work.record, BROKEN)
    assert work.asked == []
    assert work.said == ["ended 1 at 0 source_unavailable", "chat ended 1 at 0 source_unavailable"]


async def test_chat_that_the_version_before_read_first_ends_with_picture_and_sound(work_on: WorkOn) -> None:
    work = work_on(reading())
    await EndReading(work).media(await EndReading(work).chat(reading()), duration_ms=9500)
    assert (work.asked, work.said) == ([], ["ended 1 at 9500", "window 1 to 10000", "chat ended 1 at 10000"])


async def test_chat_longer_than_the_stream_ends_where_it_ends(work_on: WorkOn) -> None:
    longer = reading(chat=ChatProgress(windows=2, read_until_ms=12_000))
    work = work_on(longer)
    end = EndReading(work)
    await end.media(await end.chat(longer), duration_ms=9500)
    assert work.said == ["ended 1 at 9500", "chat ended 1 at 12000"]


def test_a_long_quiet_end_is_said_in_windows_of_ten_minutes() -> None:
    windows = [(window.index, window.start_ms, window.end_ms) for window in quiet_windows(3, 5000, 1_205_300)]
    assert windows == [(3, 5000, 605_000), (4, 605_000, 1_205_000), (5, 1_205_000, 1_206_000)]
    assert quiet_windows(3, 5000, 4000) == []


async def test_chat_that_failed_ends_badly(work_on: WorkOn) -> None:
    work = work_on(reading(media=replace(reading().media, ended_attempt=1, complete=True)))
    await GiveUpReading(work).chat(STREAM, 1)
    assert work.said == ["chat ended 1 at 5000 chat_failed"]


async def test_what_nobody_can_read_is_given_up_once(work_on: WorkOn) -> None:
    work = work_on(reading())
    await GiveUpReading(work).media(STREAM, 1)
    await GiveUpReading(work).media(STREAM, 1)
    assert work.said == ["ended 1 at 8000 ingest_failed"]


async def test_an_older_attempt_is_not_given_up_any_more(work_on: WorkOn) -> None:
    work = work_on(reading(attempt=2))
    await GiveUpReading(work).media(STREAM, 1)
    assert work.said == []


async def test_a_stop_ends_the_input_and_its_chat_is_read_up_to_there(work_on: WorkOn) -> None:
    work = work_on(reading())
    await FollowStream(work).stopped(STREAM)
    assert work.asked == ["cancel all but live chat", "chat 1"]
    assert work.said == ["ended 1 at 8000"]


async def test_a_stop_before_anything_was_read_says_so(work_on: WorkOn) -> None:
    work = work_on(StreamRecord(STREAM, request=replace(REQUEST, chat=None)))
    await FollowStream(work).stopped(STREAM)
    assert work.said == ["ended 1 at 0 stopped"]


async def test_a_stop_after_the_end_leaves_the_chat_of_what_was_read(work_on: WorkOn) -> None:
    media = MediaProgress(opened_attempt=1, info=INFO, segments=2, read_until_ms=8000, ended_attempt=1, complete=True)
    work = work_on(reading(media=media))
    await FollowStream(work).stopped(STREAM)
    assert (work.asked, work.said, work.record.reads_chat(1)) == ([], [], True)


async def test_a_retry_reads_on_what_had_failed(work_on: WorkOn) -> None:
    media = replace(reading().media, ended_attempt=1, failure=BROKEN)
    work = work_on(reading(media=media, state=StreamState.FAILED))
    await FollowStream(work).retried(STREAM, 2)
    assert work.asked == ["cancel", "media 2"]
    assert work.record.reads_media(2)


async def test_a_retry_says_again_what_was_read_to_its_end(work_on: WorkOn) -> None:
    work = work_on(reading())
    end = EndReading(work)
    await end.chat(await end.media(reading(), duration_ms=9500))
    await FollowStream(work).failed(STREAM, 1)
    work.said.clear()
    work.asked.clear()
    await FollowStream(work).retried(STREAM, 2)
    assert work.asked == ["cancel"]
    assert work.said == ["started", "ended 2 at 9500", "chat ended 2 at 10000"]


async def test_a_retry_that_reads_more_of_the_picture_moves_the_end_of_chat(work_on: WorkOn) -> None:
    work = work_on(reading())
    end = EndReading(work)
    await end.chat(await end.media(reading(), BROKEN))
    await FollowStream(work).retried(STREAM, 2)
    work.said.clear()
    await EndReading(work).media(work.record, duration_ms=12_000)
    assert work.said == ["ended 2 at 12000", "window 2 to 12000", "chat ended 2 at 12000"]


async def test_an_old_retry_and_one_of_a_stream_that_is_over_change_nothing(work_on: WorkOn) -> None:
    for record in (reading(attempt=2), reading(state=StreamState.CANCELLED), reading(state=StreamState.COMPLETED)):
        work = work_on(record)
        await FollowStream(work).retried(STREAM, 2)
        assert (work.record, work.asked, work.said) == (record, [], [])


async def test_a_retry_that_cannot_be_handled_ends_badly(work_on: WorkOn) -> None:
    work = work_on(reading(state=StreamState.FAILED))
    await GiveUpReading(work).attempt(STREAM, 2)
    assert work.said == ["chat ended 2 at 5000 chat_failed", "ended 2 at 8000 ingest_failed"]


async def test_the_failure_of_an_older_attempt_does_not_touch_the_current_one(work_on: WorkOn) -> None:
    work = work_on(reading(attempt=2))
    await FollowStream(work).failed(STREAM, 1)
    assert (work.asked, work.said) == ([], [])


@pytest.mark.parametrize(
    ("decision", "asked"),
    [
        ("cancelled", ["cancel", "purge"]),
        ("deleted", ["cancel", "purge", "forget"]),
        ("completed", ["cancel", "purge chat"]),
    ],
)
async def test_the_end_of_a_stream_drops_its_work(work_on: WorkOn, decision: str, asked: list[str]) -> None:
    work = work_on(reading(chat=ChatProgress(stored=True)))
    await getattr(FollowStream(work), decision)(STREAM)
    assert (work.asked, work.said) == (asked, ["closed"])
    assert work.record.over
    assert not work.record.reads_media(1)


async def test_a_deleted_stream_stays_deleted(work_on: WorkOn) -> None:
    work = work_on(reading())
    await FollowStream(work).deleted(STREAM)
    await FollowStream(work).failed(STREAM, 1)
    await FollowStream(work).requested(STREAM, 1, REQUEST)
    assert (work.record.state, work.record.request) == (StreamState.DELETED, None)
