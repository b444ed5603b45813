"""A window of a live stream costs the same after twelve hours as at the beginning."""

from dataclasses import replace
from statistics import median
from time import perf_counter
from typing import Any

import pytest

from tldr_contracts.ids import StreamId
from tldr_database import driver

HOURS_S = 12 * 3600
_WINDOWS = 25
# What twelve hours leave: segments and windows of two seconds, and a gap of both modalities each minute.
_PAST = (
    "INSERT INTO segments SELECT '{organization}', '{stream}', n, n * 2000, n * 2000 + 2000, 'b', n::text, 0, n, true, true"
    " FROM generate_series(0, {seconds} / 2 - 1) AS n",
    "INSERT INTO windows (organization_id, stream_id, first_second, end_second, analysed, measured, names, figures)"
    " SELECT '{organization}', '{stream}', greatest(n * 2 - 1, 0), n * 2 + 1, true, '{{audio,video}}', '{{video.motion}}',"
    " decode(repeat('00', CASE n WHEN 0 THEN 4 ELSE 8 END), 'hex') FROM generate_series(0, {seconds} / 2 - 1) AS n",
    "INSERT INTO gaps SELECT '{organization}', '{stream}', modality, n * 60000, n * 60000 + 500, 'advertisement', '', true"
    " FROM generate_series(0, {seconds} / 60 - 1) AS n, unnest('{{video,audio}}'::text[]) AS modality",
    "ANALYZE segments",
    "ANALYZE windows",
    "ANALYZE gaps",
)


async def cost_ms(desk: Any, live: Any, *, past_s: int) -> float:
    """The median time of a segment and its window, behind so many seconds of stream."""
    await desk.tell(live.requested(live=True), live.opened())
    async with desk.open() as work:
        connection = await driver(work.streams.transaction)
        for statement in _PAST[:3] if past_s else ():
            await connection.execute(
                statement.format(organization=desk.organization, stream=live.stream, seconds=past_s)
            )
        known = await work.streams.lock(StreamId(live.stream))
        reached = max(past_s - 1, 0)
        known = replace(known.read(1000 * past_s), planned_until_s=reached).released(tuple(known.declared), reached)
        await work.streams.put(known)
    async with desk.database.system() as transaction:
        for statement in _PAST[3:]:
            await (await driver(transaction)).execute(statement)
    times = []
    for index in range(past_s // 2, past_s // 2 + _WINDOWS):
        at = perf_counter()
        await desk.tell(live.segment(index))
        for window in await desk.waiting(live.stream, priority=8):
            await desk.analyse(live.stream, window)
        times.append(perf_counter() - at)
    async with desk.open() as work:
        found = await work.streams.get(StreamId(live.stream))
    assert found.complete_until_ms == 1000 * (past_s + 2 * _WINDOWS - 1)
    return 1000 * median(times)


@pytest.mark.long
async def test_a_window_after_twelve_hours_costs_what_one_of_the_first_minutes_does(
    desk: Any, recording: Any, stream: str
) -> None:
    first = await cost_ms(desk, replace(recording, length_ms=2000), past_s=0)
    last = await cost_ms(desk, replace(recording, length_ms=2000, stream=f"{stream}b"), past_s=HOURS_S)
    print(f"a window costs {first:.1f} ms at the beginning and {last:.1f} ms after twelve hours, besides its analysis")
    assert last < 3 * first
