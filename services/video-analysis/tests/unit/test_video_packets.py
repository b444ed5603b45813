"""What packet sizes tell."""

import numpy as np
import pytest

from tldr_video_analysis.domain.pictures.video_packets import VideoPackets

# Decoding order of I P B B P B B …: each P is shown after the two B that follow it.
ORDER = [0, *(shown for group in range(20) for shown in (3 * group + 3, 3 * group + 1, 3 * group + 2))]


def packets(sizes: dict[int, int], keys: tuple[int, ...] = (0,)) -> VideoPackets:
    """61 packets at 20 a second, by number of presentation; P of 3000 bytes, B of 500, I of 30000."""
    usual = {shown: 30_000 if shown in keys else 3_000 if shown % 3 == 0 else 500 for shown in ORDER}
    return VideoPackets(
        at_us=np.array(ORDER, dtype=np.int64) * 50_000,
        size=np.array([(usual | sizes)[shown] for shown in ORDER], dtype=np.int64),
        key=np.array([shown in keys for shown in ORDER]),
        coding=np.zeros(len(ORDER), dtype=np.int64),
    )


def spikes(sizes: dict[int, int]) -> list[int]:
    found = packets(sizes)
    return [int(at) // 50_000 for at in found.at_us[found.spikes()]]


def test_activity_is_what_was_coded_for_each_second() -> None:
    second = 6 * 3_000 * 8 / 1000 + 13 * 500 * 8 / 1000
    activity = packets({}).kbit_per_second(0, 3)
    assert activity[0] == pytest.approx(second + 30_000 * 8 / 1000)
    assert activity.sum() == pytest.approx(packets({}).size[np.array(ORDER) < 60].sum() * 8 / 1000)


def test_a_keyframe_does_not_look_like_change() -> None:
    windows = np.array([0, 1_000_000]), np.array([1_000_000, 2_000_000])
    first, second = packets({}, keys=(0, 30)).change_rate(*windows, np.zeros(0, dtype=np.intp))
    assert first == pytest.approx(second, rel=0.1)


def test_a_spike_does_not_look_like_movement() -> None:
    windows = np.array([0, 1_000_000]), np.array([1_000_000, 2_000_000])
    with_cut = packets({30: 25_000})
    first, second = with_cut.change_rate(*windows, with_cut.spikes())
    assert second == pytest.approx(first, rel=0.1)


def test_a_packet_as_big_as_a_keyframe_is_a_spike() -> None:
    assert spikes({30: 25_000}) == [30]


def test_twice_the_usual_is_no_spike_nor_is_a_big_packet_among_big_ones() -> None:
    assert spikes({30: 6_000}) == []
    assert spikes(dict.fromkeys(range(15, 46, 3), 20000)) == []


def test_small_changes_of_a_still_screen_are_no_spikes() -> None:
    still = {shown: 100 for shown in ORDER if shown}
    assert spikes(still | {30: 4_000}) == []
