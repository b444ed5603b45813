"""Where segments begin and end, without any media."""

from __future__ import annotations

import random
from collections.abc import Sequence
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tldr_ingest.adapters.media.segment_file_pyav import decoding_times
from tldr_ingest.domain.media.cutting import DecodeChain, Draft, SegmentCutter, SegmentRule, Timed


def _picture(at: int, key: bool = False, size: int = 1000, dts: int | None = None) -> Timed:
    order = at if dts is None else dts
    return Timed(None, True, key, at, order, order, at, at + 40, size)


def _sound(at: int) -> Timed:
    return Timed(None, False, True, at, at, at, at, at + 20, 100)


def _stream(keys_every: int, seconds: int = 40, lag: int = 0) -> list[Timed]:
    """25 pictures a second and sound, interleaved; the sound comes `lag` ms later than its picture."""
    pictures = [(at, 0, _picture(at, at % keys_every == 0)) for at in range(0, 1000 * seconds, 40)]
    sounds = [(at + lag, 1, _sound(at)) for at in range(0, 1000 * seconds, 20)]
    return [packet for _, _, packet in sorted(pictures + sounds, key=lambda entry: entry[:2])]


def _cut(packets: Sequence[Timed], rule: SegmentRule | None = None, **start: int) -> list[Draft]:
    video = any(packet.video for packet in packets)
    audio = any(not packet.video for packet in packets)
    cutter = SegmentCutter(rule or SegmentRule(), video, audio, **start)
    drafts = [draft for packet in packets for draft in cutter.add(packet)]
    return drafts + cutter.finish()


@pytest.mark.parametrize(
    ("keys_every", "length"),
    [(1000, 4000), (2000, 4000), (3000, 3000), (4000, 4000), (5000, 5000), (10_000, 10_000), (480, 3840)],
)
def test_a_segment_ends_at_the_keyframe_nearest_to_four_seconds(keys_every: int, length: int) -> None:
    drafts = _cut(_stream(keys_every))
    assert [draft.end_ms - draft.start_ms for draft in drafts[:-1]] == [length] * (len(drafts) - 1)


def test_without_a_keyframe_it_ends_at_twelve_seconds() -> None:
    drafts = _cut(_stream(10**9))
    assert [draft.start_ms for draft in drafts] == [0, 12_000, 24_000, 36_000]
    chain = DecodeChain()
    assert [chain.decode_from(draft) for draft in drafts] == [0, 0, 0, 0]


def test_a_keyframe_after_a_forced_end_begins_anew() -> None:
    packets = [_picture(at, at in (0, 20_000)) for at in range(0, 30_000, 40)]
    drafts = _cut(packets)
    assert [draft.start_ms for draft in drafts] == [0, 12_000, 20_000]
    chain = DecodeChain()
    assert [chain.decode_from(draft) for draft in drafts] == [0, 0, 2]


def test_it_ends_before_it_grows_too_large() -> None:
    packets = [_picture(at, at == 0, size=1 << 20) for at in range(0, 4000, 40)]
    drafts = _cut(packets)
    assert all(draft.size <= 16 << 20 for draft in drafts)
    assert [draft.pictures for draft in drafts] == [16] * 6 + [4]


@pytest.mark.parametrize("lag", [-1500, -300, 0, 300, 1500])
def test_sound_lies_with_its_pictures_however_it_is_interleaved(lag: int) -> None:
    for draft in _cut(_stream(2000, lag=lag)):
        assert all(draft.start_ms <= packet.start_ms < draft.end_ms for packet in draft.packets)


def test_sound_that_lags_too_far_is_not_waited_for() -> None:
    drafts = _cut(_stream(2000, lag=5000))
    assert [draft.start_ms for draft in drafts] == list(range(0, 40_000, 4000))
    assert sum(not packet.video for draft in drafts for packet in draft.packets) == 2000


def test_pictures_shown_before_their_keyframe_move_the_boundary() -> None:
    packets: list[Timed] = []
    for group in range(5):
        at = 4000 * group
        # Read order of an open GOP: the keyframe, then two pictures that are shown before it.
        packets.append(_picture(at, key=True, dts=at - 80))
        if group:
            packets += [_picture(at - 80, dts=at - 40), _picture(at - 40, dts=at)]
        packets += [_picture(at + step, dts=at + step) for step in range(40, 3920, 40)]
    drafts = _cut(packets)
    assert [draft.start_ms for draft in drafts] == [0, 3920, 7920, 11_920, 15_920]
    chain = DecodeChain()
    assert [chain.decode_from(draft) for draft in drafts] == [0, 0, 1, 2, 3]
    assert all(draft.packets[0].key for draft in drafts)


