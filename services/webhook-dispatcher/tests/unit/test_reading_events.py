"""A receiver reads all that was told, in order, and is told when some of it is gone."""

from dataclasses import replace
from typing import Any

import pytest

from tldr_contracts.webhooks import Highlight
from tldr_web import Problem
from tldr_webhook_dispatcher.application.messages.read_events import Read, ReadEvents
from tldr_webhook_dispatcher.domain.messages.content import detected, ready, revised, stream_cancelled, withdrawn


async def told(memory: Any, *contents: Any) -> None:
    for content in contents:
        await memory.send(content, stream="str_1", lane=37)


async def test_who_takes_all_types_reads_what_it_was_sent(memory: Any, highlight: Highlight) -> None:
    await memory.endpoints.add(memory.endpoint())
    await told(
        memory,
        detected(highlight),
        detected(highlight),
        revised(replace(highlight, revision=2)),
        revised(highlight),
        ready(replace(highlight, revision=2)),
        withdrawn("hl_1", stream="str_1", revision=3),
        withdrawn("hl_never", stream="str_1", revision=3),
        stream_cancelled("str_1"),
    )
    sent = [(one.id, one.type, one.body) for one in memory.messages.rows.values()]
    read = [(one.id, one.type, one.body) for one in memory.events.rows]
    assert read == sent
    assert [one.number for one in memory.events.rows] == [1, 2, 3, 4, 5]


async def test_there_are_events_without_an_endpoint_and_one_body_for_all_endpoints(
    memory: Any, highlight: Highlight
) -> None:
    await told(memory, detected(highlight))
    for types in ((), ("stream.cancelled",)):
        await memory.endpoints.add(memory.endpoint(types=types))
    await told(memory, revised(replace(highlight, revision=2)), stream_cancelled("str_1"))
    assert [one.type for one in memory.events.rows] == ["highlight.detected", "highlight.revised", "stream.cancelled"]
    cancelled = memory.events.rows[-1]
    same = [one for one in memory.messages.rows.values() if one.id == cancelled.id]
    assert [one.body for one in same] == [cancelled.body] * 2


async def test_what_an_endpoint_was_told_before_there_were_events_goes_on_in_them(
    memory: Any, highlight: Highlight
) -> None:
    await memory.endpoints.add(memory.endpoint())
    await told(memory, detected(highlight))
    memory.events.rows.clear()
    await told(memory, withdrawn("hl_1", stream="str_1", revision=2))
    assert [one.type for one in memory.events.rows] == ["highlight.withdrawn"]


async def test_an_organization_that_is_gone_has_no_events(memory: Any) -> None:
    await memory.events.close()
    await told(memory, stream_cancelled("str_1"))
    assert memory.events.rows == []


async def test_reading_goes_on_where_it_ended(memory: Any) -> None:
    read = ReadEvents(memory.events)
    assert await read(None, 2) == Read([], 0, False)
    await told(memory, *[stream_cancelled(f"str_{number}") for number in range(3)])
    rows = memory.events.rows
    assert await read(0, 2) == await read(None, 2) == Read(rows[:2], 2, True)
    assert await read(2, 2) == Read(rows[2:], 3, False)
    assert await read(3, 2) == Read([], 3, False)
    assert await read.place_of(rows[1].id) == 2
    with pytest.raises(Problem) as refused:
        await read.place_of("msg_none")
    assert refused.value.code == "event_not_found"


@pytest.mark.parametrize("kept", [0, 1])
async def test_whoever_comes_too_late_is_told_so(memory: Any, kept: int) -> None:
    await told(memory, *[stream_cancelled(f"str_{number}") for number in range(4)])
    memory.events.rows = memory.events.rows[4 - kept :]
    read = ReadEvents(memory.events)
    for after in range(4 - kept):
        with pytest.raises(Problem) as refused:
            await read(after, 9)
        assert (refused.value.status, refused.value.code) == (410, "events_forgotten")
    assert (await read(4 - kept, 9)).events == memory.events.rows
    assert await read(None, 9) == Read(memory.events.rows, 4, False)
