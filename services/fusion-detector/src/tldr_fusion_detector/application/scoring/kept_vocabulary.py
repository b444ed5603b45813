"""What the streams of a channel have taught so far."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class KeptVocabulary:
    """`learned` is the detector's own document; it was kept `version` times, after `seconds_learned` of streams in all."""

    version: int
    learned: Mapping[str, Any]
    seconds_learned: int
