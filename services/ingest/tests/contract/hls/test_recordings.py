"""HLS recordings: splices are joined without a hole, what is missing is a gap of every track, and reading goes on anywhere."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import av
import pytest

from tldr_ingest.adapters.live.recordings import read_playlist
from tldr_ingest.adapters.reading.places import GuardedAddress
from tldr_ingest.domain.errors import PlaylistWithoutEnd, SourceChanged
from tldr_ingest.domain.media.source import CutSegment, ReadGap, SourceEnded, SourceEvent, SourceInfo
from tldr_outbound import AddressPolicy, ReadingLimits, SourceUnavailable
from tldr_standins.hls_origin import HlsOrigin

LIMITS = ReadingLimits(connect_s=1.0, read_s=1.0)


def recorded(**about: Any) -> HlsOrigin:
    """Twelve seconds that are over."""
    usual: dict[str, Any] = {"kind": "VOD", "segment_s": 1.0, "ahead": 12, "ends_after": 12, "dated": False}
    return HlsOrigin(**(usual | about))


def read(origin: HlsOrigin, after: CutSegment | None = None) -> list[SourceEvent]:
    place = GuardedAddress(origin.url, AddressPolicy(allow_loopback=True), LIMITS)
    cursor: Any = after.cursor if after else None
    return list(read_playlist(place, cursor, 1080))


def segments_of(events: list[SourceEvent]) -> list[CutSegment]:
    return [event for event in events if isinstance(event, CutSegment)]


def gaps_of(events: list[SourceEvent]) -> dict[str, list[tuple[Any, Any, str]]]:
    """By modality: from, to, code."""
    found: dict[str, list[tuple[Any, Any, str]]] = {"video": [], "audio": []}
    for event in events:
        if isinstance(event, ReadGap):
            found[event.modality].append((event.start_ms, event.end_ms, event.code))
    return found


def duration_of(events: list[SourceEvent]) -> int:
    (end,) = [event for event in events if isinstance(event, SourceEnded)]
    return end.duration_ms


def packets_of(segment: CutSegment) -> list[tuple[int | None, int | None, bytes]]:
    with av.open(io.BytesIO(segment.data), "r") as movie:
        return [(packet.pts, packet.dts, bytes(packet)) for packet in movie.demux() if packet.size]


def told_of(events: list[SourceEvent]) -> list[object]:
    """Everything of the segments, their packets in place of the file."""
    return [(replace(segment, data=b""), packets_of(segment)) for segment in segments_of(events)]


@pytest.fixture
def plain() -> Iterator[HlsOrigin]:
    with recorded() as origin:
        yield origin


def test_a_playlist_is_its_segments(plain: HlsOrigin) -> None:
    events = read(plain)
    info = events[0]
    assert isinstance(info, SourceInfo)
    assert (info.format, info.claimed_duration_ms, set(info.modalities)) == ("hls", 12_000, {"video", "audio"})
    assert sum(segment.video_packets for segment in segments_of(events)) == 240
    assert duration_of(events) == pytest.approx(12_000, abs=50)
    assert gaps_of(events) == {"video": [], "audio": []}
    assert {segment.wall_clock_ms for segment in segments_of(events)} == {0}


@pytest.mark.parametrize("longer_ms", [0, 150])
def test_advertisements_that_nobody_names_leave_no_hole(longer_ms: int) -> None:
    with recorded(marks_ads="", longer_ms=longer_ms) as origin:
        origin.advertise(5, 3)
        events = read(origin)
    assert gaps_of(events) == {"video": [], "audio": []}
    assert duration_of(events) == pytest.approx(12_000, abs=100)


def test_dates_that_leap_leave_no_hole_either() -> None:
    with recorded(dated=True, ahead=12) as origin:
        origin.programme.hang(3_600_000, jump=False)
        origin.programme.begins_ms -= 3_600_000
        origin.programme._wall_ms -= 2 * 3_600_000
        events = read(origin)
    assert gaps_of(events) == {"video": [], "audio": []}


def test_advertisements_that_are_named_are_gaps_as_long_as_they_are() -> None:
    with recorded(marks_ads="title") as origin:
        origin.advertise(5, 3)
        events = read(origin)
    expected = [(pytest.approx(5_000, abs=60), pytest.approx(8_000, abs=60), "advertisement")]
    assert gaps_of(events) == {"video": expected, "audio": expected}
    assert duration_of(events) == pytest.approx(12_000, abs=100)


def test_a_segment_that_is_missing_is_a_gap_of_both_tracks(plain: HlsOrigin) -> None:
    plain.refuse(6)
    events = read(plain)
    expected = [(pytest.approx(6_000, abs=60), pytest.approx(7_000, abs=60), "segment_missing")]
    assert gaps_of(events) == {"video": expected, "audio": expected}
    assert sum(segment.video_packets for segment in segments_of(events)) == 220


def test_it_goes_on_behind_any_segment_as_if_it_had_not_stopped(plain: HlsOrigin) -> None:
    plain.refuse(6)
    plain.splice(9)
    whole = read(plain)
    for stored in segments_of(whole)[:-1]:
        rest = read(plain, stored)
        assert isinstance(rest[0], SourceInfo)
        assert told_of(rest) == told_of(whole)[stored.index + 1 :]
        late = {kind: [gap for gap in gaps if gap[0] >= stored.end_ms] for kind, gaps in gaps_of(whole).items()}
        assert gaps_of(rest) == late
        assert duration_of(rest) == duration_of(whole)


def test_another_recording_under_the_same_address_is_found_out(plain: HlsOrigin) -> None:
    stored = segments_of(read(plain))[0]
    with recorded(one_name="other", first_timestamp_s=50.0) as origin, pytest.raises(SourceChanged):
        read(origin, stored)


def test_a_playlist_without_an_end_is_live(origin: HlsOrigin) -> None:
    with pytest.raises(PlaylistWithoutEnd, match="live source"):
        read(origin)


@pytest.mark.long
def test_a_server_that_is_away_is_no_hole(plain: HlsOrigin) -> None:
    for sequence in range(3, 12):
        plain.refuse(sequence, status=503)
    with pytest.raises(SourceUnavailable):
        read(plain)
