"""Replays as the tools write them, and files that only look like replays."""

from __future__ import annotations

import io
import json
import random
import tracemalloc
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tldr_ingest.adapters.chat.chat_text import unpacked
from tldr_ingest.adapters.chat.replay import ChatReplay, read_replay
from tldr_ingest.adapters.chat.spool import chat_spool
from tldr_ingest.domain.chat.message import ChatFormat, ChatMessage
from tldr_ingest.domain.chat.report import ChatCounts
from tldr_ingest.domain.errors import ChatTimesImpossible, ChatTimesUnreadable, ChatTooLarge, NotAChatReplay

HOUR_MS = 3_600_000


@contextmanager
def _open(content: bytes | str, format: ChatFormat | None = None, **how: Any) -> Iterator[ChatReplay]:
    file = io.BytesIO(content.encode() if isinstance(content, str) else content)
    with chat_spool() as spool:
        yield read_replay(file, spool, format=format, **how)


def _read(content: bytes | str, **how: Any) -> tuple[list[ChatMessage], ChatCounts, list[str]]:
    with _open(content, **how) as replay:
        return list(replay), replay.counts, [note.code for note in replay.notes]


def _times(content: bytes | str, **how: Any) -> list[int]:
    return [message.at_ms for message in _read(content, **how)[0]]


def _twitch(*comments: Any, video: Any = None, first: dict[str, Any] | None = None) -> bytes:
    root = {**(first or {}), "FileInfo": {"Version": {"Major": 1}}, "streamer": {"name": "a"}}
    video = {"start": 0.0} if video is None else video
    return json.dumps({**root, "video": video, "comments": list(comments), "embeddedData": {"firstParty": []}}).encode()


def _comment(at: Any, body: str, author: str | None = "Ann", emotes: tuple[str, ...] = ()) -> dict[str, Any]:
    fragments = [{"text": word, "emoticon": {"emoticon_id": "1"} if word in emotes else None} for word in body.split()]
    return {
        "_id": "x",
        "content_offset_seconds": at,
        "commenter": author and {"display_name": author, "name": author.lower()},
        "message": {"body": body, "fragments": fragments, "user_badges": []},
    }


def test_twitch_downloader_is_read() -> None:
    content = _twitch(_comment(1.5, "hi Kappa there", emotes=("Kappa",)), _comment(2, "gone", author=None))
    with _open(content) as replay:
        assert replay.format is ChatFormat.TWITCH_DOWNLOADER
        assert list(replay) == [ChatMessage(1500, "Ann", "hi Kappa there", ("Kappa",)), ChatMessage(2000, "", "gone")]
        assert replay.counts == ChatCounts(messages=2)


def test_twitch_comments_without_a_body_are_put_together() -> None:
    comment = _comment(1, "a b")
    del comment["message"]["body"]
    assert [message.text for message in _read(_twitch(comment))[0]] == ["ab"]


def test_a_trimmed_broadcast_counts_from_its_trim() -> None:
    content = _twitch(
        _comment(3590, "early"), _comment(3605, "in"), _comment(7199, "end"), video={"start": 3600, "end": 7200}
    )
    messages, counts, notes = _read(content, media_ms=HOUR_MS)
    assert [message.at_ms for message in messages] == [5_000, 3_599_000]
    assert (counts.before_start, notes) == (1, ["chat_times_from_trim"])


def test_a_trimmed_chat_of_a_whole_broadcast_counts_from_its_start() -> None:
    content = _twitch(_comment(3605, "in"), video={"start": 3600, "end": 7200})
    messages, _, notes = _read(content, media_ms=4 * HOUR_MS)
    assert ([message.at_ms for message in messages], notes) == ([3_605_000], ["chat_times_from_broadcast"])


def test_an_offset_that_was_given_counts_from_the_files_own_zero() -> None:
    content = _twitch(_comment(3605, "in"), video={"start": 3600, "end": 7200})
    messages, _, notes = _read(content, media_ms=HOUR_MS, offset_ms=-3_600_000)
    assert ([message.at_ms for message in messages], notes) == ([5_000], [])


def test_the_trim_is_found_behind_the_comments_as_well() -> None:
    content = b'{"comments": [' + json.dumps(_comment(65, "in")).encode() + b'], "video": {"start": "1:00", "end": 90}}'
    assert _times(content, media_ms=30_000) == [5_000]


def test_twitch_comments_one_a_line_are_read() -> None:
    content = "\n".join(json.dumps(_comment(at, f"at {at}")) for at in (1, 2, 3))
    with _open(content) as replay:
        assert replay.format is ChatFormat.TWITCH_DOWNLOADER
        assert [message.at_ms for message in replay] == [1000, 2000, 3000]


