"""How deliveries to an endpoint go."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from tldr_webhook_dispatcher.domain.messages.message import DeliveryState


@dataclass(frozen=True, slots=True)
class Failures:
    """Attempts that failed in the same way: with this status, or for this reason, as an attempt says it."""

    status: int | None
    error: str | None
    count: int


@dataclass(frozen=True, slots=True)
class Statistics:
    """Messages by the day they were made (UTC) and by their state; all attempts at them, the failures, the most frequent ones
    first, and how long half, and 95 of a hundred, of the attempts took at most: None where there was none.
    """

    days: Mapping[date, Mapping[DeliveryState, int]]
    attempts: int
    failures: Sequence[Failures]
    p50_ms: int | None
    p95_ms: int | None
