"""What the gateway decides in the middle of a reading."""

from pathlib import Path
from typing import Any

import pytest

from tldr_database import driver
from tldr_testing import eventually


async def rows(submitted: Any, table: str) -> list[Any]:
    async with submitted.service.database.system() as transaction:
        query = f"SELECT * FROM {table} WHERE stream_id = $1"
        return list(await (await driver(transaction)).fetch(query, submitted.stream))


async def unfinished(submitted: Any) -> list[str]:
    """The kinds of jobs that are about the stream."""
    async with submitted.service.database.system() as transaction:
        query = "SELECT kind FROM jobs WHERE subject LIKE '%' || $1 AND state IN ('waiting', 'running')"
        return [row["kind"] for row in await (await driver(transaction)).fetch(query, submitted.stream)]


async def state_is(submitted: Any, wanted: str) -> None:
    async def look() -> bool:
        return [row["state"] for row in await rows(submitted, "streams")] == [wanted]

    await eventually(look)


async def test_a_stopped_stream_ends_with_what_was_read(submitted: Any, halfway: int) -> None:
    await submitted.say(stopped={"stream_id": submitted.stream})
    recorded = await submitted.ended()
    segments = recorded.of_kind("segment_stored")
    (ended,) = recorded.of_kind("ended")
    assert not ended.HasField("failure")
    assert ended.segments == len(segments) >= halfway
    assert ended.duration_ms == segments[-1].range.end_ms
    chat = await submitted.chat_ended()
    assert chat.of_kind("window_read")[-1].range.end_ms == chat.of_kind("ended")[0].duration_ms
    assert chat.of_kind("ended")[0].duration_ms == -(-ended.duration_ms // 1000) * 1000
    assert await unfinished(submitted) == []


@pytest.mark.usefixtures("halfway")
@pytest.mark.parametrize("decision", ["cancelled", "deleted", "failed"])
async def test_work_is_dropped_on_sight(submitted: Any, web: Any, decision: str) -> None:
    await submitted.say(**{decision: {"stream_id": submitted.stream}})
    await state_is(submitted, decision)
    assert set(await unfinished(submitted)) <= {"purge-stream"}
    web.released.set()
    later = {"stream_id": submitted.stream}
    await submitted.say(stopped=later)
    assert (await submitted.ingestions.of(submitted.stream)).of_kind("ended") == []


@pytest.mark.usefixtures("halfway")
async def test_of_a_deleted_stream_one_row_is_left_that_says_so(submitted: Any, web: Any) -> None:
    await submitted.say(deleted={"stream_id": submitted.stream})
    await state_is(submitted, "deleted")
    assert await rows(submitted, "segments") == []
    (row,) = await rows(submitted, "streams")
    assert (row["request"], row["info"], row["segments"]) == (None, None, 0)
    assert await unfinished(submitted) == ["purge-stream"]
    await submitted.request(web.url("/a.mkv"))
    await submitted.say(retried={"stream_id": submitted.stream, "attempt": 2})
    await submitted.say(failed={"stream_id": submitted.stream, "attempt": 2})
    assert await unfinished(submitted) == ["purge-stream"]


async def test_a_retry_of_a_stream_that_was_read_says_it_again(submitted: Any, recording: Path) -> None:
    await submitted.request(recording, b"time,text\n1,hello\n")
    first = await submitted.ended()
    await submitted.chat_ended()
    await submitted.say(failed={"stream_id": submitted.stream, "attempt": 1})
    await submitted.say(retried={"stream_id": submitted.stream, "attempt": 2})
    recorded = await submitted.ended(count=2)
    assert [event.kind for event in recorded.events[len(first.events) :]] == ["started", "ended"]
    before, again = recorded.of_kind("ended")
    assert (again.attempt, again.duration_ms, again.segments) == (2, before.duration_ms, before.segments)
    chat = (await submitted.chat_ended(count=2)).of_kind("ended")
    assert [(ended.attempt, ended.duration_ms) for ended in chat] == [(1, 40_000), (2, 40_000)]


async def test_a_completed_stream_lets_its_events_go(submitted: Any, record: Any) -> None:
    rows_of_chat = "time,text\n" + "".join(f"1,{'x' * 100} {number}\n" for number in range(1000))
    await submitted.request(record("b.m4a", record.Sound()), rows_of_chat.encode())
    await submitted.chat_ended()
    await submitted.say(completed={"stream_id": submitted.stream})
    await state_is(submitted, "completed")
    assert await unfinished(submitted) == ["purge-stream"]
    async with submitted.service.database.system() as transaction:
        query = "SELECT closed_at FROM outbox_subjects WHERE subject = $1"
        assert await (await driver(transaction)).fetchval(query, submitted.stream) is not None
