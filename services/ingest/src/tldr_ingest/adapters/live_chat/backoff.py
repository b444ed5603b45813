"""How long to wait before a platform is asked again."""

import random

_DELAYS_S = (0.5, 1.0, 2.0, 4.0, 8.0, 15.0)


def delay_s(failures: int) -> float:
    """After so many failures in a row, at least one; in seconds, give or take a fifth."""
    return _DELAYS_S[min(failures, len(_DELAYS_S)) - 1] * random.uniform(0.8, 1.2)  # noqa: S311 - not a secret
