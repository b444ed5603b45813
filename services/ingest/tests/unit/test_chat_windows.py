"""Windows follow one another without holes, whatever the chat does."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tldr_ingest.domain.chat.message import ChatMessage
from tldr_ingest.domain.chat.windows import MOST_MESSAGES, ChatWindow, ChatWindows


def _messages(*times: int) -> list[ChatMessage]:
    return [ChatMessage(at, "a", str(number)) for number, at in enumerate(times)]


def _times(windows: list[ChatWindow]) -> list[list[int]]:
    return [[message.at_ms for message in window.messages] for window in windows]


def test_messages_lie_in_the_window_of_their_time() -> None:
    windows = list(ChatWindows().cut(_messages(3_000, 9_999, 10_000, 25_000), end_ms=30_000))
    assert _times(windows) == [[3_000, 9_999], [10_000], [25_000]]


def test_a_quiet_chat_gives_empty_windows_up_to_the_end_of_the_stream() -> None:
    windows = list(ChatWindows().cut([], end_ms=25_300))
    assert [(window.index, window.start_ms, window.end_ms) for window in windows] == [
        (0, 0, 10_000),
        (1, 10_000, 20_000),
        (2, 20_000, 26_000),
    ]


def test_windows_published_before_are_left_out() -> None:
    windows = list(ChatWindows(first_index=2).cut(_messages(1_000, 25_000, 80_000), end_ms=90_000))
    assert [window.index for window in windows] == list(range(2, 9))
    assert _times(windows)[0] == [25_000]


def test_a_window_lasts_at_least_a_second() -> None:
    with pytest.raises(ValueError, match="second"):
        ChatWindows(length_s=0)


def test_a_window_takes_what_chats_have_and_counts_the_rest() -> None:
    cutter = ChatWindows()
    windows = list(cutter.cut((ChatMessage(5, "a", "x") for _ in range(MOST_MESSAGES + 7)), end_ms=20_000))
    assert [len(window.messages) for window in windows] == [MOST_MESSAGES, 0]
    assert cutter.crowded == 7


@given(st.lists(st.integers(0, 200_000), max_size=60), st.integers(1, 30))
def test_every_message_is_in_one_window(times: list[int], length: int) -> None:
    windows = list(ChatWindows(length_s=length).cut(_messages(*sorted(times)), end_ms=200_001))
    assert [at for window in _times(windows) for at in window] == sorted(times)
    assert [window.index for window in windows] == list(range(len(windows)))
    assert (windows[0].start_ms, windows[-1].end_ms) == (0, 201_000)
    assert all(before.end_ms == after.start_ms for before, after in pairwise(windows))
    for window in windows:
        assert all(window.start_ms <= message.at_ms < window.end_ms for message in window.messages)
