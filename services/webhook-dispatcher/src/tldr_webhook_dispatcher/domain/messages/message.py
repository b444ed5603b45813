"""A message to one endpoint: its exact bytes, and when it is tried."""

import json
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

ORDERED_ATTEMPTS = 4
"""What is about one highlight goes in order, until its older message has failed so often (about three minutes): a receiver
that refuses one type gets the others all the same.
"""


class DeliveryState(StrEnum):
    """What became of a message."""

    PENDING = "pending"
    DELIVERED = "delivered"
    ABANDONED = "abandoned"


@dataclass(frozen=True, slots=True)
class Message:
    """A message. Its `id` is that of what it tells of, the same at each endpoint that is told. `body` is sent and signed as it
    is, at every attempt; `highlight` and its `revision` are what it is about, if that is one.
    """

    id: str
    endpoint: str
    type: str
    stream: str
    lane: int
    body: bytes
    created_at: datetime
    highlight: str | None = None
    revision: int = 0
    state: DeliveryState = DeliveryState.PENDING
    attempts: int = 0
    next_attempt_at: datetime | None = None

    @property
    def key(self) -> str:
        """What it is kept under: the message and whom it is for."""
        return f"{self.id}.{self.endpoint}"


@dataclass(frozen=True, slots=True)
class Deliveries:
    """Which messages to an endpoint are asked for; None: whichever. `since` is included, `until` is not."""

    state: DeliveryState | None = None
    type: str | None = None
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Attempt:
    """One try. `status` is None where there was no answer; `error` says why it failed, in a word for programs, where the
    status does not.
    """

    at: datetime
    status: int | None
    error: str | None
    duration_ms: int

    @property
    def succeeded(self) -> bool:
        """Whether the receiver took it: any 2xx."""
        return self.status is not None and 200 <= self.status < 300

    @property
    def gone(self) -> bool:
        """Whether the receiver wants no more messages, ever."""
        return self.status == 410


def body(kind: str, at: datetime, data: dict[str, Any]) -> bytes:
    """The bytes of a message, as Standard Webhooks 1.0 lays them out."""
    document = {"type": kind, "timestamp": at.isoformat().replace("+00:00", "Z"), "data": data}
    return json.dumps(document, separators=(",", ":"), ensure_ascii=False).encode()
