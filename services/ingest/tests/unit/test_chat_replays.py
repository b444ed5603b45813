"""Replays as the tools write them, and files that only look like replays."""

from __future__ import annotations

import io
import json
import random
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tldr_ingest.adapters.chat_replay_file import ChatReplay, open_chat_replay
from tldr_ingest.adapters.chat_survey import in_order, survey
from tldr_ingest.domain.chat import LATEST_MS, ChatFormat, ChatMessage, milliseconds_of
from tldr_ingest.domain.errors import ChatTimesImpossible, NotAChatReplay


def _twitch(*comments: Any, **more: Any) -> bytes:
    root = {"FileInfo": {"Version": {"Major": 1}}, "streamer": {"name": "a"}, "video": {"start": 0.0}, **more}
    return json.dumps({**root, "comments": list(comments), "embeddedData": {"firstParty": []}}).encode()


def _comment(at: Any, body: str, author: str | None = "Ann", emotes: tuple[str, ...] = ()) -> dict[str, Any]:
    fragments = [{"text": word, "emoticon": {"emoticon_id": "1"} if word in emotes else None} for word in body.split()]
    return {
        "_id": "x",
        "content_offset_seconds": at,
        "commenter": author and {"display_name": author, "name": author.lower()},
        "message": {"body": body, "fragments": fragments, "user_badges": []},
    }


def _open(content: bytes, format: ChatFormat | None = None, offset_ms: int = 0) -> ChatReplay:
    return open_chat_replay(io.BytesIO(content), format, offset_ms)


def test_twitch_downloader_is_read() -> None:
    replay = _open(_twitch(_comment(1.5, "hi Kappa there", emotes=("Kappa",)), _comment(2, "gone", author=None)))
    assert replay.format is ChatFormat.TWITCH_DOWNLOADER
    assert list(replay) == [ChatMessage(1500, "Ann", "hi Kappa there", ("Kappa",)), ChatMessage(2000, "", "gone")]
    assert (replay.counts.read, replay.counts.malformed) == (2, 0)


def test_twitch_comments_without_a_body_are_put_together() -> None:
    comment = _comment(1, "a b")
    del comment["message"]["body"]
    assert [message.text for message in _open(_twitch(comment))] == ["ab"]


ITEMS: list[dict[str, Any]] = [
    {
        "time_in_seconds": 3.25,
        "time_text": "0:03",
        "timestamp": 1_600_000_000_000_000,
        "author": {"id": "1", "name": "bob", "display_name": "Bob"},
        "message": "nice :smile:",
        "emotes": [{"id": "s", "name": ":smile:"}],
        "message_type": "text_message",
    },
    {"time_text": "1:00:05", "author": {"name": "cy"}, "message": "late"},
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
    replay = _open(content.encode())
    assert replay.format is ChatFormat.CHAT_DOWNLOADER
    assert list(replay) == READ
    assert replay.counts.malformed == 1


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
    ],
)
def test_csv_is_read_under_the_names_tools_give(content: bytes, author: str) -> None:
    replay = _open(content)
    assert replay.format is ChatFormat.CSV
    assert list(replay) == [ChatMessage(1500, author, "hello")]


def test_csv_rows_that_are_none_are_counted() -> None:
    replay = _open(b'time,author,text\n1,Ann,"two\nlines"\n\nsoon,Ann,a\n2,Ann\n3,Ann,\n4,Bob,last\n')
    assert [(message.at_ms, message.text) for message in replay] == [(1000, "two\nlines"), (4000, "last")]
    assert replay.counts.malformed == 3


def test_impossible_times_are_skipped_and_counted() -> None:
    rows = "time,text\n-1,before\n1,in\nnan,never\ninf,never\n172801,after two days\n1600000000,a date\n"
    replay = _open(rows.encode())
    assert [message.text for message in replay] == ["in"]
    assert replay.counts.impossible == 5


def test_the_offset_moves_messages_into_the_stream() -> None:
    replay = _open(b"time,text\n-5,early\n1,later\n", offset_ms=4000)
    assert [(message.at_ms, message.text) for message in replay] == [(5000, "later")]
    assert [message.at_ms for message in _open(b"time,text\n-5,early\n", offset_ms=6000)] == [1000]


