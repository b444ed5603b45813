"""Provisional results go ahead of a modality that is silent, final ones wait for it."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from tldr_fusion_detector.application.signals.deadlines import Deadlines
from tldr_fusion_detector.domain.signals.signals import Modality

SECONDS, MOMENTS = 460, (60, 150, 400)


async def _behind(live: Callable[..., Any]) -> Any:
    """A live stream whose chat is seven seconds behind, within a moment."""
    one = live(seconds=SECONDS, moments=MOMENTS)
    await one.begin()
    await one.service.tell(*one.broadcast.video(end=417, every=3), *one.broadcast.chat(end=400), _part(one, 400, 410))
    await one.service.fetch("DELETE FROM jobs WHERE key = $1 RETURNING 1", one.stream)
    await one.service.advance(one.stream)
    return one


def _part(one: Any, start: int, end: int) -> Any:
    (message,) = one.broadcast.chat(start=start, end=end, every=end - start)
    return message


async def test_a_silent_modality_is_waited_for_until_its_deadline_which_wakes_by_the_clock(
    service: Any, live: Callable[..., Any]
) -> None:
    one = await _behind(live)
    assert not [moment for moment in (await one.told()).of("provisional") if moment.peak_ms > 390_000]
    (job,) = await service.waiting(one.stream)
    assert 0 < job["delay"].total_seconds() < 10

    await one.silent_for(11, "chat")
    told = await one.tell_and_look()
    (found,) = [moment for moment in told.of("provisional") if moment.peak_ms > 390_000]
    assert not [moment for moment in told.of("final") if moment.peak_ms > 390_000], "chat may still say something"

    later = await one.tell_and_look(*one.broadcast.video(start=417), *one.broadcast.chat(start=410))
    (still,) = [moment for moment in later.of("final") if moment.peak_ms > 390_000]
    assert still.highlight_id == found.highlight_id


async def test_nothing_is_waited_for_by_the_clock_where_nothing_is_outstanding(
    service: Any, live: Callable[..., Any]
) -> None:
    one = live(seconds=SECONDS, moments=MOMENTS)
    await one.begin()
    await service.tell(*one.broadcast.video(end=400, every=20), *one.broadcast.chat(end=400))
    await service.fetch("DELETE FROM jobs WHERE key = $1 RETURNING 1", one.stream)
    await service.advance(one.stream)
    assert await service.waiting(one.stream) == []


async def test_a_modality_far_behind_in_stream_time_is_passed_without_waiting(
    service: Any, live: Callable[..., Any]
) -> None:
    service.deadlines = Deadlines({Modality.CHAT: timedelta(seconds=10)})
    one = live(seconds=SECONDS, moments=MOMENTS)
    await one.begin()
    told = await one.tell_and_look(*one.broadcast.video(end=417, every=3), *one.broadcast.chat(end=380))
    assert [moment for moment in told.of("provisional") if moment.peak_ms > 390_000]
