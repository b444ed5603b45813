"""Windows follow one another without holes, whatever the chat does."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tldr_ingest.domain.chat import ChatMessage
from tldr_ingest.domain.chat_windows import ChatWindow, ChatWindows


def _messages(*times: int) -> list[ChatMessage]:
    return [ChatMessage(at, "a", str(number)) for number, at in enumerate(times)]


def _times(windows: list[ChatWindow]) -> list[list[int]]:
    return [[message.at_ms for message in window.messages] for window in windows]


def test_messages_lie_in_the_window_of_their_time_in_order() -> None:
    windows = list(ChatWindows().cut(_messages(9_999, 10_000, 3_000, 25_000), end_ms=30_000))
    assert _times(windows) == [[3_000, 9_999], [10_000], [25_000]]


def test_a_quiet_chat_gives_empty_windows_up_to_the_end_of_the_stream() -> None:
    windows = list(ChatWindows().cut([], end_ms=25_300))
    assert [(window.index, window.start_ms, window.end_ms) for window in windows] == [
        (0, 0, 10_000),
        (1, 10_000, 20_000),
        (2, 20_000, 26_000),
    ]


def test_without_a_known_end_the_last_message_ends_the_chat() -> None:
    windows = list(ChatWindows(length_s=5).cut(_messages(12_345)))
    assert [(window.start_ms, window.end_ms) for window in windows] == [(0, 5_000), (5_000, 10_000), (10_000, 13_000)]
    assert list(ChatWindows().cut([])) == []


def test_a_window_is_given_back_only_when_stragglers_had_their_time() -> None:
    cutter = ChatWindows(slack_ms=30_000)
    given_back = []

    def feed() -> list[ChatMessage]:
        return _messages(0, 35_000, 5_000, 41_000)

    for window in cutter.cut(iter(feed()), end_ms=41_001):
        given_back.append(window)
    assert _times(given_back)[0] == [0, 5_000]
    assert cutter.late == 0


def test_a_straggler_behind_its_window_is_dropped_and_counted() -> None:
    cutter = ChatWindows(slack_ms=10_000)
    windows = list(cutter.cut(_messages(50_000, 1_000, 45_000), end_ms=60_000))
    assert _times(windows) == [[], [], [], [], [45_000], [50_000]]
    assert cutter.late == 1


def test_what_is_written_after_the_stream_is_dropped_and_counted() -> None:
    cutter = ChatWindows()
    assert _times(list(cutter.cut(_messages(1_000, 20_000, 90_000), end_ms=20_000))) == [[1_000], []]
    assert cutter.after_end == 2


def test_windows_published_before_are_left_out() -> None:
    windows = list(ChatWindows(first_index=2).cut(_messages(1_000, 25_000, 80_000), end_ms=90_000))
    assert [window.index for window in windows] == list(range(2, 9))
    assert _times(windows)[0] == [25_000]


def test_a_window_lasts_at_least_a_second() -> None:
    with pytest.raises(ValueError, match="second"):
        ChatWindows(length_s=0)


@given(
    st.lists(st.integers(0, 200_000), max_size=60), st.integers(1, 30), st.integers(0, 60_000), st.integers(1, 250_000)
)
def test_every_message_is_in_one_window_or_counted(times: list[int], length: int, slack: int, end: int) -> None:
    cutter = ChatWindows(length_s=length, slack_ms=slack)
    windows = list(cutter.cut(_messages(*times), end_ms=end))
    assert sum(len(window.messages) for window in windows) + cutter.late + cutter.after_end == len(times)
    assert [window.index for window in windows] == list(range(len(windows)))
    assert windows[0].start_ms == 0
    assert end <= windows[-1].end_ms < end + 1000
    assert all(before.end_ms == after.start_ms for before, after in pairwise(windows))
    for window in windows:
        at = [message.at_ms for message in window.messages]
        assert at == sorted(at)
        assert all(window.start_ms <= time < window.end_ms for time in at)
