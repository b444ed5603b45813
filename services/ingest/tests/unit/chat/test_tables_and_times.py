"""Tables of chat, and where its times lie."""

from __future__ import annotations

import random
from datetime import UTC, datetime
from typing import Any

import pytest

from tldr_ingest.domain.chat.message import ChatFormat, ChatMessage
from tldr_ingest.domain.chat.report import ChatCounts
from tldr_ingest.domain.errors import ChatTimesImpossible, ChatTimesUnreadable

HOUR_MS = 3_600_000


@pytest.mark.parametrize(
    ("content", "author"),
    [
        (b"time,author,text\n1.5,Ann,hello\n", "Ann"),
        (b"time,text\r\n1.5,hello\r\n", ""),
        (b"\xef\xbb\xbfTime;User Name;Message\n1.5;Ann;hello\n", "Ann"),
        (b"t_game,chat\n1.5,hello\n", ""),
        (b"message\ttime_in_seconds\tauthor.name\nhello\t1.5\tAnn\n", "Ann"),
        (b"author,message,time_text,timestamp\nAnn,hello,0:01.5,1600000000000000\n", "Ann"),
        ('"time","author","text"\n"1.5","Ann","hello"\n'.encode("utf-16"), "Ann"),
        (b"sep=;\r\ntime;author;text\r\n1,5;Ann;hello\r\n", "Ann"),
        (b"# made by a tool\n\ntime,author,text\n# not a row\n1.5,Ann,hello\n", "Ann"),
        (b"time_ms,author,text\n1500,Ann,hello\n", "Ann"),
        (b'time,author,text\n"0:00:01,500",Ann,hello\n', "Ann"),
        (b"time,author,text\n1500ms,Ann,hello\n", "Ann"),
        (b"time,author,text\n0h0m1.5s,Ann,hello\n", "Ann"),
    ],
)
def test_csv_is_read_as_tools_and_spreadsheets_write_it(content: bytes, author: str, opened: Any) -> None:
    with opened(content) as replay:
        assert replay.format is ChatFormat.CSV
        assert list(replay) == [ChatMessage(1500, author, "hello")]
        assert (replay.counts, replay.notes) == (ChatCounts(messages=1), ())


@pytest.mark.parametrize(
    ("times", "expected", "note"),
    [
        (("1:02:03,250", "1:02:04"), [3_723_250, 3_724_000], []),
        (("1h2m3s", "62m"), [3_720_000, 3_723_000], []),
        (("2026-01-31T20:00:00Z", "2026-01-31 20:00:09"), [0, 9_000], ["chat_times_from_first"]),
        (("2026-01-31T20:00:00+01:00", "2026-01-31T19:30:00Z"), [0, 1_800_000], ["chat_times_from_first"]),
        (("61000", "3600000"), [61_000, 3_600_000], ["chat_times_in_milliseconds"]),
        (("0.0006944444", "0.0416666667"), [60_000, 3_600_000], ["chat_times_in_days"]),
        (("0,0006944444", "0,0416666667"), [60_000, 3_600_000], ["chat_times_in_days"]),
        (("61", "3600"), [61_000, 3_600_000], []),
        (("0.5", "61"), [500, 61_000], []),
    ],
)
def test_times_of_csv_are_told_by_their_range(
    times: tuple[str, ...], expected: list[int], note: list[str], read: Any
) -> None:
    rows = "time;text\n" + "".join(f"{time};x\n" for time in times)
    messages, _, notes = read(rows, media_ms=2 * HOUR_MS)
    assert ([message.at_ms for message in messages], notes) == (expected, note)


@pytest.mark.parametrize(
    ("times", "expected", "note"),
    [
        (("2026-01-31T20:00:05Z", "2026-01-31T21:00:09.250+01:00"), [5_000, 9_250], []),
        (("1769889605", "1769889609250"), [5_000, 9_250], []),
        (("2026-01-31T20:00:05Z", "0:07"), [5_000, 7_000], []),
        (("2026-01-31 20:00:05", "2026-01-31 20:00:09"), [5_000, 9_000], ["chat_dates_without_zone"]),
        (("5", "9"), [5_000, 9_000], ["chat_start_unused"]),
        (("61000", "3600000"), [61_000, 3_600_000], ["chat_times_in_milliseconds", "chat_start_unused"]),
    ],
)
def test_dates_count_from_the_start_that_is_given(
    times: tuple[str, ...], expected: list[int], note: list[str], read: Any, times_of: Any
) -> None:
    rows = "time;text\n" + "".join(f"{time};x\n" for time in times)
    eight = int(datetime(2026, 1, 31, 20, tzinfo=UTC).timestamp() * 1000)
    messages, _, notes = read(rows, media_ms=2 * HOUR_MS, media_started_at_ms=eight)
    assert ([message.at_ms for message in messages], notes) == (expected, note)
    moved = times_of(rows, media_ms=2 * HOUR_MS, media_started_at_ms=eight, offset_ms=1_000)
    assert moved == [at + 1_000 for at in expected]


