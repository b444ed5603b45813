"""When a neighbour is asked, and when it is left alone."""

import asyncio
from dataclasses import dataclass

import pytest

from tldr_web.breaker import Breaker, Paused


@dataclass
class Watch:
    now: float = 100.0

    def __call__(self) -> float:
        return self.now


def fails(breaker: Breaker, times: int = 1) -> None:
    for _ in range(times):
        with pytest.raises(OSError, match="away"), breaker.question():
            raise OSError("away")


def answers(breaker: Breaker) -> None:
    with breaker.question():
        pass


def pauses(breaker: Breaker) -> float:
    with pytest.raises(Paused) as paused, breaker.question():
        pass
    return paused.value.left_s


def test_after_failures_in_a_row_nothing_is_asked_until_the_pause_is_over() -> None:
    watch = Watch()
    breaker = Breaker(3, 5.0, watch)
    fails(breaker, 2)
    answers(breaker)
    fails(breaker, 3)
    assert pauses(breaker) == 5.0
    watch.now += 4.0
    assert pauses(breaker) == 1.0
    watch.now += 1.0
    answers(breaker)
    fails(breaker, 2)
    answers(breaker)


def test_one_question_tries_and_when_it_fails_the_pause_begins_again() -> None:
    watch = Watch()
    breaker = Breaker(3, 5.0, watch)
    fails(breaker, 3)
    watch.now += 5.0
    trial = breaker.question()
    trial.__enter__()
    assert pauses(breaker) == 5.0
    trial.__exit__(OSError, OSError("away"), None)
    assert pauses(breaker) == 5.0
    assert breaker.paused


def test_what_was_under_way_neither_lengthens_the_pause_nor_is_lost() -> None:
    watch = Watch()
    breaker = Breaker(3, 5.0, watch)
    late, answered = breaker.question(), breaker.question()
    late.__enter__()
    answered.__enter__()
    fails(breaker, 3)
    watch.now += 2.0
    assert not late.__exit__(OSError, OSError("away"), None)
    assert pauses(breaker) == 3.0
    answered.__exit__(None, None, None)
    answers(breaker)


def test_who_is_cancelled_has_neither_failed_nor_blocks_the_next_try() -> None:
    watch = Watch()
    breaker = Breaker(3, 5.0, watch)
    fails(breaker, 3)
    watch.now += 5.0
    with pytest.raises(asyncio.CancelledError), breaker.question():
        raise asyncio.CancelledError
    answers(breaker)
    assert not breaker.paused
