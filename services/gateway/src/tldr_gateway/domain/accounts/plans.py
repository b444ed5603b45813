"""Plans: what an organization may use at a time and in a month, and for how long things are kept."""

from collections.abc import Mapping
from dataclasses import dataclass, fields

from tldr_gateway.domain.accounts.rates import Rate

_PROMISES = 4
_HOUR_S = 3600
LARGEST_LIMIT = 1 << 53
"""A number that every reader of JSON has exactly."""


@dataclass(frozen=True, slots=True)
class Plan:
    """The limits of a plan. `lanes` is the size of the shuffle shard; jobs of a higher `priority` go first.

    Of the active streams `live_streams` may be live, each for `live_length_s`. `viewers` may follow feeds at a time.
    """

    name: str
    lanes: int
    priority: int
    active_streams: int
    live_streams: int
    live_length_s: int
    viewers: int
    upload_bytes: int
    segment_retention_days: int
    highlight_retention_days: int
    dvr_minutes: int
    """How much of a live stream is kept while it runs, from its edge back."""
    requests_per_minute: int
    request_burst: int
    """How many requests may come at once, after a while without any."""
    stream_minutes_per_month: int
    """Minutes of media in a calendar month (UTC)."""
    stored_bytes: int
    """All uploads together, those that wait for their stream and those that are part of one."""
    webhook_endpoints: int
    api_keys: int
    members: int

    @property
    def promised_bytes(self) -> int:
        """How much may be announced at a time and not be part of a stream yet: a few of the largest uploads."""
        return _PROMISES * self.upload_bytes

    @property
    def requests(self) -> Rate:
        """How often its API may be called."""
        return Rate(self.requests_per_minute, self.request_burst)

    def limits(self) -> dict[str, int]:
        """Each limit by its name."""
        return {limit: getattr(self, limit) for limit in LIMITS}

    def agreed(self, limits: Mapping[str, int]) -> "Plan":
        """The plan with other figures, as a contract says, but for those that are no limit here or cannot hold."""
        return Plan(
            self.name,
            **{
                **self.limits(),
                **{limit: figure for limit, figure in limits.items() if not impossible({limit: figure})},
            },
        )


LIMITS = tuple(field.name for field in fields(Plan) if field.name != "name")
"""What a contract may change."""
_LARGEST = {"lanes": 64, "priority": 100, "api_keys": 500, "webhook_endpoints": 500}
_SMALLEST = {"priority": 0, "live_streams": 0, "stream_minutes_per_month": 0}
_GB = 1 << 30

PLANS = {
    plan.name: plan
    for plan in (
        Plan(
            name="starter",
            lanes=2,
            priority=0,
            active_streams=5,
            live_streams=2,
            live_length_s=12 * _HOUR_S,
            viewers=20,
            upload_bytes=4 * _GB,
            segment_retention_days=1,
            highlight_retention_days=30,
            dvr_minutes=120,
            requests_per_minute=300,
            request_burst=150,
            stream_minutes_per_month=6_000,
            stored_bytes=64 * _GB,
            webhook_endpoints=5,
            api_keys=20,
            members=5,
        ),
        Plan(
            name="professional",
            lanes=4,
            priority=10,
            active_streams=25,
            live_streams=10,
            live_length_s=24 * _HOUR_S,
            viewers=100,
            upload_bytes=16 * _GB,
            segment_retention_days=7,
            highlight_retention_days=180,
            dvr_minutes=360,
            requests_per_minute=3_000,
            request_burst=1_000,
            stream_minutes_per_month=60_000,
            stored_bytes=1024 * _GB,
            webhook_endpoints=20,
            api_keys=100,
            members=25,
        ),
        Plan(
            name="enterprise",
            lanes=16,
            priority=20,
            active_streams=200,
            live_streams=100,
            live_length_s=48 * _HOUR_S,
            viewers=250,
            upload_bytes=64 * _GB,
            segment_retention_days=30,
            highlight_retention_days=730,
            dvr_minutes=720,
            requests_per_minute=30_000,
            request_burst=5_000,
            stream_minutes_per_month=1_000_000,
            stored_bytes=16_384 * _GB,
            webhook_endpoints=100,
            api_keys=500,
            members=500,
        ),
    )
}
_BEFORE = {"free": "starter", "team": "professional", "business": "enterprise"}
_KEPT = {name: before for before, name in _BEFORE.items()}


def plan_named(name: str) -> Plan:
    """The plan of that name, or of the name it had before; KeyError when there is none."""
    return PLANS[_BEFORE.get(name, name)]


def kept_name(name: str) -> str:
    """The name that it is kept under: gateways of the version before know the names of before alone."""
    return _KEPT.get(name, name)


def impossible(limits: Mapping[str, int]) -> str | None:
    """What is wrong with limits of a contract, as a sentence; None where nothing is."""
    for limit, figure in limits.items():
        if limit not in LIMITS:
            return f"There is no limit {limit!r}. Choose from: {', '.join(LIMITS)}."
        least, most = _SMALLEST.get(limit, 1), _LARGEST.get(limit, LARGEST_LIMIT)
        if not least <= figure <= most:
            return f"{limit} is a number from {least} to {most}."
    return None
