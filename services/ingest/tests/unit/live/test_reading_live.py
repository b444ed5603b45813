"""One job's reading of a live stream: what it goes on after, and what ends it."""

import asyncio
from dataclasses import replace
from typing import Any

import pytest
from tests.doubles.live_source import INFO, OPENED, WALL, Later, Said, Source, Until, cut, read_live

from tldr_ingest.application.live.resolving import NotLive
from tldr_ingest.application.live.stopping import StopLive
from tldr_ingest.application.ports import ReadingFailed
from tldr_ingest.application.stream_record import LiveSettings, LiveState, Push
from tldr_ingest.domain.live.events import PieceRead, SourceInterruption, SourceResumption, TimePassed
from tldr_ingest.domain.media.source import Modality, ReadGap, SourceEnded
from tldr_streams.values import Failure

AWAY = SourceInterruption(4000, "source_stalled", "Nothing new.")
OFFLINE = NotLive(Failure("offline", "The channel is offline."))
EXPIRED = ReadingFailed(Failure("address_expired", "Find it out anew."))
BROKEN = ReadingFailed(Failure("source_unavailable", "The server does not answer."), passing=True)
CRASHED = ReadingFailed(Failure("unreadable", "Reading failed."), passing=True)
ENDED = SourceEnded(6000, 3, "source_ended", "Over.")
BEGUN: tuple[Said, ...] = (OPENED, PieceRead(2000), cut(0), PieceRead(4000), cut(1))


def passed(start_ms: int, until_ms: int) -> TimePassed:
    return TimePassed(until_ms, (ReadGap(Modality.VIDEO, start_ms, until_ms, "source_stalled", "Nothing new."),))


def settings(live: Any, wait_until_live_ms: int = 0, ends_after_silence_ms: int = 0, longest_ms: int = 0) -> None:
    asked = LiveSettings(wait_until_live_ms, ends_after_silence_ms, longest_ms)
    live.record = replace(live.record, request=replace(live.record.request, live=asked))


async def test_a_source_is_read_to_its_end(live: Any) -> None:
    await read_live(live, Source([[*BEGUN, cut(2), ENDED]]))
    assert live.said == ["started", "segment 0", "segment 1", "segment 2", "ended 1 at 6000"]
    media = live.record.media
    assert (media.wall_zero_ms, media.wall_uncertainty_ms, media.complete) == (WALL, 250, True)


async def test_an_interruption_and_its_end_are_said_once_each(live: Any) -> None:
    events = [*BEGUN, AWAY, AWAY, passed(4000, 9000), SourceResumption(9000), PieceRead(11_000), cut(2, 9000), ENDED]
    await read_live(live, Source([events]))
    assert live.said[3:] == [
        "interrupted at 4000",
        "gap 4000 to 9000",
        "resumed at 9000",
        "segment 2",
        "ended 1 at 11000",
    ]
    assert live.record.media.live.state is LiveState.LIVE


async def test_time_goes_on_while_a_source_is_away(live: Any) -> None:
    with pytest.raises(AssertionError):
        await read_live(
            live, Source([[*BEGUN, AWAY, passed(4000, 9000), passed(9000, 19_000), AssertionError("held")]])
        )
    assert live.record.media.read_until_ms == 19_000
    assert live.record.media.live.state is LiveState.INTERRUPTED


async def test_an_address_that_expired_is_found_out_anew_and_reading_goes_on_behind_the_last_segment(live: Any) -> None:
    source = Source([[OPENED, Later(60), *BEGUN[1:], EXPIRED], [cut(2), ENDED]])
    await read_live(live, source)
    assert live.said == ["started", "segment 0", "segment 1", "segment 2", "ended 1 at 6000"]
    assert source.asked[1].after == cut(1).cursor
    assert source.asked[1].told_ms == 4000
    assert source.asked[1].modalities == ("video",)
    assert source.slept == [0.0]
    assert live.record.media.live.connections == 2


async def test_an_address_that_expires_again_and_again_is_asked_for_ever_more_rarely(live: Any) -> None:
    source = Source([(*BEGUN, EXPIRED), *[[EXPIRED]] * 6, [cut(2), ENDED]])
    await read_live(live, source, silence_ms=600_000)
    assert source.slept == [5.0] * 5 + [30.0] * 2
    assert live.said.count("interrupted at 4000") == 1
    assert live.said[-2:] == ["segment 2", "ended 1 at 6000"]