def test_pictures_before_the_comments_are_stepped_over() -> None:
    pictures = {"embeddedData": {"firstParty": [{"data": 'a\\"]}' * 500_000}], "more": [[], {}]}, "n": 12, "s": "x"}
    assert _times(_twitch(_comment(1, "a"), first=pictures)) == [1000]


@pytest.mark.parametrize("cut", [0, 10, 500])
def test_gzip_is_unpacked_under_any_name_and_read_as_far_as_it_goes(cut: int) -> None:
    import gzip

    packed = gzip.compress(_twitch(*(_comment(n, f"message {n} {random.random()}") for n in range(200))))
    plain, broken = unpacked(io.BytesIO(packed[: len(packed) - cut]), 1 << 20)
    messages = _read(plain.read())[0]
    assert broken is (cut > 0)
    assert len(messages) == 200 if cut <= 10 else 100 < len(messages) < 200


def test_a_gzip_bomb_is_refused_after_what_a_chat_may_have() -> None:
    import gzip

    with pytest.raises(ChatTooLarge):
        unpacked(io.BytesIO(gzip.compress(bytes(30 << 20))), 4 << 20)


ITEMS: list[dict[str, Any]] = [
    {"action_type": "remove_chat_item", "target_message_id": "x"},
    {
        "time_in_seconds": 3.25,
        "time_text": "0:03",
        "timestamp": 1_600_000_000_000_000,
        "author": {"id": "1", "name": "bob", "display_name": "Bob"},
        "message": "nice :smile:",
        "emotes": [{"id": "s", "name": ":smile:"}],
        "message_type": "text_message",
    },
    {"time_in_seconds": None, "time_text": "1:00:05", "author": {"name": "cy"}, "message": "late"},
    {"time_in_seconds": 4, "author": {"name": "cy"}, "message": None, "message_type": "membership_item"},
]
READ = [ChatMessage(3250, "Bob", "nice :smile:", (":smile:",)), ChatMessage(3_605_000, "cy", "late")]


@pytest.mark.parametrize(
    "content",
    [
        json.dumps(ITEMS),
        json.dumps(ITEMS, indent=4),
        "\n".join(json.dumps(item) for item in ITEMS),
        "\ufeff" + json.dumps(ITEMS),
    ],
    ids=["list", "indented", "lines", "byte order mark"],
)
def test_chat_downloader_is_read(content: str) -> None:
    with _open(content) as replay:
        assert replay.format is ChatFormat.CHAT_DOWNLOADER
        assert list(replay) == READ
        assert replay.counts == ChatCounts(messages=2, other=2)


def test_a_chat_with_dates_only_counts_from_its_first_message() -> None:
    rows = [{"timestamp": 1_600_000_000_000_000 + at * 10**6, "message": "x"} for at in (30, 0, 5)]
    messages, _, notes = _read(json.dumps(rows))
    assert [message.at_ms for message in messages] == [0, 5_000, 30_000]
    assert notes == ["chat_times_from_first"]


def test_a_broken_line_is_counted_and_the_lines_behind_it_are_read() -> None:
    lines = [json.dumps({"time_in_seconds": at, "message": "x"}) for at in (1, 2, 3)]
    messages, counts, _ = _read("\n".join([lines[0], lines[1][:9], '{"tim\x00e', lines[2], ""]))
    assert [message.at_ms for message in messages] == [1000, 3000]
    assert counts.unreadable == 2


def _live(offset: str, text: str, runs: list[dict[str, Any]], kind: str = "liveChatTextMessageRenderer") -> str:
    item = {"message": {"runs": runs}, "authorName": {"simpleText": "Ann"}, "timestampText": {"simpleText": text}}
    action = {"addChatItemAction": {"item": {kind: {**item, "timestampUsec": "1600000000000000"}}, "clientId": "c"}}
    return json.dumps({"replayChatItemAction": {"actions": [action]}, "videoOffsetTimeMsec": offset})


