"""What was not delivered to an endpoint is to be delivered after all."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Recovery:
    """The abandoned messages to an endpoint of `since` and later, made before it was `asked_at`; `after`: the last one that is
    done, in the order of their ids.
    """

    endpoint: str
    since: datetime
    asked_at: datetime
    after: str = ""
