"""The figures do not depend on where the stream was cut into segments."""

import io
from collections.abc import Callable
from typing import Any

import av
import numpy as np
import pytest
from numpy.typing import NDArray

from tldr_video_analysis.adapters.analysis.segment_analyser_pyav import analyse
from tldr_video_analysis.domain.analysis.settings import AnalysisSettings
from tldr_video_analysis.domain.figures import signal_names
from tldr_video_analysis.domain.figures.figures import Figures
from tldr_video_analysis.domain.segments.part import SegmentPart, seconds_starting_in

Render = Callable[..., list[SegmentPart]]
THOROUGH = AnalysisSettings(thorough=True)
SECONDS = 10
CUTS_S = (3.0, 5.48, 8.2)
TOLERANCE = {
    signal_names.MOTION: 0.5,
    signal_names.LOUDNESS: 0.2,
    signal_names.ONSETS: 0.02,
    signal_names.CROWD: 0.5,
    # The detector adapts to what it heard before; a second of lead-in does not make up for all of it.
    signal_names.SPEECH: 0.35,
}


def sound(at: NDArray[np.float64]) -> NDArray[np.float64]:
    noise = np.random.default_rng(5).normal(0, 0.01, (2, len(at)))
    voice = sum((np.sin(2 * np.pi * 140 * k * at) / k for k in range(1, 20)), np.zeros(len(at)))
    return noise * (1.0 + 3.0 * (at % 3 > 2)) + 0.1 * voice * (at % 1 < 0.5)


def split_after(part: SegmentPart, at_s: float) -> list[SegmentPart]:
    """Two parts, the second without a keyframe."""
    assert isinstance(part.source, bytes)
    with av.open(io.BytesIO(part.source), "r") as source:
        stream = source.streams.video[0]
        packets = [packet for packet in source.demux(stream) if packet.size]
        files = [io.BytesIO(), io.BytesIO()]
        outs = [av.open(file, "w", format="matroska") for file in files]
        for out in outs:
            out.add_stream_from_template(stream)
        for packet in packets:
            out = outs[float(packet.dts * packet.time_base) >= at_s]  # type: ignore[operator]
            packet.stream = out.streams.video[0]
            out.mux(packet)
        for out in outs:
            out.close()
    edge = round(1000 * at_s)
    return [
        SegmentPart(0, 0, edge, 0, True, False, files[0].getvalue()),
        SegmentPart(1, edge, part.end_ms, 0, True, False, files[1].getvalue()),
    ]


@pytest.fixture(scope="module")
def drawn(clip: Any, scene: Callable[..., NDArray[np.uint8]]) -> Any:
    def picture(at: float) -> NDArray[np.uint8]:
        fast = at // 4 + max(at % 4 - 3, 0.0)
        return scene(int(np.searchsorted(CUTS_S, at + 1e-6, "right")), 20 * at + 60 * fast)

    return clip(seconds=SECONDS, picture=picture, sound=sound, keyframe_every=40)


def close(first: Figures, second: Figures) -> None:
    assert first.series.keys() == second.series.keys() == {*signal_names.VIDEO, *signal_names.AUDIO}
    for name in first.series:
        expected = pytest.approx(first.series[name], abs=TOLERANCE.get(name, 1e-3), nan_ok=True)
        assert second.series[name] == expected, name


@pytest.mark.parametrize("settings", [THOROUGH, AnalysisSettings()], ids=["thorough", "cheap"])
def test_one_part_and_several_give_the_same_figures(drawn: Any, parts_of: Render, settings: AnalysisSettings) -> None:
    whole, cut = parts_of(drawn, every_s=100.0), parts_of(drawn, every_s=3.0)
    assert (len(whole), len(cut)) == (1, 4)
    one, several = analyse(whole, 0, SECONDS, settings), analyse(cut, 0, SECONDS, settings)
    close(one, several)
    assert one.cuts_ms == several.cuts_ms
    assert one.gaps == several.gaps == ()


def test_batches_that_overlap_by_a_neighbour_give_the_figures_of_the_whole(drawn: Any, parts_of: Render) -> None:
    parts = parts_of(drawn, every_s=3.0)
    whole = analyse(parts, 0, SECONDS, THOROUGH)
    batches = []
    for index, part in enumerate(parts):
        seconds = seconds_starting_in(part.start_ms, part.end_ms)
        neighbours = parts[max(index - 1, 0) : index + 2]
        batches.append(analyse(neighbours, seconds.start, min(seconds.stop, SECONDS), THOROUGH))
    series = {name: np.concatenate([batch.series[name] for batch in batches]) for name in whole.series}
    close(whole, Figures(0, SECONDS, series))
    assert tuple(at for batch in batches for at in batch.cuts_ms) == whole.cuts_ms


def test_every_planted_cut_is_found_to_the_frame(drawn: Any, parts_of: Render) -> None:
    figures = analyse(parts_of(drawn), 0, SECONDS, THOROUGH)
    assert figures.cuts_ms == pytest.approx([1000 * at for at in CUTS_S], abs=1)
    assert figures.series[signal_names.CUTS].tolist() == [0, 0, 0, 1, 0, 1, 0, 0, 1, 0]


def test_an_offset_moves_everything(drawn: Any, parts_of: Render) -> None:
    parts = parts_of(drawn, every_s=100.0)
    moved = [
        SegmentPart(part.index, part.start_ms + 7000, part.end_ms + 7000, 7000, True, True, part.source)
        for part in parts
    ]
    # From second 2 on, so that the speech detector hears the same lead-in.
    before, after = analyse(parts, 2, SECONDS, THOROUGH), analyse(moved, 9, 7 + SECONDS, THOROUGH)
    close(before, after)
    assert tuple(at - 7000 for at in after.cuts_ms) == before.cuts_ms


def test_matroska_parts_give_the_figures_of_mp4_parts(drawn: Any, parts_of: Render) -> None:
    mp4, matroska = (analyse(parts_of(drawn, 3.0, form), 0, SECONDS, THOROUGH) for form in ("mp4", "matroska"))
    for name in (signal_names.MOTION, signal_names.LOUDNESS):
        assert matroska.series[name] == pytest.approx(mp4.series[name], abs=TOLERANCE[name]), name
    assert matroska.cuts_ms == pytest.approx(mp4.cuts_ms, abs=1)


def test_a_part_without_a_keyframe_is_decoded_from_an_earlier_one(
    clip: Any, parts_of: Render, scene: Callable[..., NDArray[np.uint8]]
) -> None:
    parts = parts_of(clip(seconds=4, picture=lambda at: scene(1, 50 * at), keyframe_every=1000), every_s=100.0)
    keyless = split_after(parts[0], 2.0)
    for settings in (THOROUGH, AnalysisSettings()):
        with_start, without = analyse(keyless, 2, 4, settings), analyse(keyless[1:], 2, 4, settings)
        assert (with_start.series[signal_names.MOTION] > 10).all()
        assert with_start.gaps == ()
        assert np.isnan(without.series[signal_names.MOTION]).all()
        assert [(gap.start_ms, gap.end_ms, gap.code) for gap in without.gaps] == [(2000, 4000, "no_keyframe")]
