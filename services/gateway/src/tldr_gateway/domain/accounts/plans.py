"""Plans: what an organization may use at a time, and for how long things are kept."""

from dataclasses import dataclass

_PROMISES = 4
_HOUR_S = 3600


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

    @property
    def promised_bytes(self) -> int:
        """How much may be announced at a time and not be part of a stream yet: a few of the largest uploads."""
        return _PROMISES * self.upload_bytes


PLANS = {
    plan.name: plan
    for plan in (
        Plan("free", 2, 0, 5, 2, 12 * _HOUR_S, 20, 4 << 30, 1, 30, 120),
        Plan("team", 4, 10, 25, 10, 24 * _HOUR_S, 100, 16 << 30, 7, 180, 360),
        Plan("business", 16, 20, 200, 100, 48 * _HOUR_S, 250, 64 << 30, 30, 730, 720),
    )
}


def plan_named(name: str) -> Plan:
    """The plan of that name; KeyError when there is none."""
    return PLANS[name]
