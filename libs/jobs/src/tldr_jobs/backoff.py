"""How long to wait before trying again."""

import random
from datetime import timedelta

_LONGEST = timedelta(seconds=60)


def backoff(first: timedelta, attempt: int) -> timedelta:
    """The wait after the attempt with this number (from 1): doubled each time up to 60 s, then between half and all of it.

    The jitter keeps jobs that failed together from coming back together.
    """
    doubled = first * (1 << min(attempt - 1, 16))
    return min(doubled, _LONGEST) * random.uniform(0.5, 1.0)  # noqa: S311 - not a secret
