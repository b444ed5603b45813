"""Processing configs: how scores become highlights."""

from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import Any

from tldr_gateway.domain.configuration.configured import Fault


class Fusion(StrEnum):
    """How dimensions become one score."""

    WEIGHTED = "weighted"
    CONSENSUS = "consensus"
    CASCADE = "cascade"
    MAX_CONFIDENCE = "max_confidence"


class Evidence(StrEnum):
    """What scores can be made from."""

    VIDEO = "video"
    AUDIO = "audio"
    CHAT = "chat"
    EXTERNAL = "external"


def processing_faults(document: Mapping[str, Any]) -> Iterator[Fault]:
    """All that is wrong with a config whose fields have the right types."""
    if document["min_length_ms"] > document["max_length_ms"]:
        yield Fault("max_length_ms", "This is less than `min_length_ms`.")
