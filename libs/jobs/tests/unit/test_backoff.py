"""The wait between attempts."""

from datetime import timedelta

import pytest

from tldr_jobs.backoff import backoff


@pytest.mark.parametrize(("attempt", "longest"), [(1, 1), (2, 2), (3, 4), (6, 32), (7, 60), (500, 60)])
def test_the_wait_doubles_up_to_a_minute_and_is_at_least_half_of_that(attempt: int, longest: int) -> None:
    waits = [backoff(timedelta(seconds=1), attempt).total_seconds() for _ in range(50)]
    assert all(longest / 2 <= wait <= longest for wait in waits)
    assert len(set(waits)) > 1
