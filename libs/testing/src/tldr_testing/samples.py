"""The golden messages."""

from pathlib import Path
from typing import Any

from google.protobuf import json_format

from tldr_contracts.topics import topic_named

SAMPLES = Path(__file__).parents[4] / "proto/samples"


def golden(topic: str, fact: str) -> Any:
    """The golden message of a fact, in its topic's wrapper."""
    text = (SAMPLES / topic / f"{fact}.json").read_text(encoding="utf-8")
    return json_format.Parse(text, topic_named(topic).message())
