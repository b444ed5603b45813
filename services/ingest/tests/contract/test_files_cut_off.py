"""Files that say how long they are: whole ones have no gap, and one that was cut off has one up to where it says it ends."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import av
import pytest

from tldr_ingest.adapters.media.declared_size import declared_size
from tldr_ingest.adapters.media.segmenter_pyav import cut_source
from tldr_ingest.adapters.media.source_pyav import FileSource
from tldr_ingest.domain.media.source import ReadGap, SourceEnded, SourceInfo

_ID3 = b"ID3\x04\x00\x00\x00\x06\x00\x00" + bytes(6 << 14)
"""A tag of 96 kB, as one with a picture has."""


def _gaps(path: Path) -> list[ReadGap]:
    return [event for event in cut_source(FileSource(path)) if isinstance(event, ReadGap)]


_FORMATS: dict[str, tuple[str | None, str]] = {
    "a.flv": ("libx264", "aac"),
    "a.asf": ("mpeg4", "libmp3lame"),
    "a.mxf": ("mpeg2video", "pcm_s16le"),
    "a.mp3": (None, "libmp3lame"),
    "a.flac": (None, "flac"),
    "a.w64": (None, "pcm_s16le"),
    "a.wav": (None, "pcm_s16le"),
    "a.aiff": (None, "pcm_s16be"),
    "a.caf": (None, "pcm_s16be"),
    "a.au": (None, "pcm_s16be"),
}


@pytest.mark.parametrize(
    ("name", "tag"),
    [*((name, b"") for name in _FORMATS), ("a.mp3", _ID3), ("a.flac", _ID3)],
    ids=[*_FORMATS, "a.mp3 behind a tag", "a.flac behind a tag"],
)
def test_a_file_shorter_than_it_says_has_a_gap_and_a_whole_one_has_none(record: Any, name: str, tag: bytes) -> None:
    video, audio = _FORMATS[name]
    pictures = [] if video is None else [record.Picture(codec=video, options={"g": "30"})]
    path = record(name, *pictures, record.Sound(codec=audio))
    whole = tag + path.read_bytes()
    path.write_bytes(whole)
    assert _gaps(path) == []
    path.write_bytes(whole[: len(tag) + (len(whole) - len(tag)) * 6 // 10])
    gaps = _gaps(path)
    assert [gap.modality for gap in gaps] == ([] if video is None else ["video"]) + ["audio"]
    for gap in gaps:
        assert 5_000 < gap.start_ms < 7_000
        assert abs(gap.end_ms - 10_000) < 150
        assert gap.code == "source_truncated"


def test_a_large_form_of_wav_that_was_cut_off_has_a_gap(record: Any) -> None:
    path = record("a.wav", record.Sound(codec="pcm_s16le"), options={"rf64": "always"})
    whole = path.read_bytes()
    assert whole.startswith(b"RF64")
    assert _gaps(path) == []
    path.write_bytes(whole[: len(whole) * 6 // 10])
    (gap,) = _gaps(path)
    assert (abs(gap.start_ms - 6_000) < 50, abs(gap.end_ms - 10_000) < 50) == (True, True)


def test_a_file_that_lost_only_what_stands_behind_its_picture_and_sound_has_no_gap(record: Any) -> None:
    path = record("a.mkv", record.Picture(), record.Sound())
    whole = path.read_bytes()
    at = whole.index(b"\x18\x53\x80\x67") + 4
    path.write_bytes(whole[:at] + (1 << 56 | 2 * len(whole)).to_bytes(8) + whole[at + 8 :])
    assert _gaps(path) == []


def test_a_part_of_a_flac_file_that_kept_the_count_of_the_whole_has_no_gap(record: Any, tmp_path: Path) -> None:
    part = tmp_path / "part.flac"
    with av.open(str(record("a.flac", record.Sound(codec="flac")))) as source, av.open(str(part), "w") as output:
        target = output.add_stream_from_template(source.streams.audio[0], opaque=True)
        for packet in source.demux(audio=0):
            if packet.pts is not None and packet.pts * packet.time_base < 4:
                packet.stream = target
                output.mux(packet)
    info, *_, end = cut_source(FileSource(part))
    assert isinstance(info, SourceInfo)
    assert info.claimed_duration_ms == 10_000
    assert isinstance(end, SourceEnded)
    assert abs(end.duration_ms - 4_000) < 100
    assert _gaps(part) == []


def test_a_flash_file_whose_size_alone_is_wrong_has_no_gap(record: Any) -> None:
    path = record("a.flv", record.Picture(), record.Sound())
    data = path.read_bytes()
    at = data.index(b"filesize") + 9
    path.write_bytes(data[:at] + b"\x41\xd0" + data[at + 2 :])
    assert _gaps(path) == []


def test_an_mp3_file_without_a_count_says_nothing(record: Any) -> None:
    path = record("a.mp3", record.Sound(codec="libmp3lame"), options={"write_xing": "0"})
    path.write_bytes(path.read_bytes()[:40_000])
    assert _gaps(path) == []


@pytest.mark.parametrize("size", [0, 0x7F000008, 0x7FFFF024, 0x80000024, 0xFFFFFFFF, 0xFFFFFFF7])
def test_a_size_that_no_writer_filled_in_declares_nothing(size: int) -> None:
    assert declared_size(b"RIFF" + size.to_bytes(4, "little") + b"WAVEfmt ") is None
    assert declared_size(b"FORM" + size.to_bytes(4) + b"AIFFCOMM") is None


@pytest.mark.parametrize(
    "head",
    [
        b"FLV\x01\x05\x00\x00\x00\x09\x08filesize\x00" + bytes(8),
        b"caff\x00\x01\x00\x00data" + b"\xff" * 8,
        b"fLaC\x00\x00\x00\x22" + bytes(34),
        b".snd\x00\x00\x00\x18\xff\xff\xff\xff",
        b"\xff\xfb\x90\x00" + bytes(32) + b"Xing\x00\x00\x00\x00",
        b"caff",
        b"",
    ],
    ids=["flv", "caf", "flac", "au", "mp3", "a part of a head", "nothing"],
)
def test_a_recorder_at_work_declares_nothing(head: bytes) -> None:
    assert declared_size(head) is None


def test_a_flash_file_of_another_spelling_and_an_mp3_of_another_encoder_declare_their_size() -> None:
    flash = declared_size(b"FLV\x01\x05\x00\x00\x00\x09\x08fileSize\x00" + bytes.fromhex("41024f8000000000"))
    mpeg = declared_size(b"\xff\xfb\x90\x00" + bytes(32) + b"VBRI" + bytes(6) + (5000).to_bytes(4) + (12).to_bytes(4))
    assert flash is not None
    assert mpeg is not None
    assert (flash.size, mpeg.size) == (150_000, 5000)
