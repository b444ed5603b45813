"""The handlers take every golden message of the topics they read, and can give each of them up."""

from typing import Any

import pytest

from tldr_testing import golden

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


def of_stream(topic: str, fact: str, stream: str) -> Any:
    """About a stream of the test's own: rows of several tests share a database."""
    message = golden(topic, fact)
    getattr(message, fact).stream_id = stream
    return message


@pytest.mark.parametrize(("topic", "fact"), READ)
async def test_a_golden_message_is_handled(desk: Any, stream: str, topic: str, fact: str) -> None:
    await desk.tell(of_stream(topic, fact, stream))


@pytest.mark.parametrize(("topic", "fact"), READ)
async def test_a_golden_message_can_be_given_up(desk: Any, stream: str, topic: str, fact: str) -> None:
    await desk.bury(of_stream(topic, fact, stream))
