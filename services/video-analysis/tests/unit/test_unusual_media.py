"""Media that is broken, incomplete or not of the usual kind."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from tldr_video_analysis.adapters.analysis.segment_analyser_pyav import analyse
from tldr_video_analysis.domain.analysis.analyser import PartUnavailable
from tldr_video_analysis.domain.analysis.settings import AnalysisSettings
from tldr_video_analysis.domain.figures import signal_names
from tldr_video_analysis.domain.figures.figures import Modality
from tldr_video_analysis.domain.segments.part import SegmentPart

Render = Callable[..., list[SegmentPart]]
Scene = Callable[..., NDArray[np.uint8]]
CHEAP, THOROUGH = AnalysisSettings(), AnalysisSettings(thorough=True)


def tone(at: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.tile(0.07 * np.sin(2 * np.pi * 997 * at), (2, 1))


def channels(count: int) -> Callable[[NDArray[np.float64]], NDArray[np.float64]]:
    return lambda at: np.tile(0.07 * np.sin(2 * np.pi * 997 * at), (count, 1))


def test_without_sound_there_are_no_audio_series(clip: Any, parts_of: Render, scene: Scene) -> None:
    figures = analyse(parts_of(clip(seconds=2, picture=lambda at: scene(1))), 0, 2, CHEAP)
    assert set(figures.series) == set(signal_names.VIDEO)
    assert (figures.pauses, figures.gaps) == ((), ())


def test_without_a_picture_there_are_no_video_series(clip: Any, parts_of: Render) -> None:
    figures = analyse(parts_of(clip(seconds=3, sound=tone)), 0, 3, CHEAP)
    assert set(figures.series) == set(signal_names.AUDIO)
    assert figures.series[signal_names.LOUDNESS] == pytest.approx([-23.1] * 3, abs=0.3)


def test_silence_has_figures_and_is_one_pause(clip: Any, parts_of: Render) -> None:
    figures = analyse(parts_of(clip(seconds=3, sound=lambda at: np.zeros((2, len(at))))), 0, 3, CHEAP)
    assert (figures.series[signal_names.LOUDNESS] == -70.0).all()
    assert (figures.series[signal_names.CROWD] == -70.0).all()
    assert (figures.series[signal_names.SPEECH] == 0.0).all()
    assert [pause.start_ms for pause in figures.pauses] == [0]
    assert figures.pauses[0].end_ms == pytest.approx(3000, abs=100)


@pytest.mark.parametrize(("layout", "count", "lufs"), [("mono", 1, -26.1), ("stereo", 2, -23.1), ("5.1", 6, -18.5)])
def test_channels_are_summed_as_the_standard_says(
    clip: Any, parts_of: Render, layout: str, count: int, lufs: float
) -> None:
    drawn = clip(seconds=2, sound=channels(count), layout=layout, audio_codec="flac")
    figures = analyse(parts_of(drawn, container="matroska"), 0, 2, CHEAP)
    assert figures.series[signal_names.LOUDNESS] == pytest.approx([lufs] * 2, abs=0.2)


@pytest.mark.parametrize("codec", ["libvpx", "libvpx-vp9"])
def test_webm_codecs_in_matroska_are_understood(clip: Any, parts_of: Render, scene: Scene, codec: str) -> None:
    drawn = clip(
        seconds=4,
        picture=lambda at: scene(1 if at < 2.2 else 2, 40 * at),
        sound=tone,
        video_codec=codec,
        video_options={"deadline": "realtime", "cpu-used": "8"},
        audio_codec="libopus",
    )
    figures = analyse(parts_of(drawn, container="matroska"), 0, 4, THOROUGH)
    assert figures.gaps == ()
    assert figures.cuts_ms == pytest.approx([2200], abs=1)
    assert (figures.series[signal_names.MOTION] > 5).all()
    assert figures.series[signal_names.LOUDNESS] == pytest.approx([-23.1] * 4, abs=0.5)


@pytest.mark.parametrize("settings", [CHEAP, THOROUGH], ids=["cheap", "thorough"])
@pytest.mark.parametrize(
    ("height", "width", "pixel_format"),
    [(178, 318, "yuv420p"), (61, 97, "yuv444p"), (320, 180, "yuv420p"), (180, 320, "yuv420p10le")],
    ids=["odd chroma", "tiny and odd", "upright", "ten bit"],
)
def test_sizes_and_pixel_formats_change_little(
    clip: Any, parts_of: Render, scene: Scene, height: int, width: int, pixel_format: str, settings: AnalysisSettings
) -> None:
    drawn = clip(
        seconds=2,
        picture=lambda at: scene(1, width / 6 * at, height=height, width=width),
        pixel_format=pixel_format,
    )
    figures = analyse(parts_of(drawn), 0, 2, settings)
    assert figures.gaps == ()
    assert (figures.series[signal_names.MOTION] > 5).all()


def test_a_variable_frame_rate_keeps_time(clip: Any, parts_of: Render, scene: Scene) -> None:
    times = [*np.arange(0, 2, 0.04), *np.arange(2, 5, 0.2), 5.0, *np.arange(8, 9, 0.04)]
    drawn = clip(seconds=9, picture=lambda at: scene(1 if at < 5 else 2, 30 * at * (at < 5)), times=times)
    figures = analyse(parts_of(drawn, every_s=100.0), 0, 9, THOROUGH)
    assert figures.cuts_ms == pytest.approx([5000], abs=1)
    assert figures.series[signal_names.MOTION][5:] == pytest.approx([0.0] * 4, abs=1.0)
    assert (figures.series[signal_names.MOTION][:5] > 5).all()
    assert figures.gaps == ()


def test_text_instead_of_media_is_a_gap_and_the_rest_is_measured(clip: Any, parts_of: Render, scene: Scene) -> None:
    parts = parts_of(clip(seconds=6, picture=lambda at: scene(1, 30 * at), sound=tone))
    parts[1] = SegmentPart(1, 2000, 4000, 0, True, True, b"not a media file at all" * 100)
    for settings in (CHEAP, THOROUGH):
        figures = analyse(parts, 0, 6, settings)
        assert {(gap.modality, gap.start_ms, gap.end_ms, gap.code) for gap in figures.gaps} == {
            (modality, 2000, 4000, "not_media") for modality in Modality
        }
        for name in (signal_names.MOTION, signal_names.LOUDNESS, signal_names.CROWD):
            assert np.isnan(figures.series[name]).tolist() == [False, False, True, True, False, False], name


def test_coded_pictures_turned_to_noise_are_a_gap(clip: Any, parts_of: Render, scene: Scene) -> None:
    parts = parts_of(clip(seconds=6, picture=lambda at: scene(1, 30 * at)))
    whole = bytearray(parts[1].source if isinstance(parts[1].source, bytes) else b"")
    # The length and type of the first unit stay, so that it still looks like a keyframe.
    start = whole.index(b"mdat") + 4 + 5
    whole[start:] = np.random.default_rng(7).integers(0, 256, len(whole) - start, dtype=np.uint8).tobytes()
    parts[1] = SegmentPart(1, 2000, 4000, 0, True, False, bytes(whole))
    for settings in (CHEAP, THOROUGH):
        figures = analyse(parts, 0, 6, settings)
        assert [(gap.start_ms, gap.end_ms, gap.code) for gap in figures.gaps] == [(2000, 4000, "decode_failed")]
        assert np.isnan(figures.series[signal_names.MOTION]).tolist() == [False, False, True, True, False, False]
        assert figures.effort.packets_undecodable > 0


def test_a_promised_track_that_is_not_there_is_a_gap(clip: Any, parts_of: Render, scene: Scene) -> None:
    (part,) = parts_of(clip(seconds=2, picture=lambda at: scene(1)), every_s=100.0)
    figures = analyse([SegmentPart(0, 0, 2000, 0, True, True, part.source)], 0, 2, CHEAP)
    assert [(gap.modality, gap.code) for gap in figures.gaps] == [(Modality.AUDIO, "track_missing")]
    assert np.isnan(figures.series[signal_names.LOUDNESS]).all()


def test_sound_that_ends_early_is_a_gap_from_the_first_second_without_it(
    clip: Any, parts_of: Render, scene: Scene
) -> None:
    drawn = clip(seconds=4, picture=lambda at: scene(1), sound=lambda at: tone(at)[:, : int(2.4 * 48_000)])
    figures = analyse(parts_of(drawn, every_s=100.0), 0, 4, CHEAP)
    assert [(gap.start_ms, gap.end_ms, gap.code) for gap in figures.gaps] == [(3000, 4000, "sound_missing")]
    assert np.isnan(figures.series[signal_names.LOUDNESS]).tolist() == [False, False, False, True]


def test_sound_whose_form_changes_is_heard_without_a_break(clip: Any, parts_of: Render) -> None:
    whole = [
        parts_of(clip(seconds=2, sound=tone, rate=rate), every_s=100.0, container="matroska")[0]
        for rate in (48_000, 44_100, 32_000)
    ]
    parts = [
        SegmentPart(number, 2000 * number, 2000 * (number + 1), 2000 * number, False, True, part.source)
        for number, part in enumerate(whole)
    ]
    crowd = analyse(parts, 0, 6, CHEAP).series[signal_names.CROWD]
    assert (crowd[[1, 3, 5]] < -55).all(), "a hole between two pieces is noise"


def test_an_empty_file_is_a_gap() -> None:
    figures = analyse([SegmentPart(1, 2000, 4000, 0, True, False, b"")], 2, 4, CHEAP)
    assert [gap.code for gap in figures.gaps] == ["not_media"]
    assert np.isnan(figures.series[signal_names.MOTION]).all()


def test_a_file_that_breaks_off_keeps_what_was_read(clip: Any, parts_of: Render, scene: Scene) -> None:
    (part,) = parts_of(clip(seconds=6, picture=lambda at: scene(1, 30 * at)), every_s=100.0)
    assert isinstance(part.source, bytes)
    short = SegmentPart(0, 0, 6000, 0, True, False, part.source[: len(part.source) * 6 // 10])
    figures = analyse([short], 0, 6, THOROUGH)
    assert not np.isnan(figures.series[signal_names.MOTION][:3]).any()
    assert np.isnan(figures.series[signal_names.MOTION][-2:]).all()
    assert {gap.code for gap in figures.gaps} == {"read_failed"}


def test_a_segment_in_which_no_second_starts_has_empty_figures(clip: Any, parts_of: Render, scene: Scene) -> None:
    parts = parts_of(clip(seconds=2, picture=lambda at: scene(1), sound=tone))
    figures = analyse(parts, 2, 2, CHEAP)
    assert {len(values) for values in figures.series.values()} == {0}
    assert (figures.cuts_ms, figures.gaps) == ((), ())


def test_a_part_that_cannot_be_fetched_is_an_error_and_no_gap() -> None:
    missing = SegmentPart(3, 0, 2000, 0, True, True, "/nowhere/3.mp4")
    with pytest.raises(PartUnavailable, match="segment 3"):
        analyse([missing], 0, 2, CHEAP)
