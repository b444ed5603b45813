"""States and attempts of a stream that is followed, whatever order the events come in."""

from itertools import permutations

import pytest

from tldr_contracts.ids import StreamId
from tldr_streams.state import FollowedStream, StreamState

STREAM = FollowedStream(StreamId("str_1"))
FINAL = (StreamState.COMPLETED, StreamState.CANCELLED, StreamState.DELETED)


def test_a_new_stream_is_worked_on_in_its_first_attempt() -> None:
    assert (STREAM.active, STREAM.over, STREAM.attempt) == (True, False, 1)


def test_a_failed_stream_is_worked_on_again_in_its_next_attempt() -> None:
    failed = STREAM.failed(1)
    assert (failed.active, failed.over) == (False, False)
    again = failed.at_attempt(2)
    assert (again.active, again.attempt) == (True, 2)


def test_the_failure_of_an_older_attempt_changes_nothing() -> None:
    second = STREAM.at_attempt(2)
    assert second.failed(1) is second


def test_the_word_of_an_attempt_that_is_known_changes_nothing() -> None:
    second = STREAM.failed(1).at_attempt(2)
    assert second.at_attempt(2) is second
    assert second.at_attempt(1) is second


def test_a_failure_heard_of_before_its_attempt_is_that_attempts() -> None:
    failed = STREAM.failed(3)
    assert (failed.attempt, failed.active) == (3, False)
    assert failed.at_attempt(3) is failed
    assert failed.at_attempt(4).active


@pytest.mark.parametrize("state", FINAL)
def test_what_is_over_stays_over(state: StreamState) -> None:
    ended = STREAM.finished(state)
    assert ended.over
    assert ended.failed(5) is ended
    assert ended.at_attempt(5) is ended
    assert ended.finished(StreamState.COMPLETED) is ended


def test_deletion_is_the_last_word_in_every_order() -> None:
    for order in permutations(FINAL):
        stream = STREAM
        for state in order:
            stream = stream.finished(state)
        assert stream.state is StreamState.DELETED
