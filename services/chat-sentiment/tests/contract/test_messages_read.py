"""The golden messages of the services this one reads: its handlers take each of them, and understand it."""

from collections.abc import Callable
from typing import Any

import pytest

from tldr_chat_sentiment.adapters.chat_protobuf import arrival_of, messages_of
from tldr_chat_sentiment.domain.arrival import End, Gap, Window

READ = [
    *(
        ("tldr.streams.v1", fact)
        for fact in (
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
    ),
    *(("tldr.chat.v1", fact) for fact in ("window_read", "gap_found", "ended")),
]


def of_stream(message: Any, stream: str) -> Any:
    """The same about a stream of this test's own: rows of several tests share a database."""
    getattr(message, message.WhichOneof("event")).stream_id = stream
    return message


@pytest.mark.parametrize(("topic", "fact"), READ)
async def test_a_golden_message_is_handled(
    desk: Any, stream: str, sample: Callable[[str, str], Any], topic: str, fact: str
) -> None:
    await desk.tell(of_stream(sample(topic, fact), stream))


@pytest.mark.parametrize(("topic", "fact"), READ)
async def test_a_golden_message_can_be_given_up(
    desk: Any, stream: str, sample: Callable[[str, str], Any], topic: str, fact: str
) -> None:
    await desk.bury(of_stream(sample(topic, fact), stream))


def test_a_golden_window_is_understood(sample: Callable[[str, str], Any]) -> None:
    event = sample("tldr.chat.v1", "window_read")
    read, window = event.window_read, arrival_of(event)
    assert isinstance(window, Window)
    assert window.measurable
    assert (window.index, window.start_ms, window.end_ms) == (read.index, read.range.start_ms, read.range.end_ms)
    assert isinstance(window.content, bytes)
    messages = list(messages_of(window.content))
    said = [(one.at_ms, one.author, one.text, list(one.emotes)) for one in read.messages.messages]
    assert [(one.at_ms, one.author, one.text, list(one.emotes)) for one in messages] == said


def test_a_golden_gap_and_a_golden_end_are_understood(sample: Callable[[str, str], Any]) -> None:
    found, ended = sample("tldr.chat.v1", "gap_found"), sample("tldr.chat.v1", "ended")
    gap, end = arrival_of(found), arrival_of(ended)
    assert isinstance(gap, Gap)
    assert isinstance(end, End)
    assert (gap.code, gap.start_ms, gap.end_ms) == (
        found.gap_found.gap.code,
        found.gap_found.gap.range.start_ms,
        found.gap_found.gap.range.end_ms,
    )
    assert (end.attempt, end.duration_ms) == (ended.ended.attempt, ended.ended.duration_ms)
