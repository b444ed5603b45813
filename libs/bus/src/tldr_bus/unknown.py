"""Facts that a reader does not know: a newer writer's, perhaps."""

import logging
from typing import Any

from tldr_bus.event import Received

_log = logging.getLogger(__name__)


def unknown_fact(received: Received[Any]) -> None:
    """Log a fact that this service has no use for and did not expect; the `case _` of every handler calls it."""
    _log.warning("%s on %s is a fact this service does not know", received.type, received.topic)
