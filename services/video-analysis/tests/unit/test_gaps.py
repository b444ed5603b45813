import pytest

from tldr_video_analysis.domain.figures.figures import Modality, Span
from tldr_video_analysis.domain.streams.gap import MEDIA, Gap, inside, joined, missing, passed, uncovered, unexplained


def gap(start_ms: int, end_ms: int, modality: Modality = Modality.VIDEO, code: str = "decode_failed") -> Gap:
    return Gap(modality, start_ms, end_ms, code, "A sentence.")


def test_gaps_are_clipped_to_a_range_and_those_outside_are_left_out() -> None:
    assert inside([gap(0, 10), gap(15, 25), gap(30, 40)], 5, 20) == (gap(5, 10), gap(15, 20))


def test_what_spans_leave_uncovered_is_in_order_and_inside_the_range() -> None:
    spans = [Span(30, 40), Span(0, 12), Span(35, 50)]
    assert list(uncovered(spans, 10, 60)) == [Span(12, 30), Span(50, 60)]
    assert list(uncovered([], 10, 60)) == [Span(10, 60)]
    assert list(uncovered([Span(0, 100)], 10, 60)) == []
    assert list(uncovered([Span(70, 80)], 10, 60)) == [Span(10, 60)]


def test_what_is_known_of_the_same_modality_is_not_reported_again() -> None:
    known = [gap(5, 8), gap(0, 100, Modality.AUDIO)]
    assert unexplained([gap(0, 10)], known) == (gap(0, 5), gap(8, 10))
    assert unexplained([gap(5, 7)], known) == ()


def test_a_span_is_missing_in_each_modality() -> None:
    found = missing([Span(0, 10)], (Modality.VIDEO, Modality.AUDIO), "decode_failed", "A sentence.")
    assert found == (gap(0, 10), gap(0, 10, Modality.AUDIO))


def test_gaps_that_touch_and_have_the_same_code_are_one() -> None:
    sound = gap(0, 30, Modality.AUDIO)
    other = gap(20, 30, code="not_media")
    assert joined([gap(10, 20), other, gap(0, 10), gap(25, 30), sound]) == (sound, gap(0, 20), other, gap(25, 30))


@pytest.mark.parametrize(
    ("gaps", "until"),
    [
        ([(Modality.VIDEO, 5000, 9000), (Modality.AUDIO, 4900, 8000)], 8000),
        ([(Modality.VIDEO, 5000, 9000)], 5000),
        ([(Modality.VIDEO, 5000, 9000), (Modality.AUDIO, 6000, 9000)], 5000),
        ([(Modality.VIDEO, 5030, 9000), (Modality.AUDIO, 5030, 7000), (Modality.AUDIO, 7000, 9500)], 9000),
        ([], 5000),
    ],
)
def test_gaps_of_both_that_continue_what_was_read_take_time_along(
    gaps: list[tuple[Modality, int, int]], until: int
) -> None:
    found = [Gap(modality, start, end, "code", "A sentence.") for modality, start, end in gaps]
    assert passed(5000, found, MEDIA) == until
