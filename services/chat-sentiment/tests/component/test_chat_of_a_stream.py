"""The chat of a stream on the service's own database: what comes is measured in order, whatever goes wrong with it."""

import hashlib
from typing import Any

import numpy as np
import pytest

from tldr.common.v1 import common_pb2

FAILURE = common_pb2.Failure(code="source_unreadable", reason="The file ends in the middle.")


def kinds(facts: list[Any]) -> list[str]:
    return [type(fact).__name__.removeprefix("ChatSignal").lstrip("s") for fact in facts]


def rate(measured: Any) -> list[float]:
    return [value for series in measured.series if series.name == "chat.rate" for value in series.values]


async def test_windows_that_wait_are_measured_together_and_their_messages_deleted(desk: Any, chat: Any) -> None:
    await desk.tell(chat.decided("requested", priority=7, attempt=1), *(chat.window(index) for index in range(6)))
    await desk.tell(chat.ended(60))
    assert [job["priority"] for job in await desk.waiting(chat.stream)] == [7]
    assert all(row["content"] for row in (await desk.kept(chat.stream))[:6])

    await desk.measure(chat.stream)
    measured, ended = await desk.published(chat.stream)
    assert rate(measured) == [1.0] * 60
    assert len(measured.series) == 14
    assert measured.complete_until_ms == 60_000
    assert list(measured.words.words) == ["nice", "one"]
    assert list(measured.words.seconds) == [second for second in range(60) for _ in range(2)]
    assert (list(measured.words.word_indexes), list(measured.words.counts)) == ([0, 1] * 60, [1] * 120)
    assert (ended.attempt, ended.duration_ms, ended.HasField("failure")) == (1, 60_000, False)
    assert await desk.kept(chat.stream) == []


async def test_how_arrivals_are_split_into_batches_does_not_change_what_is_measured(desk: Any, chat_of: Any) -> None:
    together, apart = chat_of("str_together"), chat_of("str_apart")
    for chat, at_once in ((together, 128), (apart, 1)):
        await desk.tell(*(chat.window(index, "LUL same words") for index in range(4)))
        await desk.measure(chat.stream, at_once=at_once)
    (whole,) = await desk.published(together.stream)
    parts = await desk.published(apart.stream)
    assert len(parts) == 4
    for place, series in enumerate(whole.series):
        values = [value for part in parts for value in part.series[place].values]
        np.testing.assert_array_equal(values, series.values)


async def test_a_quiet_chat_is_measured_too(desk: Any, chat: Any) -> None:
    quiet = chat.window(0)
    quiet.window_read.messages.Clear()
    await desk.tell(quiet)
    await desk.measure(chat.stream)
    (measured,) = await desk.published(chat.stream)
    assert rate(measured) == [0.0] * 10
    assert measured.complete_until_ms == 10_000
    assert not measured.HasField("words")


async def test_a_window_by_reference_is_fetched(desk: Any, chat: Any) -> None:
    content = chat.messages(0).SerializeToString()
    desk.shelf.objects["chat/0"] = content
    await desk.tell(chat.stored(0, "chat/0", hashlib.sha256(content).digest()))
    await desk.measure(chat.stream)
    (measured,) = await desk.published(chat.stream)
    assert rate(measured) == [1.0] * 10


@pytest.mark.parametrize(
    ("content", "sha256", "code"),
    [
        (None, b"", "chat_object_missing"),
        (b"no messages", b"", "chat_unreadable"),
        (b"", b"another", "chat_object_damaged"),
    ],
)
async def test_a_window_that_cannot_be_read_is_a_gap_in_its_place(
    desk: Any, chat: Any, content: bytes | None, sha256: bytes, code: str
) -> None:
    if content is not None:
        desk.shelf.objects["chat/1"] = content
    await desk.tell(chat.window(0), chat.stored(1, "chat/1", sha256), chat.window(2), chat.ended(30))
    await desk.measure(chat.stream)
    facts = await desk.published(chat.stream)
    assert kinds(facts) == ["Measured", "GapFound", "Measured", "Ended"]
    found = facts[1]
    assert (found.gap.modality, found.gap.code) == (common_pb2.MODALITY_CHAT, code)
    assert (found.gap.range.start_ms, found.gap.range.end_ms, found.complete_until_ms) == (10_000, 20_000, 20_000)
    assert [fact.complete_until_ms for fact in facts[:3]] == [10_000, 20_000, 30_000]


