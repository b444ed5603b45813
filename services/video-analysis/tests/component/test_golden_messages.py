"""The handlers take every golden message of the topics they read, and can give each of them up."""

from pathlib import Path
from typing import Any

import pytest
from google.protobuf import json_format

from tldr.ingestions.v1.ingestions_pb2 import IngestionEvent
from tldr.streams.v1.streams_pb2 import StreamEvent

SAMPLES = Path(__file__).parents[4] / "proto/samples"
STREAMS = (
    "requested",
    "started",
    "retried",
    "stopped",
    "failed",
    "completed",
    "rescore_requested",
    "cancelled",
    "deleted",
)
INGESTIONS = ("started", "segment_stored", "gap_found", "ended")
READ = [("tldr.streams.v1", fact) for fact in STREAMS] + [("tldr.ingestions.v1", fact) for fact in INGESTIONS]


def golden(topic: str, fact: str, stream: str) -> Any:
    """About a stream of the test's own: rows of several tests share a database."""
    wrapper = StreamEvent() if topic == "tldr.streams.v1" else IngestionEvent()
    message: Any = json_format.Parse((SAMPLES / topic / f"{fact}.json").read_text(encoding="utf-8"), wrapper)
    getattr(message, fact).stream_id = stream
    return message


@pytest.mark.parametrize(("topic", "fact"), READ)
async def test_a_golden_message_is_handled(desk: Any, stream: str, topic: str, fact: str) -> None:
    await desk.tell(golden(topic, fact, stream))


@pytest.mark.parametrize(("topic", "fact"), READ)
async def test_a_golden_message_can_be_given_up(desk: Any, stream: str, topic: str, fact: str) -> None:
    await desk.bury(golden(topic, fact, stream))
