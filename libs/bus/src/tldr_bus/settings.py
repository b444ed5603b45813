"""How patient, how parallel and how forgetful a service's bus is."""

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class BusSettings:
    """Times are in seconds unless they are a timedelta."""

    replication: int = 1
    """Replicas of the topics it creates."""

    relay_batch: int = 1000
    relay_debounce: float = 0.02
    """How long the relay waits after a notification, for more to come."""
    relay_poll: float = 2.0
    """How often it looks without one."""

    lanes: int = 4
    """Lanes worked at the same time by all readers of the service; each takes one database connection."""
    lane_batch: int = 200
    """Records of a lane in one transaction, at the most."""
    outstanding: int = 2000
    """Records a reader holds, at the most, before it fetches more."""
    fetch_wait_ms: int = 500
    """How long the broker may hold an empty fetch. Less costs idle CPU: see the module `reader`."""
    session_timeout_ms: int = 10_000
    """Real Kafka refuses less than 6,000."""
    rebalance_timeout_ms: int = 60_000
    revoke_wait: float = 20.0
    """How long a rebalance waits for the work in hand."""
    commit_every: float = 0.2

    handler_deadline: float = 10.0
    quick_attempts: int = 3
    quick_delay: float = 0.2
    """Delay after the first attempt in place; it doubles."""
    attempts: int = 8
    """Attempts until a record is dead, those in place included."""
    parked_delay: float = 1.0
    """Delay after the first attempt out of the queue; it grows by four each time, up to `parked_delay_limit`."""
    parked_delay_limit: float = 60.0
    drain_poll: float = 2.0

    outbox_retention: timedelta = timedelta(hours=24)
    """Kept so long after an event was sent or its stream was closed, whichever is later."""
    inbox_margin: timedelta = timedelta(hours=24)
    """Inbox rows stay so much longer than outbox rows."""
    open_retention: timedelta = timedelta(days=14)
    """A stream that nobody closed counts as closed after so long."""
    dead_letter_retention: timedelta = timedelta(days=30)
    sweep_every: float = 600.0
