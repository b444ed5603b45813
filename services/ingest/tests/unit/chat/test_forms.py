"""Replays as the tools write them."""

from __future__ import annotations

import gzip
import io
import json
import random
from typing import Any

import pytest

from tldr_ingest.adapters.chat.chat_text import unpacked
from tldr_ingest.domain.chat.message import ChatFormat, ChatMessage
from tldr_ingest.domain.chat.report import ChatCounts

HOUR_MS = 3_600_000


def test_twitch_downloader_is_read(opened: Any, twitch: Any, comment: Any) -> None:
    content = twitch(comment(1.5, "hi Kappa there", emotes=("Kappa",)), comment(2, "gone", author=None))
    with opened(content) as replay:
        assert replay.format is ChatFormat.TWITCH_DOWNLOADER
        assert list(replay) == [ChatMessage(1500, "Ann", "hi Kappa there", ("Kappa",)), ChatMessage(2000, "", "gone")]
        assert replay.counts == ChatCounts(messages=2)


def test_twitch_comments_without_a_body_are_put_together(read: Any, twitch: Any, comment: Any) -> None:
    comment = comment(1, "a b")
    del comment["message"]["body"]
    assert [message.text for message in read(twitch(comment))[0]] == ["ab"]


def test_a_trimmed_broadcast_counts_from_its_trim(read: Any, twitch: Any, comment: Any) -> None:
    content = twitch(
        comment(3590, "early"), comment(3605, "in"), comment(7199, "end"), video={"start": 3600, "end": 7200}
    )
    messages, counts, notes = read(content, media_ms=HOUR_MS)
    assert [message.at_ms for message in messages] == [5_000, 3_599_000]
    assert (counts.before_start, notes) == (1, ["chat_times_from_trim"])


def test_a_trimmed_chat_of_a_whole_broadcast_counts_from_its_start(read: Any, twitch: Any, comment: Any) -> None:
    content = twitch(comment(3605, "in"), video={"start": 3600, "end": 7200})
    messages, _, notes = read(content, media_ms=4 * HOUR_MS)
    assert ([message.at_ms for message in messages], notes) == ([3_605_000], ["chat_times_from_broadcast"])


def test_an_offset_that_was_given_counts_from_the_files_own_zero(read: Any, twitch: Any, comment: Any) -> None:
    content = twitch(comment(3605, "in"), video={"start": 3600, "end": 7200})
    messages, _, notes = read(content, media_ms=HOUR_MS, offset_ms=-3_600_000)
    assert ([message.at_ms for message in messages], notes) == ([5_000], [])


def test_the_trim_is_found_behind_the_comments_as_well(times_of: Any, comment: Any) -> None:
    content = b'{"comments": [' + json.dumps(comment(65, "in")).encode() + b'], "video": {"start": "1:00", "end": 90}}'
    assert times_of(content, media_ms=30_000) == [5_000]


def test_twitch_comments_one_a_line_are_read(opened: Any, comment: Any) -> None:
    content = "\n".join(json.dumps(comment(at, f"at {at}")) for at in (1, 2, 3))
    with opened(content) as replay:
        assert replay.format is ChatFormat.TWITCH_DOWNLOADER
        assert [message.at_ms for message in replay] == [1000, 2000, 3000]


def test_pictures_before_the_comments_are_stepped_over(times_of: Any, twitch: Any, comment: Any) -> None:
    pictures = {"embeddedData": {"firstParty": [{"data": 'a\\"]}' * 500_000}], "more": [[], {}]}, "n": 12, "s": "x"}
    assert times_of(twitch(comment(1, "a"), first=pictures)) == [1000]


@pytest.mark.parametrize("cut", [0, 10, 500])
def test_gzip_is_unpacked_under_any_name_and_read_as_far_as_it_goes(
    cut: int, read: Any, twitch: Any, comment: Any
) -> None:

    packed = gzip.compress(twitch(*(comment(n, f"message {n} {random.random()}") for n in range(200))))
    plain, broken = unpacked(io.BytesIO(packed[: len(packed) - cut]), 1 << 20)
    messages = read(plain.read())[0]
    assert broken is (cut > 0)
    assert len(messages) == 200 if cut <= 10 else 100 < len(messages) < 200


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
def test_chat_downloader_is_read(content: str, opened: Any) -> None:
    with opened(content) as replay:
        assert replay.format is ChatFormat.CHAT_DOWNLOADER
        assert list(replay) == READ
        assert replay.counts == ChatCounts(messages=2, other=2)


def test_a_chat_with_dates_only_counts_from_its_first_message(read: Any) -> None:
    rows = [{"timestamp": 1_600_000_000_000_000 + at * 10**6, "message": "x"} for at in (30, 0, 5)]
    messages, _, notes = read(json.dumps(rows))
    assert [message.at_ms for message in messages] == [0, 5_000, 30_000]
    assert notes == ["chat_times_from_first"]


def test_a_broken_line_is_counted_and_the_lines_behind_it_are_read(read: Any) -> None:
    lines = [json.dumps({"time_in_seconds": at, "message": "x"}) for at in (1, 2, 3)]
    messages, counts, _ = read("\n".join([lines[0], lines[1][:9], '{"tim\x00e', lines[2], ""]))
    assert [message.at_ms for message in messages] == [1000, 3000]
    assert counts.unreadable == 2


def _live(offset: str, text: str, runs: list[dict[str, Any]], kind: str = "liveChatTextMessageRenderer") -> str:
    item = {"message": {"runs": runs}, "authorName": {"simpleText": "Ann"}, "timestampText": {"simpleText": text}}
    action = {"addChatItemAction": {"item": {kind: {**item, "timestampUsec": "1600000000000000"}}, "clientId": "c"}}
    return json.dumps({"replayChatItemAction": {"actions": [action]}, "videoOffsetTimeMsec": offset})


def test_the_live_chat_of_yt_dlp_is_read(opened: Any) -> None:
    smile = {"emoji": {"emojiId": "UC/x", "shortcuts": [":smile:"], "isCustomEmoji": True}}
    lines = [
        json.dumps(
            {"clickTrackingParams": "x", "replayChatItemAction": {"actions": [{"addBannerToLiveChatCommand": {}}]}}
        ),
        _live("0", "-0:05", [{"text": "before"}]),
        _live("5120", "0:05", [{"text": "hi"}, smile, {"emoji": {"emojiId": "😀"}}]),
        _live("7000", "0:07", [{"text": "take it"}], "liveChatPaidMessageRenderer"),
    ]
    with opened("\n".join(lines)) as replay:
        assert replay.format is ChatFormat.LIVE_CHAT
        assert list(replay) == [
            ChatMessage(5120, "Ann", "hi :smile: 😀", (":smile:", "😀")),
            ChatMessage(7000, "Ann", "take it"),
        ]
        assert replay.counts == ChatCounts(messages=2, before_start=1, other=1)


def test_a_replay_that_breaks_off_is_read_up_to_there(opened: Any, twitch: Any, comment: Any) -> None:
    content = twitch(*(comment(n, f"message {n}") for n in range(100)))
    with opened(content[: len(content) // 2]) as replay:
        assert 30 < len(list(replay)) < 60
        assert replay.truncated


def test_strings_are_made_safe(read: Any) -> None:
    content = (
        b'[{"time_in_seconds": 1, "message": "a\\ud83d\\u0000b' + b"x" * 5000 + b'", "author": {"name": "\\ud83d"}}]'
    )
    (message,) = read(content)[0]
    assert message.text.startswith("a?bx")
    assert len(message.text) == 1999
    assert message.author == "?"
