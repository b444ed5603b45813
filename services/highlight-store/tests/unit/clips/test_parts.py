"""Which segments a clip reads."""

from tldr_highlight_store.domain.clips.cutting import SegmentPart
from tldr_highlight_store.domain.clips.parts import parts_for_clip


def part(index: int, decode_from: int | None = None) -> SegmentPart:
    start_ms = index * 4_000
    return SegmentPart(
        index, f"{index}.mp4", 0, start_ms, start_ms + 4_000, "mp4", index if decode_from is None else decode_from
    )


def needed(manifest: list[SegmentPart], start_ms: int, end_ms: int) -> list[int]:
    return [part.index for part in parts_for_clip(manifest, start_ms, end_ms)]


def test_only_the_segments_around_the_range_are_read() -> None:
    assert needed([part(i) for i in range(10)], 9_500, 18_500) == [2, 3, 4]


def test_a_neighbour_is_read_where_its_sound_may_reach_over() -> None:
    assert needed([part(i) for i in range(10)], 8_500, 15_500) == [1, 2, 3, 4]


def test_decoding_starts_where_the_first_segment_says() -> None:
    assert needed([part(0), part(1), part(2, 1), part(3, 1), part(4)], 13_500, 14_000) == [1, 2, 3]


def test_a_neighbour_is_not_decoded_for_its_own_sake() -> None:
    assert needed([part(0), part(1, 0), part(2, 0), part(3)], 12_500, 13_000) == [2, 3]


def test_the_order_of_the_manifest_does_not_matter() -> None:
    assert needed([part(i) for i in (3, 1, 2, 0)], 4_000, 8_000) == [0, 1, 2]


def test_nothing_is_read_outside_the_manifest() -> None:
    assert needed([part(0)], 90_000, 95_000) == []
