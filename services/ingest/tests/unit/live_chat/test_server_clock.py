"""A platform's clock, told by its messages."""

import pytest

from tldr_ingest.domain.live_chat.server_clock import ServerClock

NOW = 1_700_000_000_000


def test_before_the_first_message_the_clocks_are_taken_for_one() -> None:
    assert ServerClock().server_ms(NOW) == NOW


@pytest.mark.parametrize("ahead_ms", [-20_000, 0, 20_000])
def test_the_quickest_message_says_how_far_the_clocks_are_apart(ahead_ms: int) -> None:
    clock = ServerClock()
    for number, took in enumerate((300, 120, 900)):
        arrived = NOW + 1000 * number
        assert clock.believed(arrived - took + ahead_ms, arrived) == arrived - took + ahead_ms
    assert clock.server_ms(NOW) == NOW - 120 + ahead_ms


@pytest.mark.parametrize("sent", [None, 0, NOW - 3_600_000, NOW + 3_600_000])
def test_an_impossible_time_is_not_believed(sent: int | None) -> None:
    clock = ServerClock()
    clock.observe(NOW - 50, NOW)
    assert clock.believed(sent, NOW) == NOW - 50
    assert clock.server_ms(NOW) == NOW - 50


def test_a_clock_that_was_set_is_followed_within_minutes() -> None:
    clock = ServerClock()
    clock.observe(NOW + 5000, NOW)
    for minutes in (1, 6, 12):
        arrived = NOW + 60_000 * minutes
        clock.observe(arrived - 100, arrived)
    assert clock.server_ms(NOW) == NOW - 100
