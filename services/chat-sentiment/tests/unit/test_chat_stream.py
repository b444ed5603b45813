"""What is let in of a stream's chat, and what is said of it."""

from dataclasses import replace

import pytest

from tldr_chat_sentiment.domain.arrivals.arrival import Arrival, End, Gap, Window
from tldr_chat_sentiment.domain.arrivals.chat_stream import ChatStream
from tldr_contracts.ids import StreamId
from tldr_streams.state import StreamState
from tldr_streams.values import Failure

NEW = ChatStream(StreamId("str_1"))
LOST = Failure("chat_not_kept", "It could not be kept.")


def window(index: int) -> Window:
    return Window(index, 10_000 * index, 10_000 * (index + 1), 10_000 * (index + 1), b"words")


def let_in(stream: ChatStream, *arrivals: Arrival) -> tuple[ChatStream, list[Arrival]]:
    found: list[Arrival] = []
    for arrival in arrivals:
        stream, added = stream.admit(arrival)
        found += [one.arrival for one in added]
    return stream, found


def test_arrivals_are_numbered_in_the_order_they_come() -> None:
    first, added = NEW.admit(window(0))
    _, more = first.admit(Gap(10_000, 20_000, "code", "reason"))
    assert [one.number for one in (*added, *more)] == [1, 2]


def test_a_window_that_came_before_is_not_let_in() -> None:
    stream, found = let_in(NEW, window(0), window(1), window(0), window(1), window(2))
    assert found == [window(0), window(1), window(2)]
    assert stream.last_index == 2


def test_a_window_that_never_came_is_a_gap_when_the_next_one_comes() -> None:
    _, found = let_in(NEW, window(0), window(3))
    assert isinstance(found[1], Gap)
    assert (found[1].start_ms, found[1].end_ms, found[1].code) == (10_000, 30_000, "chat_window_missing")
    assert found[2] == window(3)


def test_a_gap_that_was_announced_is_not_missing() -> None:
    gap = Gap(10_000, 30_000, "source_unreadable", "reason", 30_000)
    assert let_in(NEW, window(0), gap, window(3))[1] == [window(0), gap, window(3)]


def test_the_last_window_is_missed_at_the_end() -> None:
    _, found = let_in(NEW, window(0), End(1, 25_000))
    assert isinstance(found[1], Gap)
    assert (found[1].start_ms, found[1].end_ms) == (10_000, 25_000)
    assert found[2] == End(1, 25_000)


def test_an_end_that_is_rounded_or_bad_misses_nothing() -> None:
    bad = End(1, 500_000, Failure("source_unreadable", "The file ends in the middle."))
    assert let_in(NEW, window(0), End(1, 9_700))[1] == [window(0), End(1, 9_700)]
    assert let_in(NEW, window(0), End(1, 10_400))[1] == [window(0), End(1, 10_400)]
    assert let_in(NEW, window(0), bad)[1] == [window(0), bad]


def test_the_end_of_an_older_attempt_is_not_let_in() -> None:
    stream = NEW.at_attempt(2)
    assert let_in(stream, End(1, 0))[1] == []
    later, found = let_in(stream, End(2, 0))
    assert found == [End(2, 0)]
    assert not later.ended


def test_an_attempt_may_be_heard_of_first_by_its_end() -> None:
    stream, _ = let_in(NEW, End(3, 0))
    assert stream.attempt == 3
    assert stream.at_attempt(2).attempt == 3


def test_what_cannot_be_kept_leaves_a_gap_or_a_bad_end() -> None:
    stream, (first,) = NEW.admit(window(0), LOST)
    assert first.arrival == Gap(0, 10_000, LOST.code, LOST.reason, 10_000)
    assert stream.last_index == 0
    _, (last,) = stream.admit(End(1, 60_000), LOST)
    assert last.arrival == End(1, 60_000, LOST)


@pytest.mark.parametrize("arrival", [window(0), Gap(0, 1000, "code", "reason"), End(1, 0)])
def test_nothing_is_let_in_when_the_stream_is_over(arrival: Arrival) -> None:
    over = NEW.finished(StreamState.COMPLETED)
    assert let_in(over, arrival) == (over, [])


def test_what_comes_of_a_failed_stream_is_kept_until_it_is_retried() -> None:
    assert let_in(NEW.failed(1), window(0))[1] == [window(0)]


def test_the_end_of_the_next_attempt_may_come_before_the_word_of_it() -> None:
    stream, found = let_in(NEW.failed(1), End(2, 0))
    assert found == [End(2, 0)]
    assert stream.active


def test_chat_is_never_complete_up_to_less_than_before() -> None:
    stream = replace(NEW, complete_until_ms=50_000)
    later, said = stream.announce(Gap(10_000, 20_000, "code", "reason", 20_000))
    assert later.complete_until_ms == 50_000
    assert isinstance(said, Gap)
    assert said.complete_until_ms == 50_000
    assert stream.announce(Gap(50_000, 60_000, "code", "reason"))[0].complete_until_ms == 60_000


def test_each_attempt_ends_once() -> None:
    stream, said = NEW.announce(End(1, 0))
    assert said == End(1, 0)
    assert stream.ended
    assert stream.announce(End(1, 0)) == (stream, None)
    assert not stream.at_attempt(2).ended
    assert stream.at_attempt(2).announce(End(2, 0))[1] == End(2, 0)