def test_the_live_chat_of_yt_dlp_is_read() -> None:
    smile = {"emoji": {"emojiId": "UC/x", "shortcuts": [":smile:"], "isCustomEmoji": True}}
    lines = [
        json.dumps(
            {"clickTrackingParams": "x", "replayChatItemAction": {"actions": [{"addBannerToLiveChatCommand": {}}]}}
        ),
        _live("0", "-0:05", [{"text": "before"}]),
        _live("5120", "0:05", [{"text": "hi"}, smile, {"emoji": {"emojiId": "😀"}}]),
        _live("7000", "0:07", [{"text": "take it"}], "liveChatPaidMessageRenderer"),
    ]
    with _open("\n".join(lines)) as replay:
        assert replay.format is ChatFormat.LIVE_CHAT
        assert list(replay) == [
            ChatMessage(5120, "Ann", "hi :smile: 😀", (":smile:", "😀")),
            ChatMessage(7000, "Ann", "take it"),
        ]
        assert replay.counts == ChatCounts(messages=2, before_start=1, other=1)


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
def test_csv_is_read_as_tools_and_spreadsheets_write_it(content: bytes, author: str) -> None:
    with _open(content) as replay:
        assert replay.format is ChatFormat.CSV
        assert list(replay) == [ChatMessage(1500, author, "hello")]
        assert replay.notes == ()


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
def test_times_of_csv_are_told_by_their_range(times: tuple[str, ...], expected: list[int], note: list[str]) -> None:
    rows = "time;text\n" + "".join(f"{time};x\n" for time in times)
    messages, _, notes = _read(rows, media_ms=2 * HOUR_MS)
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
def test_dates_count_from_the_start_that_is_given(times: tuple[str, ...], expected: list[int], note: list[str]) -> None:
    rows = "time;text\n" + "".join(f"{time};x\n" for time in times)
    eight = int(datetime(2026, 1, 31, 20, tzinfo=UTC).timestamp() * 1000)
    messages, _, notes = _read(rows, media_ms=2 * HOUR_MS, media_started_at_ms=eight)
    assert ([message.at_ms for message in messages], notes) == (expected, note)
    moved = _times(rows, media_ms=2 * HOUR_MS, media_started_at_ms=eight, offset_ms=1_000)
    assert moved == [at + 1_000 for at in expected]


def test_dates_of_before_the_start_that_is_given_are_before_the_stream() -> None:
    rows = "time,text\n1970-01-01T00:00:05Z,early\n1970-01-01T00:01:00Z,first\n"
    messages, counts, _ = _read(rows, media_ms=HOUR_MS, media_started_at_ms=60_000)
    assert ([message.at_ms for message in messages], counts.before_start) == ([0], 1)


def test_a_chat_of_one_second_is_not_taken_for_shares_of_a_day() -> None:
    assert _times("time,text\n0.1,a\n0.6,b\n", media_ms=1_000) == [100, 600]


def test_a_chat_of_another_recording_is_not_squeezed_into_this_one() -> None:
    messages, counts, notes = _read("time,text\n4000,a\n4099,b\n", media_ms=10_000)
    assert (messages, counts.after_end, notes) == ([], 2, [])


@pytest.mark.parametrize("quoted", ['"hello there', 'a 5" screen', '"so" she said "'])
def test_an_unescaped_quote_swallows_no_row(quoted: str) -> None:
    rows = f"time,author,text\n1,Ann,{quoted}\n" + "".join(f"{at},Bob,row {at}\n" for at in range(2, 60))
    messages, counts, _ = _read(rows)
    assert [message.at_ms for message in messages] == [1000 * at for at in range(1, 60)]
    assert counts.unreadable == 0


def test_csv_rows_that_are_none_are_counted() -> None:
    messages, counts, _ = _read(b'time,author,text\n1,Ann,"two\nlines"\n\nsoon,Ann,a\n2,Ann\n3,Ann,\n4,Bob,last\n')
    assert [(message.at_ms, message.text) for message in messages] == [(1000, "two\nlines"), (4000, "last")]
    assert (counts.unreadable, counts.other) == (2, 1)


def test_what_lies_outside_of_the_media_is_counted_by_its_side() -> None:
    rows = "time_in_seconds,text\n-1,before\n1,in\nnan,never\ninf,never\n172801,after two days\n1600000000,a date\n90,after\n"
    messages, counts, _ = _read(rows, media_ms=60_000)
    assert [message.text for message in messages] == ["in"]
    assert counts == ChatCounts(messages=1, impossible=4, before_start=1, after_end=1)


def test_the_offset_moves_messages_into_the_stream() -> None:
    assert _times(b"time,text\n-5,early\n1,later\n", offset_ms=4000) == [5000]
    assert _times(b"time,text\n-5,early\n", offset_ms=6000) == [1000]


def test_times_that_lie_in_no_stream_are_an_error_with_a_reason() -> None:
    with pytest.raises(ChatTimesImpossible, match="None of the 2 messages"):
        _read(b"time_in_seconds,text\n200000,a\n300000,b\n")