async def test_a_source_that_cannot_be_reached_is_tried_again_and_its_time_goes_on(live: Any) -> None:
    source = Source([[*BEGUN, Later(4), BROKEN], *[[BROKEN]] * 6, [PieceRead(60_000), cut(2, 44_500), ENDED]])
    await read_live(live, source)
    assert source.slept == [0.5, 1.0, 2.0, 4.0, 8.0, 15.0, 15.0]
    # Given up 20 s behind the wall clock: until then the source may still have it.
    assert live.said[3:] == [
        "interrupted at 4000",
        "gap 4000 to 14500",
        "resumed at 44500",
        "segment 2",
        "ended 1 at 46500",
    ]
    assert source.asked[-1].told_ms == 14_500


async def test_a_source_that_stays_silent_has_ended_well(live: Any) -> None:
    settings(live, ends_after_silence_ms=30_000)
    source = Source([[*BEGUN, AWAY, Later(20), passed(4000, 24_000), Later(20), passed(24_000, 44_000), cut(2)]])
    await read_live(live, source)
    assert live.said[-1] == "ended 1 at 44000"


async def test_a_long_break_for_advertisements_is_no_silence(live: Any) -> None:
    settings(live, ends_after_silence_ms=30_000)
    source = Source(
        [[*BEGUN, Later(20), passed(4000, 24_000), Later(20), passed(24_000, 44_000), cut(2, 44_000), ENDED]]
    )
    await read_live(live, source)
    assert live.said[-2:] == ["segment 2", "ended 1 at 46000"]


async def test_a_source_that_cannot_be_reached_for_long_has_ended_well(live: Any) -> None:
    source = Source([[*BEGUN, BROKEN], *[[BROKEN]] * 40])
    await read_live(live, source, silence_ms=120_000)
    assert live.said[-1].startswith("ended 1 at ")
    assert "source" not in live.said[-1]
    assert sum(source.slept) < 150


async def test_a_channel_that_goes_offline_has_ended_sooner(live: Any) -> None:
    source = Source([[*BEGUN, EXPIRED], *[OFFLINE] * 30])
    await read_live(live, source)
    assert live.record.media.complete
    assert 90 <= sum(source.slept) < 110


async def test_a_process_that_dies_again_and_again_is_no_good_end(live: Any) -> None:
    again: list[Said] = [PieceRead(6000), CRASHED]
    source = Source([[*BEGUN, CRASHED], *[again] * 9])
    await read_live(live, source)
    assert live.said[-1] == "ended 1 at 4000 reading_failed"
    assert len(source.asked) == 5


async def test_trouble_before_anything_was_read_is_the_jobs(live: Any) -> None:
    with pytest.raises(ReadingFailed):
        await read_live(live, Source([[BROKEN]]))
    await read_live(live, Source([[BROKEN]]), last_try=True)
    assert live.said == ["ended 1 at 0 source_unavailable"]


async def test_an_end_before_anything_was_read_is_a_failure(live: Any) -> None:
    await read_live(live, Source([[SourceEnded(0, 0, "source_ended", "Over.")]]))
    assert live.said == ["ended 1 at 0 source_ended"]


async def test_the_longest_ends_well(live: Any) -> None:
    settings(live, longest_ms=5000)
    await read_live(live, Source([[*BEGUN, cut(2), cut(3), cut(4)]]))
    assert live.said[-2:] == ["segment 2", "ended 1 at 6000"]
    assert live.record.media.failure is None


async def test_an_absence_up_to_the_longest_ends_well_there(live: Any) -> None:
    settings(live, longest_ms=50_000)
    await read_live(live, Source([[*BEGUN, AWAY, passed(4000, 60_000), cut(2)]]))
    assert live.said[-2:] == ["gap 4000 to 50000", "ended 1 at 50000"]


async def test_a_source_that_is_not_live_is_refused_at_once_unless_it_is_to_be_waited_for(live: Any) -> None:
    await read_live(live, Source([OFFLINE]))
    assert live.said == ["ended 1 at 0 source_not_live"]
    assert live.record.media.failure.reason == "The channel is offline."


async def test_a_source_is_waited_for_by_jobs_that_end_at_once(live: Any) -> None:
    settings(live, wait_until_live_ms=100_000)
    source = Source([OFFLINE, OFFLINE, [*BEGUN, ENDED]])
    await read_live(live, source)
    source.now_ms += 45_000
    await read_live(live, source)
    assert (live.said, live.asked) == (["waiting offline"], ["media 1 later"] * 2)
    assert live.record.media.live.waits_until_ms == WALL + 100_000
    source.now_ms += 45_000
    await read_live(live, source)
    assert live.said[-1] == "ended 1 at 6000"
    assert live.record.media.live.waits_until_ms == 0
    assert source.slept == []


