"""Which segments of a live stream may go while it runs, and what players need of those that stay."""

from dataclasses import replace
from typing import Any

import pytest

from tldr_highlight_store.domain.streams.playlist import Playable, header_length, playable
from tldr_highlight_store.domain.streams.segment import Segment
from tldr_highlight_store.domain.streams.window import GRACE_MS, Range, expendable, unbroken

MINUTE = 60_000
WINDOW = 10 * MINUTE


def segments(count: int, **decode_from: int) -> list[Segment]:
    """Of two seconds; `decode_from` maps `s5` to where decoding of segment 5 starts."""
    return [
        Segment(n, 2000 * n, 2000 * n + 2000, "b", f"{n}", 1, "mp4", 0, decode_from.get(f"s{n}", n))
        for n in range(count)
    ]


def kept(found: list[Segment], needed: list[Range] | None = None, kept_from: int = 10**9) -> list[int]:
    """The indices that stay of a stream whose segments these are, seen from its edge."""
    gone = expendable(found, edge_ms=found[-1].end_ms, window_ms=WINDOW, needed=needed or [], kept_from=kept_from)
    return sorted({one.index for one in found} - {one.index for one in gone})


WINDOW_BEGINS = 900 - (WINDOW + GRACE_MS) // 2000


def test_what_lies_before_the_window_goes() -> None:
    assert kept(segments(900)) == list(range(WINDOW_BEGINS, 900))


def test_what_a_clip_needs_stays_with_that_from_which_it_is_decoded() -> None:
    assert kept(segments(900, s402=400), [(804_500, 808_000)])[:6] == [
        400,
        401,
        402,
        403,
        WINDOW_BEGINS,
        WINDOW_BEGINS + 1,
    ]


def test_decoding_of_what_stays_is_never_cut_off() -> None:
    edge = f"s{WINDOW_BEGINS}"
    assert kept(segments(900, **{edge: WINDOW_BEGINS - 3}))[0] == WINDOW_BEGINS - 3
    assert kept(segments(900), kept_from=WINDOW_BEGINS - 5)[0] == WINDOW_BEGINS - 5


def test_nothing_is_kept_longer_than_two_windows() -> None:
    found = segments(3000)
    assert kept(found, [(0, 2**60)])[0] == 3000 - (2 * WINDOW + GRACE_MS) // 2000


@pytest.mark.parametrize(
    ("indices", "start_ms", "end_ms", "whole"),
    [
        ([], 8000, 12_000, False),
        ([4, 5, 6], 8000, 12_000, True),
        ([4, 6], 8000, 12_000, False),
        ([5, 6], 8000, 12_000, False),
        ([4, 5], 8000, 13_000, False),
        ([0, 1], 0, 4000, True),
    ],
)
def test_a_clip_is_cut_whole_or_not_at_all(indices: list[int], start_ms: int, end_ms: int, whole: bool) -> None:
    found = segments(10)
    assert unbroken([found[index] for index in indices], start_ms, end_ms) is whole


def test_a_clip_without_that_from_which_it_is_decoded_is_not_whole() -> None:
    found = segments(10, s5=4)
    assert unbroken(found[4:7], 10_000, 12_000)
    assert not unbroken(found[5:7], 10_000, 12_000)


def played(index: int) -> Playable:
    return Playable(index, 2000 * index, 2000 * index + 2000, "b", "k", 9, "mp4", 0, None)


def test_numbers_of_a_playlist_have_no_hole() -> None:
    assert [one.index for one in playable([played(n) for n in (1, 2, 5, 6, 7)])] == [5, 6, 7]
    assert playable([]) == ()


def box(kind: bytes, size: int) -> bytes:
    return size.to_bytes(4, "big") + kind + bytes(size - 8)


@pytest.mark.parametrize(
    ("head", "length"),
    [
        (box(b"ftyp", 28) + box(b"moov", 1200) + box(b"moof", 100), 1228),
        (box(b"ftyp", 28) + box(b"moov", 90_000)[:4000], 90_028),
        (box(b"ftyp", 28) + box(b"free", 16) + box(b"moov", 100) + box(b"styp", 16), 144),
        (box(b"styp", 28) + box(b"moof", 100), None),
        (box(b"ftyp", 28) + box(b"mdat", 100), None),
        (b"\x1aE\xdf\xa3" + bytes(100), None),
        (b"\0\0\0\0moov", None),
        (b"", None),
    ],
)
def test_the_header_of_a_file_ends_where_its_media_begins(head: bytes, length: int | None) -> None:
    assert header_length(head) == length


def test_the_header_of_a_real_segment_is_found(studio: Any, recording: Any) -> None:
    for part in studio.segments(recording):
        length = header_length(part.source[:4096])
        assert length
        assert part.source[length + 4 : length + 8] == b"moof"
    assert replace(played(1), init_bytes=1) != played(1)
