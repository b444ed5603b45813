"""Pieces of a live source are cut into segments: nothing is lost, nothing double."""

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest
from tests.doubles.live_pieces import (
    END,
    cut,
    cut_without_end,
    decoded,
    flv_pieces,
    gaps_of,
    hls_pieces,
    packets_in,
    segments_of,
)

from tldr_ingest.domain.live.cursor import Going, LiveCursor
from tldr_ingest.domain.live.events import LiveEvent, LiveOpened
from tldr_ingest.domain.live.feed import Piece, PieceFormat
from tldr_ingest.domain.media.source import CutSegment, Modality, SourceEnded

BOTH = (Modality.VIDEO, Modality.AUDIO)


@pytest.fixture(scope="module")
def source(recorder_in: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Twelve seconds with B-frames and AAC, a keyframe every second."""
    record = recorder_in(tmp_path_factory.mktemp("live"))
    options = {"g": "30", "bf": "2", "preset": "ultrafast"}
    path: Path = record("a.mp4", record.Picture(frames=360, options=options), record.Sound(seconds=12))
    return path


@pytest.fixture(scope="module", params=["mpegts", "fmp4", "flv", "mpegts-6s", "mpegts-anywhere", "mpegts-wraps"])
def pieces(request: pytest.FixtureRequest, source: Path, tmp_path_factory: pytest.TempPathFactory) -> list[Piece]:
    folder = tmp_path_factory.mktemp("hls") / "pieces"
    match request.param:
        case "flv":
            return flv_pieces(source, every=2)
        case "fmp4":
            return hls_pieces(source, folder, fmp4=True)
        case "mpegts-6s":
            return hls_pieces(source, folder, seconds=6)
        case "mpegts-anywhere":
            return hls_pieces(source, folder, seconds=1.3, anywhere=True)
        case "mpegts-wraps":
            # 2^33 / 90 kHz is 95,443.7 s.
            return hls_pieces(source, folder, starts_at_s=95_437)
    return hls_pieces(source, folder)


def read_as_a_recording(pieces: Sequence[Piece], source: Path, events_of: Any, folder: Path) -> Counter[Any]:
    """The packets of all of it in one."""
    whole = source
    if pieces[0].format is PieceFormat.MPEGTS:
        whole = folder / "whole.ts"
        whole.write_bytes(b"".join(piece.data for piece in pieces))
    return packets_in(events_of(whole).of(CutSegment))


def check_ranges(events: Sequence[LiveEvent]) -> None:
    segments = segments_of(events)
    assert [one.index for one in segments] == list(range(segments[0].index, segments[0].index + len(segments)))
    assert all(one.start_ms < one.end_ms for one in segments)
    assert [one.end_ms for one in segments[:-1]] == [one.start_ms for one in segments[1:]]


def test_the_segments_hold_each_packet_of_a_continuous_read_once(
    pieces: list[Piece], source: Path, events_of: Any, tmp_path: Path
) -> None:
    events = cut([*pieces, END])
    opened = events[0]
    assert isinstance(opened, LiveOpened)
    assert opened.wall_zero_ms == pieces[0].mark.wall_ms
    assert opened.info.modalities == BOTH
    check_ranges(events)
    assert gaps_of(events) == []
    found = packets_in(segments_of(events))
    assert set(found.values()) == {1}
    as_one = sorted(read_as_a_recording(pieces, source, events_of, tmp_path))
    assert len(as_one) > 900
    for (kind, at_ms, content), other in zip(sorted(found), as_one, strict=True):
        # Times that count from elsewhere may be rounded otherwise.
        assert (kind, content) == (other[0], other[2])
        assert abs(at_ms - other[1]) <= 1
    assert events[-1] == SourceEnded(12_000, len(segments_of(events)), END.code, END.reason)


def test_a_reading_goes_on_behind_each_segment_without_losing_or_doubling_a_packet(pieces: list[Piece]) -> None:
    events = cut([*pieces, END])
    whole, segments = packets_in(segments_of(events)), segments_of(events)
    for number, last in enumerate(segments[:-1]):
        cursor = LiveCursor.of_document(json.loads(json.dumps(asdict(last.cursor))))
        assert cursor == last.cursor
        rest = cut([*pieces, END], Going(cursor, cursor.end_ms, BOTH))
        check_ranges(rest)
        assert segments_of(rest)[0].start_ms == last.end_ms
        assert gaps_of(rest) == []
        assert packets_in([*segments[: number + 1], *segments_of(rest)]) == whole
        assert rest[-1] == events[-1] or segments_of(rest)[-1].end_ms == 12_000


def test_every_picture_can_be_decoded_from_where_its_segment_says(pieces: list[Piece]) -> None:
    segments = segments_of(cut([*pieces, END]))
    begins = sorted({segment.decode_from for segment in segments})
    assert begins[0] == 0
    for begin, end in zip(begins, [*begins[1:], len(segments)], strict=True):
        chain = segments[begin:end]
        assert {segment.decode_from for segment in chain} == {begin}
        assert decoded(chain) == sum(segment.video_packets for segment in chain)


@pytest.mark.parametrize(("b_frames", "segments"), [(0, 1), (2, 0)])
def test_nobody_waits_for_the_next_piece_where_the_sound_is_as_far_as_the_picture(
    record: Any, tmp_path: Path, b_frames: int, segments: int
) -> None:
    """With B-frames the sound under the last pictures comes with the next piece."""
    options = {"g": "60", "bf": str(b_frames), "preset": "ultrafast"}
    path = record("b.mp4", record.Picture(frames=180, options=options), record.Sound(seconds=6))
    first = hls_pieces(path, tmp_path / "pieces")[0]
    assert len(segments_of(cut_without_end([first]))) == segments