async def test_a_source_that_does_not_come_in_time_is_refused(live: Any) -> None:
    settings(live, wait_until_live_ms=100_000)
    source = Source([OFFLINE, OFFLINE])
    await read_live(live, source)
    source.now_ms += 100_000
    await read_live(live, source)
    assert live.said == ["waiting offline", "ended 1 at 0 source_not_live"]


async def test_a_stream_that_is_pushed_waits_for_its_encoder(live: Any) -> None:
    live.record = replace(live.record, request=replace(live.record.request, place=Push("00"), live=None))
    await read_live(live, Source([OFFLINE]))
    assert (live.said, live.asked) == (["waiting offline"], ["media 1 later"])


async def test_a_stop_finishes_what_was_seen(live: Any) -> None:
    """Two pieces were read whose segments were not there yet."""
    committed = live.put

    async def put(record: Any) -> None:
        await committed(record)
        if record.media.segments == 2 and not record.media.live.stopping:
            await StopLive(live).ask(record)

    live.put = put
    stopped = Until(lambda: live.record.media.live.stopping)
    seen = Until(lambda: live.record.media.segments == 3)
    await read_live(live, Source([[*BEGUN, PieceRead(7000), stopped, cut(2), seen, cut(3), cut(4), ENDED]]))
    assert live.said[-3:] == ["segment 2", "segment 3", "ended 1 at 8000"]
    assert live.record.media.complete
    assert live.asked == ["end 1"]


async def test_a_stop_is_seen_while_the_source_says_nothing(live: Any) -> None:
    async def hold() -> bool:
        if live.record.media.live.state is LiveState.INTERRUPTED and not live.asked:
            await StopLive(live).ask(live.record)
        return False

    pending: set[asyncio.Task[bool]] = set()

    def never() -> bool:
        pending.add(asyncio.create_task(hold()))
        return False

    await read_live(live, Source([[*BEGUN, AWAY, Until(never), ENDED]]))
    assert live.said[-2:] == ["interrupted at 4000", "ended 1 at 4000"]


async def test_a_reading_that_does_not_end_when_it_is_stopped_is_ended(live: Any) -> None:
    with pytest.raises(AssertionError):
        await read_live(live, Source([[*BEGUN, AssertionError("held")]]))
    await StopLive(live).ask(live.record)
    await StopLive(live).at_last(live.record.id)
    await StopLive(live).at_last(live.record.id)
    assert live.asked == ["end 1", "cancel all but live chat"]
    assert live.said[-1] == "ended 1 at 4000"


async def test_another_attempt_says_its_start_and_goes_on_in_the_same_stream_time(live: Any) -> None:
    with pytest.raises(AssertionError):
        await read_live(live, Source([[*BEGUN, AssertionError("held")]]))
    live.record = live.record.at_attempt(2)
    source = Source([[passed(4000, 30_000), cut(2, 30_000), SourceEnded(32_000, 3)]])
    await read_live(live, source, attempt=2)
    assert live.said[3:] == ["started", "gap 4000 to 30000", "segment 2", "ended 2 at 32000"]
    assert source.asked[0].after == cut(1).cursor
    assert live.record.media.wall_zero_ms == WALL
    assert live.record.media.info == INFO


async def test_what_was_opened_without_a_segment_is_opened_anew(live: Any) -> None:
    """The start and its wall clock are said with the first segment."""
    with pytest.raises(AssertionError):
        await read_live(live, Source([[OPENED, PieceRead(2000), AssertionError("held")]]))
    assert live.said == []
    source = Source([[replace(OPENED, wall_zero_ms=WALL + 9000), cut(0), ENDED]])
    await read_live(live, source)
    assert live.said == ["started", "segment 0", "ended 1 at 6000"]
    assert live.record.media.wall_zero_ms == WALL + 9000


async def test_a_page_whose_playlist_ended_is_asked_once_more(live: Any) -> None:
    source = Source([[*BEGUN, ENDED], [PieceRead(6000), cut(2), ENDED], [ENDED]], page=True)
    await read_live(live, source)
    assert live.said[-2:] == ["segment 2", "ended 1 at 6000"]
    assert source.found == 3