def test_pictures_that_stop_do_not_keep_a_segment_open() -> None:
    packets = [packet for packet in _stream(2000, seconds=60) if not packet.video or packet.start_ms < 10_000]
    drafts = _cut(packets)
    assert all(draft.end_ms - draft.start_ms <= 14_000 for draft in drafts)
    assert [draft.pictures > 0 for draft in drafts][-1] is False


def test_sound_alone_is_cut_at_four_seconds() -> None:
    drafts = _cut([_sound(at) for at in range(0, 10_000, 20)])
    assert [(draft.start_ms, draft.end_ms) for draft in drafts] == [(0, 4000), (4000, 8000), (8000, 10_000)]


def test_a_hole_does_not_make_empty_segments() -> None:
    packets = [packet for packet in _stream(2000) if not 9000 <= packet.start_ms < 30_000]
    drafts = _cut(packets)
    assert all(draft.packets for draft in drafts)
    assert all(before.end_ms == after.start_ms for before, after in pairwise(drafts))


def test_packets_that_all_lie_far_apart_are_cut_one_by_one() -> None:
    packets = [_sound(0), *(_picture(20_000 * number, key=True) for number in range(3000))]
    assert len(_cut(packets)) == 3000


def test_times_that_make_no_sense_come_to_an_end() -> None:
    packets = [_sound(500_000), _picture(100_000, dts=-9000), _picture(-5000, dts=-8000), _picture(200_000, dts=0)]
    drafts = _cut(packets)
    assert sum(len(draft.packets) for draft in drafts) == 4


@given(st.lists(st.tuples(st.booleans(), st.integers(-30_000, 60_000), st.integers(-30_000, 60_000)), max_size=80))
@settings(deadline=None)
def test_any_times_come_to_an_end(times: list[tuple[bool, int, int]]) -> None:
    packets = [_picture(at, at % 3 == 0, dts=dts) if video else _sound(at) for video, at, dts in times]
    drafts = _cut(packets)
    assert sum(len(draft.packets) for draft in drafts) == len(packets)
    assert all(before.end_ms == after.start_ms for before, after in pairwise(drafts))


def _jittered(seed: int) -> list[Timed]:
    draw = random.Random(seed)
    at, packets = 0, []
    for number in range(600):
        at += draw.choice((1, 10, 40, 40, 40, 500, 3000))
        if draw.random() < 0.5:
            packets.append(_picture(at, number == 0 or draw.random() < 0.1, draw.choice((100, 10_000, 200_000))))
        else:
            packets.append(_sound(max(0, at + draw.randrange(-1500, 1500))))
    return packets


@given(st.integers(0, 10**6))
@settings(max_examples=60, deadline=None)
def test_every_packet_is_in_one_segment_and_ranges_are_contiguous(seed: int) -> None:
    packets = _jittered(seed)
    drafts = _cut(packets, SegmentRule(max_bytes=400_000))
    found = [id(packet) for draft in drafts for packet in draft.packets]
    assert sorted(found) == sorted(id(packet) for packet in packets)
    assert [draft.index for draft in drafts] == list(range(len(drafts)))
    assert all(before.end_ms == after.start_ms for before, after in pairwise(drafts))
    assert all(draft.start_ms < draft.end_ms for draft in drafts)
    in_order = [id(packet) for draft in drafts for packet in draft.packets if packet.video]
    assert in_order == [id(packet) for packet in packets if packet.video]


def test_a_cutter_that_starts_at_a_boundary_draws_the_same_boundaries() -> None:
    packets = _stream(1920, lag=700)
    drafts = _cut(packets)
    for draft in drafts[:-1]:
        rest = [packet for packet in packets if packet.start_ms >= draft.end_ms]
        again = _cut(rest, index=draft.index + 1, start_ms=draft.end_ms)
        assert [(one.start_ms, one.end_ms, one.packets) for one in again] == [
            (one.start_ms, one.end_ms, one.packets) for one in drafts[draft.index + 1 :]
        ]


def _raw(pts: int, dts: int | None) -> Timed:
    return Timed(None, True, False, pts, dts, dts, pts, pts, 1)


@pytest.mark.parametrize(
    "packets",
    [
        [_raw(0, 0), _raw(3, 0), _raw(1, 1), _raw(2, 2)],
        [_raw(0, None), _raw(3, None), _raw(1, None), _raw(2, None)],
        [_raw(5, 9), _raw(6, 10)],
        [_raw(4, 4), _raw(4, 4), _raw(4, 3)],
    ],
)
def test_unusable_decoding_times_are_made_up(packets: list[Timed]) -> None:
    times = decoding_times(packets)
    assert all(before < after for before, after in pairwise(times))
    assert all(dts <= packet.pts for dts, packet in zip(times, packets, strict=True))


def test_usable_decoding_times_are_kept() -> None:
    assert decoding_times([_raw(0, -2), _raw(3, -1), _raw(1, 0), _raw(2, 1)]) == [-2, -1, 0, 1]
