"""A stream that does not move is failed, unless somebody says that work on it goes on."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Any

from tldr_contracts.ids import OrganizationId, StreamId
from tldr_gateway.application.streams.fail_stalled import SILENT_FOR, FailStalled, Quiet
from tldr_gateway.application.streams.progress import Progress
from tldr_gateway.domain.streams.stream import State

LIMIT = timedelta(minutes=30)


class Neighbours:
    """Answer what they are told to; None is silence."""

    def __init__(self, analysed_until_ms: int | None) -> None:
        self.analysed_until_ms = analysed_until_ms

    async def progress(self, organization: OrganizationId, stream: StreamId) -> Progress:
        return Progress(None, None, None, self.analysed_until_ms)

    async def gaps(self, organization: OrganizationId, stream: StreamId) -> Sequence[dict[str, Any]]:
        return []


class Search:
    """Finds quiet streams in memory."""

    def __init__(self, memory: Any) -> None:
        self.memory = memory

    async def quiet(self, *, working_since: datetime, waiting_since: datetime) -> Sequence[Quiet]:
        found = []
        for stream in self.memory.streams.rows.values():
            heard = self.memory.streams.heard[stream.id]
            limit = waiting_since if stream.state is State.PENDING else working_since
            if not stream.state.terminal and heard < limit:
                mark = self.memory.streams.marks.get(stream.id, 0)
                found.append(Quiet(stream.organization, stream.id, heard, mark))
        return found


def looking(memory: Any, neighbours: Neighbours) -> FailStalled:
    @asynccontextmanager
    async def work(organization: OrganizationId) -> AsyncIterator[Any]:
        yield memory

    return FailStalled(Search(memory), neighbours, work, memory.clock, LIMIT, 48 * LIMIT)


async def at_work(memory: Any, state: State = State.PROCESSING) -> StreamId:
    stream = memory.stream(state=state)
    await memory.streams.add(stream)
    return StreamId(stream.id)


async def test_a_stream_that_does_not_move_fails_with_a_reason(memory: Any) -> None:
    stream = await at_work(memory)
    memory.clock.pass_by(minutes=31)
    await looking(memory, Neighbours(0))()
    found = memory.streams.rows[stream]
    assert found.state is State.FAILED
    assert found.failure.code == "stalled"
    assert memory.said.kinds == ["failed"]


async def test_a_stream_that_is_still_analysed_is_left_alone_until_it_is_not(memory: Any) -> None:
    stream, neighbours = await at_work(memory), Neighbours(0)
    for hours in range(1, 5):
        memory.clock.pass_by(hours=1)
        neighbours.analysed_until_ms = hours * 3_600_000
        await looking(memory, neighbours)()
        assert memory.streams.rows[stream].state is State.PROCESSING
    memory.clock.pass_by(hours=1)
    await looking(memory, neighbours)()
    assert memory.streams.rows[stream].state is State.FAILED


async def test_nobody_is_blamed_for_an_outage_of_those_who_know(memory: Any) -> None:
    stream = await at_work(memory)
    memory.clock.pass_by(minutes=31)
    await looking(memory, Neighbours(None))()
    assert memory.streams.rows[stream].state is State.PROCESSING
    memory.clock.pass_by(minutes=30 * SILENT_FOR)
    await looking(memory, Neighbours(None))()
    assert memory.streams.rows[stream].state is State.FAILED


async def test_a_stream_may_wait_longer_for_its_work_to_begin(memory: Any) -> None:
    stream = await at_work(memory, State.PENDING)
    memory.clock.pass_by(hours=23)
    await looking(memory, Neighbours(0))()
    assert memory.streams.rows[stream].state is State.PENDING
    memory.clock.pass_by(hours=2)
    await looking(memory, Neighbours(0))()
    assert memory.streams.rows[stream].state is State.FAILED


async def test_a_stream_that_moved_while_it_was_asked_about_is_left_alone(memory: Any) -> None:
    stream = await at_work(memory)
    asked_at = memory.clock.now()
    memory.clock.pass_by(minutes=31)
    await memory.follow.moved(stream, memory.clock.now())
    await memory.follow.stalled(stream, since=asked_at)
    assert memory.streams.rows[stream].state is State.PROCESSING
