"""What files leave out is a gap of the right seconds, whatever their container, also when their reading was interrupted."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import av
import pytest

from tldr_ingest.adapters.media.segmenter_pyav import cut_source
from tldr_ingest.adapters.media.source_pyav import FileSource
from tldr_ingest.domain.media.source import CutSegment, ReadGap

CONTAINERS = ("mkv", "ts", "mp4", "flv")
SIZE = {"width": 64, "height": 48}


@pytest.fixture(scope="module")
def record(tmp_path_factory: pytest.TempPathFactory, recorder_in: Callable[[Path], Any]) -> Any:
    return recorder_in(tmp_path_factory.mktemp("recordings"))


@pytest.fixture(scope="module", params=CONTAINERS)
def whole(request: pytest.FixtureRequest, record: Any) -> Path:
    return Path(record(f"whole.{request.param}", record.Picture(**SIZE, frames=510), record.Sound(seconds=17)))


def _without(path: Path, target: Path, start_s: float, end_s: float, *kinds: str) -> Path:
    """Copy packets but those of these seconds."""
    with av.open(str(path)) as source, av.open(str(target), "w") as output:
        first_s = (source.start_time or 0) / 1_000_000
        targets = [output.add_stream_from_template(stream, opaque=True) for stream in source.streams]
        for packet in source.demux():
            if not packet.size or packet.pts is None:
                continue
            at = float(packet.pts * packet.time_base) - first_s + 0.001
            if start_s <= at < end_s and (not kinds or packet.stream.type in kinds):
                continue
            packet.stream = targets[packet.stream_index]
            output.mux(packet)
    return target


def _events(path: Path, after: Any = None) -> list[Any]:
    return list(cut_source(FileSource(path), after=after))


def _gaps(path: Path) -> list[ReadGap]:
    return sorted((event for event in _events(path) if isinstance(event, ReadGap)), key=lambda gap: gap.modality)


def _about(gap: ReadGap) -> tuple[str, int, int, str]:
    """Times to the nearest 50 ms: packets of sound do not begin with the second."""
    return gap.modality, round(gap.start_ms / 50) * 50, round(gap.end_ms / 50) * 50, gap.code


@pytest.mark.parametrize("seconds", [1, 2, 4, 9, 11])
def test_a_hole_is_a_gap_of_picture_and_sound(whole: Path, tmp_path: Path, seconds: int) -> None:
    found = _gaps(_without(whole, tmp_path / whole.name, 5, 5 + seconds))
    end_ms = 5000 + 1000 * seconds
    assert [_about(gap) for gap in found] == [
        ("audio", 5000, end_ms, "timestamp_jump"),
        ("video", 5000, end_ms, "timestamp_jump"),
    ]
    assert all(f"{seconds}.0 s" in gap.reason for gap in found)


def test_a_pause_of_sound_is_a_gap_of_sound_only(whole: Path, tmp_path: Path) -> None:
    found = _gaps(_without(whole, tmp_path / whole.name, 5, 7, "audio"))
    assert [_about(gap) for gap in found] == [("audio", 5000, 7000, "timestamp_jump")]


@pytest.mark.parametrize("kind", ["audio", "video"])
def test_a_track_that_begins_late_is_a_gap_from_the_start(whole: Path, tmp_path: Path, kind: str) -> None:
    found = _gaps(_without(whole, tmp_path / whole.name, -1, 6, kind))
    assert [_about(gap) for gap in found] == [(kind, 0, 6000, "track_starts_late")]


def test_sound_that_ends_early_is_a_gap_to_the_end(whole: Path, tmp_path: Path) -> None:
    found = _gaps(_without(whole, tmp_path / whole.name, 6, 99, "audio"))
    assert [_about(gap) for gap in found] == [("audio", 6000, 17_000, "track_ends_early")]


@pytest.mark.parametrize("name", ["a.mkv", "a.ts", "a.mp4"])
def test_pictures_that_stay_are_no_gap(record: Any, name: str) -> None:
    sound = record.Sound(seconds=20)
    slides = record.Picture(**SIZE, frames=5, at=lambda n: 120 * n, options={"bf": "0"})
    still = record.Picture(**SIZE, frames=1)
    changing = record.Picture(**SIZE, frames=240, at=lambda n: n + 150 * (n > 60) + 90 * (n > 120) + 120 * (n > 180))
    for picture in (slides, still, changing):
        assert _gaps(record(name, picture, sound)) == []


@pytest.mark.parametrize("hole", [(5, 6, ()), (6.5, 11, ("audio",)), (-1, 9, ("audio",)), (3, 99, ("audio",))])
def test_an_interrupted_reading_finds_each_gap_once(
    whole: Path, tmp_path: Path, hole: tuple[float, float, tuple[str, ...]]
) -> None:
    start_s, end_s, kinds = hole
    path = _without(whole, tmp_path / whole.name, start_s, end_s, *kinds)
    events = _events(path)
    for place, event in enumerate(events):
        if isinstance(event, CutSegment):
            assert _events(path, event.cursor)[1:] == events[place + 1 :]