def test_times_that_cannot_be_read_are_not_missing_columns() -> None:
    with pytest.raises(ChatTimesUnreadable, match="times of the 2 messages"):
        _read(b"time,text\nsoon,a\nlater,b\n")


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"hello\nworld\n",
        b"name,age\nAnn,3\n",
        b"{}",
        b'{"a": 1}',
        b"[1, 2, 3]",
        b"[[1]]",
        b'"text"',
        b"%PDF-1.7",
        b"\x00\x00\x00\x18ftypmp42" + bytes(1000),
        b'{"comments": 5}',
        b'[{"a": 1}]',
        b"{" * 5000,
        b"[" * 100_000,
        b'{"unfinished": ',
        b"x" * 300_000,
    ],
    ids=range(16),
)
def test_a_file_of_another_kind_is_refused(content: bytes) -> None:
    with pytest.raises(NotAChatReplay) as caught:
        _read(content)
    assert caught.value.sentence.startswith("The file is not a chat replay: expected ")


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"<!DOCTYPE html><html></html>", "HTML"),
        (b"[0:01:02] Ann: hello\n[0:01:03] Bob: hi\n", "plain text"),
        (b"[2026-01-31 20:00:00 UTC] Ann: hello\n", "plain text"),
        (b"PK\x03\x04rest", "ZIP"),
    ],
)
def test_exports_that_cannot_be_read_are_refused_by_name(content: bytes, kind: str) -> None:
    with pytest.raises(NotAChatReplay, match=kind):
        _read(content)


def test_a_named_format_that_is_not_the_files_is_refused() -> None:
    with pytest.raises(NotAChatReplay, match="CSV"):
        _read(_twitch(_comment(1, "a")), format=ChatFormat.CSV)
    with pytest.raises(NotAChatReplay, match="TwitchDownloader"):
        _read(b"time,text\n1,a\n", format=ChatFormat.TWITCH_DOWNLOADER)


@pytest.mark.parametrize("content", [_twitch(), b"[]", b"time,author,text\n"])
def test_a_replay_in_which_nobody_wrote_can_be_read(content: bytes) -> None:
    assert _read(content)[0] == []


def test_a_replay_that_breaks_off_is_read_up_to_there() -> None:
    content = _twitch(*(_comment(n, f"message {n}") for n in range(100)))
    with _open(content[: len(content) // 2]) as replay:
        assert 30 < len(list(replay)) < 60
        assert replay.truncated


def test_strings_are_made_safe() -> None:
    content = (
        b'[{"time_in_seconds": 1, "message": "a\\ud83d\\u0000b' + b"x" * 5000 + b'", "author": {"name": "\\ud83d"}}]'
    )
    (message,) = _read(content)[0]
    assert message.text.startswith("a?bx")
    assert len(message.text) == 1999
    assert message.author == "?"


def test_a_file_in_no_order_comes_back_in_order() -> None:
    numbers = list(range(2000))
    random.Random(3).shuffle(numbers)
    assert _times(b"time,text\n" + b"".join(b"%d,m\n" % number for number in numbers)) == [
        1000 * n for n in range(2000)
    ]


BOMBS = {
    "endless line": b"time,text\n1," + b"x" * (3 << 20),
    "endless head": b"x" * (3 << 20),
    "endless string": b'[{"message": "' + b"x" * (3 << 20),
    "endless number": b'[{"time_in_seconds": ' + b"1" * (3 << 20),
    "many small values": b'[{"a": [' + b"[]," * (1 << 20),
    "deep": b'{"a": ' * (1 << 20),
    "deep list": b"[" * (2 << 20),
    "endless line of lines": b'{"time_in_seconds": 1, "message": "a"}\n{' + b'"a":' * (2 << 20),
    "open quotes": b"time,text\n" + b'1,"x\n' * 20_000,
}


@pytest.mark.parametrize("bomb", BOMBS)
def test_a_bomb_is_refused_or_read_in_little_memory(bomb: str) -> None:
    content = BOMBS[bomb]
    tracemalloc.start()
    try:
        with pytest.raises(NotAChatReplay) if bomb != "open quotes" else _nothing():
            _read(content, media_ms=60_000)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < len(content) + (120 << 20)


@contextmanager
def _nothing() -> Iterator[None]:
    yield


def test_memory_does_not_grow_with_the_length_of_a_chat() -> None:
    def peak(rows: int) -> int:
        content = b"time,text\n" + b"".join(b"%d,message\n" % (n // 50) for n in range(rows))
        tracemalloc.start()
        with _open(content) as replay:
            tracemalloc.reset_peak()
            assert sum(1 for _ in replay) == rows
            found = tracemalloc.get_traced_memory()[1] - len(content)
        tracemalloc.stop()
        return found

    assert peak(20_000) < peak(6_000) + (1 << 20)


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=400))
def test_any_bytes_give_messages_or_a_typed_refusal(content: bytes) -> None:
    for prefix in (b"", b"[", b'{"comments": [', b"time,text\n", b'{"message": "a"}\n', b"sep=;\ntime;text\n1;"):
        try:
            messages, counts, _ = _read(prefix + content, media_ms=60_000)
        except NotAChatReplay:
            continue
        assert len(messages) == counts.messages