def test_dates_of_before_the_start_that_is_given_are_before_the_stream(read: Any) -> None:
    rows = "time,text\n1970-01-01T00:00:05Z,early\n1970-01-01T00:01:00Z,first\n"
    messages, counts, _ = read(rows, media_ms=HOUR_MS, media_started_at_ms=60_000)
    assert ([message.at_ms for message in messages], counts.before_start) == ([0], 1)


def test_a_chat_of_one_second_is_not_taken_for_shares_of_a_day(times_of: Any) -> None:
    assert times_of("time,text\n0.1,a\n0.6,b\n", media_ms=1_000) == [100, 600]


def test_a_chat_of_another_recording_is_not_squeezed_into_this_one(read: Any) -> None:
    messages, counts, notes = read("time,text\n4000,a\n4099,b\n", media_ms=10_000)
    assert (messages, counts.after_end, notes) == ([], 2, [])


@pytest.mark.parametrize("quoted", ['"hello there', 'a 5" screen', '"so" she said "'])
def test_an_unescaped_quote_swallows_no_row(quoted: str, read: Any) -> None:
    rows = f"time,author,text\n1,Ann,{quoted}\n" + "".join(f"{at},Bob,row {at}\n" for at in range(2, 60))
    messages, counts, _ = read(rows)
    assert [message.at_ms for message in messages] == [1000 * at for at in range(1, 60)]
    assert counts.unreadable == 0


def test_csv_rows_that_are_none_are_counted(read: Any) -> None:
    messages, counts, _ = read(b'time,author,text\n1,Ann,"two\nlines"\n\nsoon,Ann,a\n2,Ann\n3,Ann,\n4,Bob,last\n')
    assert [(message.at_ms, message.text) for message in messages] == [(1000, "two\nlines"), (4000, "last")]
    assert (counts.unreadable, counts.other) == (2, 1)


def test_a_cell_beyond_any_message_is_a_row_that_cannot_be_read(read: Any) -> None:
    messages, counts, _ = read(b"time,text\n1," + b"x" * 200_000 + b"\n2,next\n")
    assert ([message.text for message in messages], counts.unreadable) == (["next"], 1)


def test_what_lies_outside_of_the_media_is_counted_by_its_side(read: Any) -> None:
    rows = "time_in_seconds,text\n-1,before\n1,in\nnan,never\ninf,never\n172801,after two days\n1600000000,a date\n90,after\n"
    messages, counts, _ = read(rows, media_ms=60_000)
    assert [message.text for message in messages] == ["in"]
    assert counts == ChatCounts(messages=1, impossible=4, before_start=1, after_end=1)


def test_the_offset_moves_messages_into_the_stream(times_of: Any) -> None:
    assert times_of(b"time,text\n-5,early\n1,later\n", offset_ms=4000) == [5000]
    assert times_of(b"time,text\n-5,early\n", offset_ms=6000) == [1000]


def test_times_that_lie_in_no_stream_are_an_error_with_a_reason(read: Any) -> None:
    with pytest.raises(ChatTimesImpossible, match="None of the 2 messages"):
        read(b"time_in_seconds,text\n200000,a\n300000,b\n")


def test_times_that_cannot_be_read_are_not_missing_columns(read: Any) -> None:
    with pytest.raises(ChatTimesUnreadable, match="times of the 2 messages"):
        read(b"time,text\nsoon,a\nlater,b\n")


def test_a_file_in_no_order_comes_back_in_order(times_of: Any) -> None:
    numbers = list(range(2000))
    random.Random(3).shuffle(numbers)
    assert times_of(b"time,text\n" + b"".join(b"%d,m\n" % number for number in numbers)) == [
        1000 * n for n in range(2000)
    ]
