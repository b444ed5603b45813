"""Plans: what an organization may use at a time, and for how long things are kept."""

from dataclasses import dataclass

_PROMISES = 4


@dataclass(frozen=True, slots=True)
class Plan:
    """The limits of a plan. `lanes` is the size of the shuffle shard; jobs of a higher `priority` go first."""

    name: str
    lanes: int
    priority: int
    active_streams: int
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
        Plan("free", 2, 0, 5, 4 << 30, 1, 30, 120),
        Plan("team", 4, 10, 25, 16 << 30, 7, 180, 360),
        Plan("business", 16, 20, 200, 64 << 30, 30, 730, 720),
    )
}


def plan_named(name: str) -> Plan:
    """The plan of that name; KeyError when there is none."""
    return PLANS[name]
