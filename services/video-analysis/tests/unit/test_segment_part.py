"""Which seconds belong to a segment."""

from itertools import pairwise

from tldr_video_analysis.domain.segments.part import seconds_starting_in


def test_a_second_belongs_to_the_segment_in_which_it_starts() -> None:
    edges = [0, 3999, 4000, 8001, 12_345]
    seconds = [list(seconds_starting_in(start, end)) for start, end in pairwise(edges)]
    assert seconds == [[0, 1, 2, 3], [], [4, 5, 6, 7, 8], [9, 10, 11, 12]]
