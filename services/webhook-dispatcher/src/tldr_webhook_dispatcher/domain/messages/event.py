"""Something that webhooks tell of, at its place among all of an organization."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Event:
    """An event. `id` and `body` are those of the messages that tell of it; `number` counts those of the organization, without
    holes, in the order in which they became visible.
    """

    id: str
    number: int
    type: str
    body: bytes
    created_at: datetime
    highlight: str | None = None
    revision: int = 0
