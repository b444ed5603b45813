"""The golden messages of the services this one reads: its handlers take each of them, and do what it says."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from tldr.chat.v1.chat_pb2 import ChatEvent
from tldr_bus.events.unknown import unknown_facts
from tldr_chat_sentiment.adapters.chat_protobuf import messages_of, window_of
from tldr_chat_sentiment.domain.arrivals.chat_stream import ChatStream
from tldr_contracts.ids import StreamId
from tldr_streams.state import StreamState
from tldr_testing import hand_over, received

CHAT_FACTS = ("window_read", "gap_found", "ended")
DECISIONS = {
    "requested": {"priority": 10},
    "retried": {"attempt": 2},
    "failed": {"state": StreamState.FAILED},
    "completed": {"state": StreamState.COMPLETED},
    "cancelled": {"state": StreamState.CANCELLED},
    "deleted": {"state": StreamState.DELETED},
    # Of no concern to chat that was read: ingest ends it, the gateway notes it, the detector does it.
    "stopped": {},
    "started": {},
    "rescore_requested": {},
    **{fact: {} for fact in ("key_rotated", "live", "interrupted", "resumed", "input_ended")},
}
READ = [*(("tldr.chat.v1", fact) for fact in CHAT_FACTS), *(("tldr.streams.v1", fact) for fact in DECISIONS)]


def of_stream(message: Any, stream: str) -> Any:
    """The same about a stream of this test's own: rows of several tests share a database."""
    getattr(message, message.WhichOneof("event")).stream_id = stream
    return message


async def said(desk: Any, stream: str) -> list[Any]:
    """What is published once all that waits is measured."""
    await desk.measure(stream)
    return list(await desk.published(stream))


@pytest.mark.parametrize("fact", DECISIONS)
async def test_a_golden_decision_changes_what_it_decides_and_nothing_else(
    desk: Any, stream: str, sample: Callable[[str, str], Any], fact: str
) -> None:
    await desk.tell(of_stream(sample("tldr.streams.v1", fact), stream))
    async with desk.open() as work:
        found = await work.streams.get(StreamId(stream))
    assert found == replace(ChatStream(StreamId(stream)), **DECISIONS[fact])  # type: ignore[arg-type]


async def test_a_golden_window_is_measured_behind_the_one_that_never_came(
    desk: Any, stream: str, sample: Callable[[str, str], Any]
) -> None:
    await desk.tell(of_stream(sample("tldr.chat.v1", "window_read"), stream))
    missing, measured = await said(desk, stream)
    assert (missing.gap.code, missing.complete_until_ms) == ("chat_window_missing", 10_000)
    rates = [list(series.values) for series in measured.series if series.name == "chat.rate"]
    assert rates == [[1.0, 0.0, 1.0, *[0.0] * 7]]
    assert (measured.complete_until_ms, list(measured.words.words)) == (20_000, ["a", "g", "pogchamp", "save", "what"])


async def test_a_golden_gap_is_said_again_as_it_is(desk: Any, stream: str, sample: Callable[[str, str], Any]) -> None:
    found = of_stream(sample("tldr.chat.v1", "gap_found"), stream)
    await desk.tell(found)
    (told,) = await said(desk, stream)
    assert (told.gap, told.complete_until_ms) == (found.gap_found.gap, 70_000)


async def test_a_golden_end_ends_the_attempt(desk: Any, stream: str, sample: Callable[[str, str], Any]) -> None:
    await desk.tell(of_stream(sample("tldr.chat.v1", "ended"), stream))
    missing, ended = await said(desk, stream)
    assert (missing.gap.code, missing.complete_until_ms) == ("chat_window_missing", 180_000)
    assert (ended.attempt, ended.duration_ms, ended.HasField("failure")) == (1, 180_000, False)


@pytest.mark.parametrize(
    ("fact", "codes"), [("window_read", ["chat_window_missing", "chat_not_kept"]), ("ended", ["chat_not_kept"])]
)
async def test_a_golden_message_that_is_given_up_leaves_a_gap_or_a_bad_end(
    desk: Any, stream: str, sample: Callable[[str, str], Any], fact: str, codes: list[str]
) -> None:
    await desk.bury(of_stream(sample("tldr.chat.v1", fact), stream))
    assert [(told.gap if hasattr(told, "gap") else told.failure).code for told in await said(desk, stream)] == codes


async def test_a_golden_gap_that_is_given_up_is_still_one(
    desk: Any, stream: str, sample: Callable[[str, str], Any]
) -> None:
    await desk.bury(of_stream(sample("tldr.chat.v1", "gap_found"), stream))
    assert [told.gap.code for told in await said(desk, stream)] == ["window_unreadable"]


@pytest.mark.parametrize("fact", DECISIONS)
async def test_a_golden_decision_that_is_given_up_changes_nothing(
    desk: Any, stream: str, sample: Callable[[str, str], Any], fact: str
) -> None:
    await desk.bury(of_stream(sample("tldr.streams.v1", fact), stream))
    async with desk.open() as work:
        assert await work.streams.get(StreamId(stream)) == ChatStream(StreamId(stream))


@pytest.mark.parametrize(("topic", "fact"), READ)
async def test_no_fact_that_is_read_is_unknown(
    desk: Any, stream: str, sample: Callable[[str, str], Any], topic: str, fact: str
) -> None:
    before = dict(unknown_facts([topic]))
    await desk.tell(of_stream(sample(topic, fact), stream))
    assert dict(unknown_facts([topic])) == before


@pytest.mark.parametrize("dead", [False, True])
async def test_a_fact_of_a_newer_ingest_is_counted_and_changes_nothing(desk: Any, chat: Any, dead: bool) -> None:
    newer = "tldr.chat.v1.ChatPinned"
    event = replace(received(chat.window(0), desk.organization), type=newer, message=ChatEvent())
    before = unknown_facts(["tldr.chat.v1"]).get(newer, 0)
    async with desk.database.tenant(desk.organization) as transaction:
        await hand_over(transaction, desk.subscriptions(), event, dead=dead)
    assert unknown_facts(["tldr.chat.v1"])[newer] == before + 1
    assert await desk.kept(chat.stream) == []


def test_a_golden_window_is_understood(sample: Callable[[str, str], Any]) -> None:
    read = sample("tldr.chat.v1", "window_read").window_read
    window = window_of(read)
    assert window.measurable
    assert (window.index, window.start_ms, window.end_ms) == (read.index, read.range.start_ms, read.range.end_ms)
    assert isinstance(window.content, bytes)
    messages = list(messages_of(window.content))
    written = [(one.at_ms, one.author, one.text, list(one.emotes)) for one in read.messages.messages]
    assert [(one.at_ms, one.author, one.text, list(one.emotes)) for one in messages] == written
