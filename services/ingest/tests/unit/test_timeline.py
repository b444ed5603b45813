"""Stream time goes on whatever a source's clocks do."""

from __future__ import annotations

from tldr_ingest.domain.media.source import Modality
from tldr_ingest.domain.media.timeline import Timeline, TrackClock


def _clock(modality: Modality = Modality.VIDEO) -> TrackClock:
    return TrackClock(modality, 1, 1000)


def _play(timeline: Timeline, clock: TrackClock, start: int, count: int, step: int = 40) -> int:
    """Place packets one after the other; where the last one lies."""
    for at in range(start, start + count * step, step):
        timeline.place(clock, at, at, step)
    assert clock.last_order is not None
    return clock.last_order


def test_a_steady_track_is_left_alone() -> None:
    timeline, clock = Timeline(), _clock()
    assert _play(timeline, clock, 0, 1000) == 999 * 40
    assert (clock.shift, timeline.spliced) == (0, False)


def test_a_hole_keeps_its_length() -> None:
    timeline, clock = Timeline(zero_ms=100), _clock(Modality.AUDIO)
    _play(timeline, clock, 100, 50)
    assert _play(timeline, clock, 62_100, 50) == 62_100 + 49 * 40
    assert (clock.shift, timeline.spliced) == (0, False)


def test_a_clock_that_starts_again_goes_on_where_it_was() -> None:
    timeline, clock = Timeline(), _clock()
    _play(timeline, clock, 5_000, 100)
    assert _play(timeline, clock, 0, 100) == 5_000 + 199 * 40
    assert timeline.spliced


def test_a_jump_of_a_day_is_a_clock_that_starts_again() -> None:
    timeline, clock = Timeline(), _clock()
    _play(timeline, clock, 0, 100)
    assert _play(timeline, clock, 86_400_000, 100) == 199 * 40


def test_picture_and_sound_are_moved_by_the_same_time() -> None:
    timeline, video, audio = Timeline(), _clock(), TrackClock(Modality.AUDIO, 1, 48000)
    for second in range(10):
        _play(timeline, video, 1000 * second, 25)
        _play(timeline, audio, 48000 * second + 4800, 25, step=1920)
    for second in range(10):
        _play(timeline, video, 1000 * second, 25)
        _play(timeline, audio, 48000 * second + 4800, 25, step=1920)
    assert timeline.shift_ms == 10_000
    assert (video.shift, audio.shift) == (10_000, 480_000)


def test_sound_that_broke_off_before_the_picture_stays_in_step_with_it() -> None:
    timeline, video, audio = Timeline(), _clock(), _clock(Modality.AUDIO)
    _play(timeline, video, 0, 250)
    _play(timeline, audio, 0, 240)
    for clock in (video, audio):
        _play(timeline, clock, 0, 25)
    assert (video.shift, audio.shift) == (10_000, 10_000)


def test_a_track_that_begins_after_a_restart_is_moved_too() -> None:
    timeline, video, audio = Timeline(), _clock(), _clock(Modality.AUDIO)
    _play(timeline, video, 0, 250)
    _play(timeline, video, 0, 25)
    assert _play(timeline, audio, 0, 1) == 10_000


def test_an_advertisement_with_a_clock_of_its_own_makes_no_hole_on_the_way_back() -> None:
    timeline, clock = Timeline(), _clock()
    _play(timeline, clock, 1_000_000, 100)
    _play(timeline, clock, 0, 50)  # the advertisement
    assert _play(timeline, clock, 1_004_000, 100) == 1_000_000 + 249 * 40, "where the programme was left"
    _play(timeline, clock, 0, 50)  # another one, in place of the programme's own two seconds
    assert _play(timeline, clock, 1_010_000, 100) == 1_000_000 + 399 * 40


def test_a_real_hole_behind_a_splice_stays_one() -> None:
    timeline, clock = Timeline(), _clock()
    _play(timeline, clock, 1_000_000, 100)
    _play(timeline, clock, 0, 50)
    before = clock.last_end
    _play(timeline, clock, 300_000, 1)
    assert clock.last_end - 40 - before == 298_000


def test_a_jump_forwards_is_a_splice_where_the_coding_changes() -> None:
    timeline, video, audio = Timeline(changed=lambda _: True), _clock(), TrackClock(Modality.AUDIO, 1, 48_000)
    _play(timeline, video, 0, 100)
    _play(timeline, audio, 0, 100, step=1920)
    assert _play(timeline, video, 1_000_000, 100) == 199 * 40
    assert _play(timeline, audio, 48_000_000, 100, step=1920) == 199 * 1920
