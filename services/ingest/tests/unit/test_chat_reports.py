"""A chat that is not the stream's is missing, whatever its file holds."""

import pytest

from tldr_ingest.domain.chat.report import ChatCounts, missing_chat, remarks

HOUR_MS = 3_600_000


@pytest.mark.parametrize(
    ("counts", "code"),
    [
        (ChatCounts(), "chat_empty"),
        (ChatCounts(other=9), "chat_empty"),
        (ChatCounts(after_end=900), "chat_outside_media"),
        (ChatCounts(messages=5, after_end=900), "chat_sparse"),
        (ChatCounts(messages=500, unreadable=400), "chat_rows_unreadable"),
        (ChatCounts(messages=12), None),
        (ChatCounts(messages=500, unreadable=20, before_start=9000, other=9000), None),
    ],
)
def test_few_messages_within_the_media_are_no_chat(counts: ChatCounts, code: str | None) -> None:
    missing = missing_chat(counts, HOUR_MS)
    assert (missing and missing.code) == code


def test_a_short_recording_needs_few_messages() -> None:
    assert missing_chat(ChatCounts(messages=1), 240_000) is None


def test_what_was_left_out_of_a_chat_that_is_used_is_said() -> None:
    notes = remarks(ChatCounts(messages=10, before_start=20, unreadable=1, crowded=2))
    assert [note.code for note in notes] == ["chat_mostly_outside", "chat_rows_left_out", "chat_crowded"]
    assert remarks(ChatCounts(messages=10, after_end=9, other=50)) == ()
