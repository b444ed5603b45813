"""Sizes of packets are brought to one level."""

import numpy as np
import pytest

from tldr_video_analysis.domain.pictures.coded_levels import CodedLevels, coded_levels


def levels(sizes: list[int], coding: list[int], keys: tuple[int, ...] = (), apart_us: int = 500_000) -> CodedLevels:
    at = np.arange(len(sizes), dtype=np.int64) * apart_us
    key = np.isin(np.arange(len(sizes)), keys)
    return coded_levels(at, np.array(sizes), key, np.array(coding))


def test_sizes_of_one_coding_stay_as_they_are() -> None:
    found = levels([100, 900, 100, 500], [0, 0, 0, 0])
    assert found.whole.tolist() == found.moving.tolist() == [1.0] * 4


def test_what_follows_a_change_is_worth_what_came_before() -> None:
    found = levels([100] * 4 + [400] * 4, [0] * 4 + [1] * 4)
    assert found.whole.tolist() == [1.0] * 4 + [0.25] * 4


def test_changes_add_up_and_a_return_is_a_change() -> None:
    found = levels([100] * 4 + [400] * 4 + [50] * 4 + [100] * 4, [0] * 4 + [1] * 4 + [2] * 4 + [0] * 4)
    assert found.whole[::4].tolist() == pytest.approx([1.0, 0.25, 2.0, 1.0])


def test_keyframes_count_by_their_usual_distance_however_many_are_near() -> None:
    sizes = [1000, 10, 10, 10] * 2 + [500, 5, 5, 5, 500]
    found = levels(sizes, [0] * 8 + [1] * 5, keys=(0, 4, 8, 12))
    assert found.whole[8:].tolist() == pytest.approx([2.0] * 5, rel=0.1)


def test_keyframes_and_the_packets_between_them_need_not_change_alike() -> None:
    sizes = [1000, 10, 10, 10] * 2 + [200, 10, 10, 10] * 2
    found = levels(sizes, [0] * 8 + [1] * 8, keys=(0, 4, 8, 12))
    assert found.moving[-1] == pytest.approx(1.0)
    assert found.whole[-1] == pytest.approx(1030 / 230, rel=0.02)


def test_only_what_is_near_counts_and_a_hole_is_no_time_in_which_nothing_was_coded() -> None:
    far = levels([9_000] * 10 + [100] * 10 + [200] * 10, [0] * 20 + [1] * 10, apart_us=1_000_000)
    assert far.whole[-1] == pytest.approx(0.5)
    at = np.array([0, 1, 2, 3, 12, 13, 14, 15], dtype=np.int64) * 1_000_000
    found = coded_levels(at, np.full(8, 100), np.zeros(8, np.bool_), np.array([0, 0, 1, 1, 1, 1, 1, 1]))
    assert found.whole[-1] == pytest.approx(1.0, rel=0.3)


def test_a_picture_that_stands_still_behind_the_change_is_not_made_up_for() -> None:
    assert levels([5000] * 4 + [5] * 4, [0] * 4 + [1] * 4).whole[-1] == 8.0
    assert levels([5] * 4 + [5000] * 4, [0] * 4 + [1] * 4).whole[-1] == 1 / 8


def test_a_coding_of_which_nothing_is_known_keeps_its_sizes() -> None:
    assert levels([0, 0, 50, 50], [0, 0, 1, 1]).whole.tolist() == [1.0] * 4
    assert levels([50], [0]).whole.tolist() == [1.0]
    assert levels([], []).whole.tolist() == []
