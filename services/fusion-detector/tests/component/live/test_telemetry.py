"""Signals that customers push into a live stream."""

from collections.abc import Callable
from typing import Any

from tldr_contracts.ids import StreamId
from tldr_fusion_detector.application.signals.view_stream import view_stream

KILLS = "external.kills"


async def _kills(service: Any, stream: str) -> dict[int, float]:
    rows = await service.fetch(
        "SELECT start_s, samples FROM signals WHERE stream_id = $1 AND name = $2 ORDER BY start_s", stream, KILLS
    )
    work = service.open()
    async with work as opened:
        timeline = await opened.signals.timeline(StreamId(stream), 500, ())
    return {row["start_s"]: float(timeline.series[KILLS][row["start_s"]]) for row in rows}


async def _dropped(service: Any, stream: str) -> dict[str, int]:
    rows = await service.fetch("SELECT reason, samples FROM dropped_samples WHERE stream_id = $1", stream)
    return {row["reason"]: row["samples"] for row in rows}


async def test_the_last_figure_of_a_second_stands_and_one_for_a_closed_second_is_late(
    service: Any, live: Callable[..., Any]
) -> None:
    one = live(seconds=400)
    await one.begin(chat=False)
    await one.tell_and_look(*one.broadcast.video(end=60))
    pushed = one.pushed((KILLS, 61, 1.0), (KILLS, 61, 3.0), (KILLS, 59, 7.0), (KILLS, -2, 1.0), (KILLS, 900, 1.0))
    await service.tell(pushed, one.pushed((KILLS, 62, 1.0)), one.pushed((KILLS, 62, 2.0)))
    assert await _kills(service, one.stream) == {61: 3.0, 62: 2.0}
    assert await _dropped(service, one.stream) == {"late": 2, "early": 1}


async def test_samples_by_the_wall_clock_wait_until_it_is_known(service: Any, live: Callable[..., Any]) -> None:
    one = live(seconds=400)
    await service.tell(one.pushed((KILLS, 5, 2.0), (KILLS, 6, 4.0), wall=True))
    assert await _kills_or_none(service, one.stream) == {}
    await one.begin(chat=False)
    assert await _kills(service, one.stream) == {5: 2.0, 6: 4.0}

    other = live("_clockless", seconds=400)
    await service.tell(other.pushed((KILLS, 5, 2.0), wall=True))
    await other.begin(chat=False, wall_zero_ms=0)
    await service.tell(other.pushed((KILLS, 6, 2.0), (KILLS, 7, 2.0), wall=True))
    assert await _dropped(service, other.stream) == {"unplaced": 3}


async def _kills_or_none(service: Any, stream: str) -> dict[int, float]:
    rows = await service.fetch("SELECT start_s FROM signals WHERE stream_id = $1", stream)
    return {row["start_s"]: 0.0 for row in rows}


async def test_awaited_telemetry_holds_what_is_final_and_its_silence_becomes_a_gap_that_grows(
    service: Any, live: Callable[..., Any]
) -> None:
    one = live(seconds=460, moments=(60, 150, 240))
    await one.begin(chat=False, external=True)
    await service.tell(one.pushed(*((KILLS, second, 0.0) for second in range(100))))
    await one.tell_and_look(*one.broadcast.video(end=360, every=12))
    assert (await _view(service, one.stream)).coverage.watermark_ms == 99_000

    await one.silent_for(61, "external")
    await one.tell_and_look()
    view = await _view(service, one.stream)
    assert view.coverage.watermark_ms == 360_000
    assert [(gap.start_ms, gap.end_ms, gap.code) for gap in view.gaps] == [(100_000, 360_000, "signals_silent")]
    await one.tell_and_look(*one.broadcast.video(start=360, end=420, every=12))
    (gap,) = (await _view(service, one.stream)).gaps
    assert (gap.start_ms, gap.end_ms) == (100_000, 420_000)
    assert len(await service.fetch("SELECT 1 FROM gaps WHERE stream_id = $1", one.stream)) == 1

    await service.tell(one.pushed((KILLS, 300, 5.0), (KILLS, 421, 5.0)))
    assert await _dropped(service, one.stream) == {"late": 1}
    assert 300 not in await _kills(service, one.stream)
    ends = (one.broadcast.source_ended(), one.broadcast.video_ended())
    told = await one.tell_and_look(*one.broadcast.video(start=420), *ends)
    assert told.facts[-1].DESCRIPTOR.name == "DetectionCompleted"
    silent = [(gap.range.start_ms, gap.range.end_ms) for gap in told.facts[-1].gaps]
    assert silent == [(100_000, 420_000), (422_000, 460_000)]


async def _view(service: Any, stream: str) -> Any:
    async with service.open() as work:
        return await view_stream(work, StreamId(stream))


async def test_telemetry_makes_moments_of_a_profile_that_asks_for_it(service: Any, live: Callable[..., Any]) -> None:
    one = live(seconds=420, moments=())
    requested = one.broadcast.requested(live=True, chat=False)
    profile = requested.requested.profile
    for dimension in profile.dimensions[1:]:
        dimension.weight = 0.0
    del profile.dimensions[0].signals[:]
    profile.dimensions[0].signals.add(signal=KILLS, weight=1.0)
    await service.tell(requested, one.broadcast.opened())
    kills = [(KILLS, second, 4.0 if 348 <= second < 356 else 0.0) for second in range(400)]
    await service.tell(one.pushed(*kills))
    told = await one.tell_and_look(*one.broadcast.video(end=400, every=20))
    (found,) = told.of("final")
    assert found.range.start_ms <= 352_000 < found.range.end_ms
    assert found.contributions[0].signal == KILLS
    assert found.contributions[0].amount == found.score
