"""What customers ask of streams and what the mesh reports of them: each decided once, written down, announced."""

from datetime import timedelta
from typing import Any

import pytest

from tldr_contracts.ids import RunId, StreamId
from tldr_gateway.application.streams.errors import NotPossibleNow, RetryTooLate, StreamNotFound, TooManyStreams
from tldr_gateway.application.streams.follow_stream import Outcome
from tldr_gateway.domain.streams.stream import Cause, Failure, State

RUN = RunId("run_1")
UNREADABLE = Failure("source_unreadable", "It is not a media file.")


async def submitted(memory: Any, **changes: Any) -> StreamId:
    await memory.open()
    stream = memory.stream(**changes)
    await memory.streams.add(stream)
    return StreamId(stream.id)


async def test_a_stream_starts_is_settled_and_is_charged_once(memory: Any) -> None:
    stream = await submitted(memory)
    await memory.follow.started(stream, attempt=1)
    await memory.follow.started(stream, attempt=1)
    outcome = Outcome(RUN, 1, duration_ms=180_000, highlights=5)
    await memory.follow.settled(stream, outcome)
    await memory.follow.settled(stream, Outcome(RUN, 1, duration_ms=99, highlights=9))
    found = memory.streams.rows[stream]
    assert (found.state, found.duration_ms, found.highlights) == (State.COMPLETED, 180_000, 5)
    assert memory.said.kinds == ["started", "completed"]
    assert memory.said.used == {stream: 180_000}
    causes = [(entry.transition.cause, entry.transition.applied) for entry in memory.streams.entries[stream]]
    assert causes == [(Cause.WORK_STARTED, True), (Cause.SETTLED, True), (Cause.SETTLED, False)]


async def test_an_outcome_before_the_start_completes_the_stream_all_the_same(memory: Any) -> None:
    stream = await submitted(memory)
    await memory.follow.settled(stream, Outcome(RUN, 1, duration_ms=1000))
    await memory.follow.started(stream, attempt=1)
    found = memory.streams.rows[stream]
    assert found.state is State.COMPLETED
    assert found.started_at is not None


async def test_what_is_reported_of_a_deleted_stream_changes_nothing(memory: Any) -> None:
    stream = await submitted(memory, state=State.PROCESSING)
    await memory.change.delete(stream, actor="key_1")
    await memory.follow.started(stream, attempt=1)
    await memory.follow.settled(stream, Outcome(RUN, 1))
    await memory.follow.moved(stream, memory.clock.now())
    await memory.follow.stalled(stream, since=memory.clock.now())
    assert memory.said.kinds == ["deleted"]
    assert not memory.streams.entries
    with pytest.raises(StreamNotFound):
        await memory.change.delete(stream, actor="key_1")


async def test_a_refused_wish_is_written_down_before_it_is_refused(memory: Any) -> None:
    stream = await submitted(memory, state=State.COMPLETED)
    for wish in (memory.change.cancel, memory.change.retry, memory.change.stop):
        decision = await wish(stream, actor="key_1")
        with pytest.raises(NotPossibleNow, match="the stream is completed"):
            decision.granted()
    assert [entry.transition.applied for entry in memory.streams.entries[stream]] == [False] * 3
    assert memory.said.kinds == []


async def test_cancelling_and_stopping_twice_is_as_good_as_once(memory: Any) -> None:
    stream = await submitted(memory, state=State.PROCESSING)
    for _ in range(2):
        assert (await memory.change.stop(stream, actor="key_1")).granted().stop_asked
    for _ in range(2):
        assert (await memory.change.cancel(stream, actor="key_1")).granted().state is State.CANCELLED
    assert memory.said.kinds == ["stopped", "cancelled"]
    assert memory.said.audited == [("stream.stopped", stream), ("stream.cancelled", stream)]


async def test_a_retry_is_a_new_attempt_with_a_clean_slate(memory: Any) -> None:
    stream = await submitted(memory, state=State.PROCESSING, stop_asked=True)
    await memory.follow.settled(stream, Outcome(RUN, 1, gaps=({"modality": "MODALITY_VIDEO"},), failure=UNREADABLE))
    failed = memory.streams.rows[stream]
    assert (failed.state, failed.failure, len(failed.gaps)) == (State.FAILED, UNREADABLE, 1)
    again = (await memory.change.retry(stream, actor="key_1")).granted()
    assert (again.state, again.attempt, again.failure, again.gaps, again.stop_asked) == (
        State.PROCESSING,
        2,
        None,
        (),
        False,
    )
    await memory.follow.settled(stream, Outcome(RUN, 1, highlights=7))
    assert memory.streams.rows[stream].state is State.PROCESSING
    await memory.follow.settled(stream, Outcome(RUN, 2, highlights=2))
    assert memory.streams.rows[stream].highlights == 2
    assert memory.said.kinds == ["failed", "retried", "completed"]


async def test_a_retry_needs_room_in_the_plan(memory: Any) -> None:
    stream = await submitted(memory, state=State.FAILED)
    for _ in range(5):
        await memory.streams.add(memory.stream(state=State.PROCESSING))
    with pytest.raises(TooManyStreams):
        await memory.change.retry(stream, actor="key_1")


@pytest.mark.parametrize(("hours", "late"), [(23, False), (24, True)])
async def test_a_retry_is_refused_when_what_was_read_is_not_kept_any_longer(
    memory: Any, hours: int, late: bool
) -> None:
    stream = await submitted(memory, state=State.FAILED, ended_at=memory.clock.now() - timedelta(hours=hours))
    if late:
        with pytest.raises(RetryTooLate, match=r"1 day\."):
            await memory.change.retry(stream, actor="key_1")
    else:
        assert (await memory.change.retry(stream, actor="key_1")).granted().attempt == 2


async def test_a_deleted_stream_lets_go_of_its_uploads(memory: Any) -> None:
    upload = memory.upload()
    await memory.uploads.add(upload)
    await memory.uploads.use(upload.id)
    stream = memory.stream()
    stream = await submitted(memory, source=type(stream.source)(stream.source.kind, upload=upload.object))
    await memory.change.delete(stream, actor="key_1")
    assert memory.uploads.uses[upload.id] == 0