def test_a_replay_of_dates_only_is_an_error_with_a_reason() -> None:
    replay = _open(b"time,text\n1600000000,a\n1600000001,b\n")
    with pytest.raises(ChatTimesImpossible, match="None of the 2 messages"):
        list(replay)
    with pytest.raises(NotAChatReplay):
        survey(replay)


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
        b"<html></html>",
        b"%PDF-1.7",
        b"\x00\x00\x00\x18ftypmp42" + bytes(1000),
        b'{"comments": 5}',
        b'[{"a": 1}]',
        b"{" * 5000,
        b"[" * 100_000,
        b'{"unfinished": ',
    ],
    ids=range(16),
)
def test_a_file_of_another_kind_is_refused(content: bytes) -> None:
    with pytest.raises(NotAChatReplay) as caught:
        list(_open(content))
    assert caught.value.sentence.startswith("The file is not a chat replay: expected ")


def test_a_named_format_that_is_not_the_files_is_refused() -> None:
    with pytest.raises(NotAChatReplay, match="CSV"):
        _open(_twitch(_comment(1, "a")), ChatFormat.CSV)
    with pytest.raises(NotAChatReplay, match="TwitchDownloader"):
        _open(b"time,text\n1,a\n", ChatFormat.TWITCH_DOWNLOADER)


@pytest.mark.parametrize("content", [_twitch(), b"[]", b"time,author,text\n"])
def test_a_replay_in_which_nobody_wrote_is_no_error(content: bytes) -> None:
    assert list(_open(content)) == []


def test_a_replay_that_breaks_off_is_read_up_to_there() -> None:
    content = _twitch(*(_comment(n, f"message {n}") for n in range(100)))
    replay = _open(content[: len(content) // 2])
    assert 30 < len(list(replay)) < 60
    assert replay.counts.truncated


def test_strings_are_made_safe() -> None:
    content = (
        b'[{"time_in_seconds": 1, "message": "a\\ud83d\\u0000b' + b"x" * 5000 + b'", "author": {"name": "\\ud83d"}}]'
    )
    (message,) = _open(content)
    assert message.text.startswith("a?bx")
    assert len(message.text) == 1999
    assert message.author == "?"
    message.text.encode()


def test_a_large_file_is_read_in_pieces() -> None:
    class Watched(io.BytesIO):
        largest = 0

        def read(self, size: int | None = -1, /) -> bytes:
            data = super().read(size)
            Watched.largest = max(Watched.largest, len(data))
            return data

        def read1(self, size: int | None = -1, /) -> bytes:
            data = super().read1(size)
            Watched.largest = max(Watched.largest, len(data))
            return data

    content = _twitch(*(_comment(n / 10, f"message {n} " + "x" * 300) for n in range(20_000)))
    assert sum(1 for _ in open_chat_replay(Watched(content))) == 20_000
    assert Watched.largest < len(content) / 3


def test_a_file_in_no_order_comes_back_in_order() -> None:
    numbers = list(range(2000))
    random.Random(3).shuffle(numbers)
    replay = _open(b"time,text\n" + b"".join(b"%d,m\n" % number for number in numbers))
    found = survey(replay)
    assert found.last_ms == 1_999_000
    assert found.disorder_ms > 30_000
    assert [message.at_ms for message in in_order(replay, found, 30_000)] == [1000 * n for n in range(2000)]


def test_a_file_nearly_in_order_is_not_held_in_memory() -> None:
    replay = _open(b"time,text\n1,a\n3,b\n2,c\n")
    found = survey(replay)
    assert found.disorder_ms == 1000
    assert in_order(replay, found, 30_000) is replay


@pytest.mark.parametrize(
    ("time", "expected"),
    [
        ("1:02:03.5", 3_723_500),
        ("-0:05", -5000),
        ("90:00", 5_400_000),
        (" 12.5 ", 12_500),
        (3, 3000),
        (True, None),
        (None, None),
        ("", None),
        ("noon", None),
        (float("nan"), LATEST_MS + 1),
        (10**400, LATEST_MS + 1),
        ("1e999", LATEST_MS + 1),
    ],
)
def test_times_are_read_as_seconds_or_clocks(time: Any, expected: int | None) -> None:
    assert milliseconds_of(time) == expected


@given(st.binary(max_size=400))
def test_no_bytes_break_the_reader(content: bytes) -> None:
    for prefix in (b"", b"[", b'{"comments": [', b"time,text\n", b'{"message": "a"}'):
        with suppress(NotAChatReplay):
            list(_open(prefix + content))
