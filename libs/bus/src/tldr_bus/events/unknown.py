"""Facts that a reader does not know: a newer writer's, perhaps."""

import logging
from collections import Counter
from collections.abc import Collection, Mapping
from typing import Any

from tldr_bus.events.event import Received

_log = logging.getLogger(__name__)
_counted: Counter[tuple[str, str]] = Counter()


def unknown_fact(received: Received[Any]) -> None:
    """Count and log a fact that this service has no use for and did not expect; the `case _` of every handler calls it."""
    if not _counted[received.topic, received.type]:
        _log.warning("%s on %s is a fact this service does not know", received.type, received.topic)
    _counted[received.topic, received.type] += 1


def unknown_facts(topics: Collection[str]) -> Mapping[str, int]:
    """How many of each type came on these topics to this process."""
    return {kind: count for (topic, kind), count in _counted.items() if topic in topics}
