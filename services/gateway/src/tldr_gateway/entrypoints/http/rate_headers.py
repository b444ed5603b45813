"""`RateLimit-Policy` and `RateLimit`, as draft-ietf-httpapi-ratelimit-headers has them since its eighth version."""

import math

from tldr_gateway.domain.accounts.rates import MINUTE_S, Rate, Taken


def rate_headers(rate: Rate, taken: Taken) -> dict[str, str]:
    """A quota of the burst, whole again after the window `w`; `r` requests are left of it, and it is whole in `t` seconds."""
    window = max(1, math.ceil(rate.burst * MINUTE_S / rate.per_minute))
    return {
        "ratelimit_policy": f'"requests";q={rate.burst};w={window}',
        "ratelimit": f'"requests";r={taken.left};t={math.ceil(taken.whole_in_s)}',
    }