async def test_an_impossible_range_is_a_gap(desk: Any, chat: Any) -> None:
    endless = chat.window(0)
    endless.window_read.range.end_ms = 10**15
    await desk.tell(endless)
    await desk.measure(chat.stream)
    (found,) = await desk.published(chat.stream)
    assert found.gap.code == "chat_window_invalid"


async def test_gaps_of_ingest_keep_their_place(desk: Any, chat: Any) -> None:
    await desk.tell(chat.window(0), chat.gap(10, 20), chat.window(2), chat.ended(30))
    await desk.measure(chat.stream)
    facts = await desk.published(chat.stream)
    assert kinds(facts) == ["Measured", "GapFound", "Measured", "Ended"]
    assert facts[1].gap == chat.gap(10, 20).gap_found.gap


async def test_a_dead_window_is_a_gap_and_a_dead_end_is_a_bad_one(desk: Any, chat: Any) -> None:
    await desk.tell(chat.window(0))
    await desk.bury(chat.window(1))
    await desk.tell(chat.window(2), chat.window(1))
    await desk.bury(chat.ended(30))
    await desk.measure(chat.stream)
    facts = await desk.published(chat.stream)
    assert kinds(facts) == ["Measured", "GapFound", "Measured", "Ended"]
    assert (facts[1].gap.code, facts[3].failure.code) == ("chat_not_kept", "chat_not_kept")


async def test_a_window_that_is_given_up_leaves_the_rest_to_be_measured(desk: Any, chat: Any) -> None:
    await desk.tell(chat.stored(0, "chat/0"), chat.window(1), chat.ended(20))
    desk.shelf.away = True
    with pytest.raises(OSError, match="cannot be reached"):
        await desk.measure(chat.stream)
    assert await desk.published(chat.stream) == []

    await desk.give_up(chat.stream)
    assert await desk.waiting(chat.stream)
    await desk.measure(chat.stream)
    facts = await desk.published(chat.stream)
    assert kinds(facts) == ["GapFound", "Measured", "Ended"]
    assert facts[0].gap.code == "chat_not_measured"


async def test_a_retry_goes_on_after_what_was_seen(desk: Any, chat: Any, chat_of: Any) -> None:
    await desk.tell(chat.window(0), chat.ended(10, FAILURE))
    await desk.measure(chat.stream)
    retry = chat_of(chat.stream, attempt=2)
    await desk.tell(chat.decided("failed", attempt=1), retry.window(1), retry.window(0))
    assert await desk.waiting(chat.stream) == []
    await desk.measure(chat.stream)
    assert len(await desk.kept(chat.stream)) == 1

    await desk.tell(chat.decided("retried", attempt=2), chat.ended(10, FAILURE), retry.ended(20))
    assert len(await desk.waiting(chat.stream)) == 1
    await desk.measure(chat.stream)
    facts = await desk.published(chat.stream)
    assert kinds(facts) == ["Measured", "Ended", "Measured", "Ended"]
    assert [facts[1].attempt, facts[1].failure.code, facts[3].attempt] == [1, FAILURE.code, 2]
    assert facts[2].complete_until_ms == 20_000


async def test_an_end_that_waited_through_a_retry_is_not_told(desk: Any, chat: Any, chat_of: Any) -> None:
    await desk.tell(chat.window(0), chat.ended(10, FAILURE), chat.decided("failed", attempt=1))
    await desk.tell(chat.decided("retried", attempt=2), chat_of(chat.stream, attempt=2).ended(10))
    await desk.measure(chat.stream)
    assert kinds(await desk.published(chat.stream)) == ["Measured", "Ended"]
    assert (await desk.published(chat.stream))[1].attempt == 2


@pytest.mark.parametrize("decision", ["cancelled", "failed"])
async def test_what_is_being_measured_when_work_is_dropped_is_not_told(desk: Any, chat: Any, decision: str) -> None:
    await desk.tell(chat.window(0))
    await desk.measure(chat.stream, meanwhile=chat.decided(decision))
    assert await desk.published(chat.stream) == []
    assert len(await desk.kept(chat.stream)) == (decision == "failed")


async def test_windows_that_come_while_others_are_measured_wait_their_turn(desk: Any, chat: Any) -> None:
    await desk.tell(chat.window(0))
    await desk.measure(chat.stream, meanwhile=chat.window(1))
    assert [fact.complete_until_ms for fact in await desk.published(chat.stream)] == [10_000, 20_000]
