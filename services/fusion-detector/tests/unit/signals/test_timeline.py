import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tldr_fusion_detector.domain.signals.signals import Modality
from tldr_fusion_detector.domain.signals.timeline import Gap, Piece, Timeline, assemble


def _piece(start_s: int, *values: float) -> Piece:
    return Piece("chat.rate", start_s, np.array(values))


def test_seconds_nobody_measured_are_missing() -> None:
    timeline = assemble(5, [_piece(1, 2.0, 3.0)])
    np.testing.assert_array_equal(timeline.series["chat.rate"], [np.nan, 2, 3, np.nan, np.nan])


def test_seconds_outside_the_stream_are_dropped() -> None:
    timeline = assemble(2, [_piece(-1, 9.0, 1.0), _piece(1, 2.0, 9.0), _piece(7, 9.0)])
    np.testing.assert_array_equal(timeline.series["chat.rate"], [1, 2])


def test_an_infinite_figure_is_no_figure() -> None:
    assert np.isnan(assemble(1, [_piece(0, np.inf)]).series["chat.rate"]).all()


@given(st.permutations(range(6)))
def test_pieces_give_the_same_timeline_in_any_order_and_when_repeated(order: list[int]) -> None:
    pieces = [_piece(0, 1, 2), _piece(2, 3, 4), _piece(1, 7, np.nan, 9), _piece(1, 6), _piece(4, 5), _piece(4, 5)]
    expected = assemble(6, pieces).series["chat.rate"]
    np.testing.assert_array_equal(assemble(6, [pieces[i] for i in order]).series["chat.rate"], expected)
    np.testing.assert_array_equal(expected, [1, 7, 3, 4, 5, np.nan])


def test_a_gap_hides_the_seconds_it_covers_by_half_and_only_its_modality() -> None:
    series = {"chat.rate": np.ones(5), "audio.loudness": np.ones(5)}
    timeline = Timeline(5, series, (Gap(Modality.CHAT, 1500, 3400),))
    np.testing.assert_array_equal(timeline.values("chat.rate"), [1, np.nan, np.nan, 1, 1])
    np.testing.assert_array_equal(timeline.values("audio.loudness"), np.ones(5))


def test_a_gap_of_a_moment_hides_nothing() -> None:
    timeline = Timeline(2, {"chat.rate": np.ones(2)}, (Gap(Modality.CHAT, 900, 1300),))
    np.testing.assert_array_equal(timeline.values("chat.rate"), np.ones(2))


def test_series_of_another_length_are_refused() -> None:
    with pytest.raises(ValueError, match=r"chat\.rate"):
        Timeline(5, {"chat.rate": np.ones(4)})


def test_a_stream_as_it_was_known_earlier() -> None:
    timeline = Timeline(5, {"chat.rate": np.arange(5.0)}, (Gap(Modality.CHAT, 2000, 4000),), (1000, 4500), ((0, 9000),))
    earlier = timeline.until(3)
    assert earlier.gaps == (Gap(Modality.CHAT, 2000, 3000),)
    assert (earlier.cuts_ms, earlier.pauses, earlier.length_s) == ((1000,), ((0, 3000),), 3)
