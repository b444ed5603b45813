"""What an analysis of a window left: its figures and what is missing of it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from tldr_video_analysis.domain.figures import signal_names
from tldr_video_analysis.domain.figures.figures import Figures, Modality, Series, Span
from tldr_video_analysis.domain.segments.segment import Window
from tldr_video_analysis.domain.streams.gap import MEDIA, Gap, inside

_NAMES = {Modality.VIDEO: signal_names.VIDEO, Modality.AUDIO: signal_names.AUDIO}
_HALF_MS = 500


@dataclass(frozen=True, slots=True, eq=False)
class WindowAnalysis:
    """`series`: float32 of shape (seconds of the window,), none where nothing could be measured. `level_change`: see
    `Figures`.
    """

    window: Window
    series: Mapping[str, Series] = field(default_factory=dict)
    cuts_ms: tuple[int, ...] = ()
    pauses: tuple[Span, ...] = ()
    gaps: tuple[Gap, ...] = ()
    level_change: float = 1.0
    measured: frozenset[Modality] = frozenset(MEDIA)
    """What its figures and gaps are of; of the others nothing is known yet."""

    @property
    def whole(self) -> bool:
        """Whether nothing is to come."""
        return self.measured.issuperset(MEDIA)

    def with_rest(self, rest: "WindowAnalysis") -> "WindowAnalysis":
        """With what was measured of it later."""
        return WindowAnalysis(
            self.window,
            {**self.series, **rest.series},
            (*self.cuts_ms, *rest.cuts_ms),
            (*self.pauses, *rest.pauses),
            (*self.gaps, *rest.gaps),
            self.level_change * rest.level_change,
            self.measured | rest.measured,
        )


def analysis_of(window: Window, figures: Figures, gaps: Sequence[Gap], reported: Sequence[Gap] = ()) -> WindowAnalysis:
    """Figures as they are kept; `gaps` are those of the figures and others. Nothing is known of seconds that the source
    `reported` as missing: pictures that are not there look like some that stay.
    """
    series = _without(figures.series, reported, window)
    return WindowAnalysis(window, series, figures.cuts_ms, figures.pauses, tuple(gaps), figures.level_change)


def _without(series: Mapping[str, Series], gaps: Sequence[Gap], window: Window) -> dict[str, Series]:
    """The series, NaN in the seconds of which more than half is missing."""
    starts_ms = 1000 * np.arange(window.first_second, window.end_second)
    left = dict(series)
    for modality, names in _NAMES.items():
        lost_ms = np.zeros(len(starts_ms), dtype=np.int64)
        for gap in gaps:
            if gap.modality is modality:
                lost_ms += np.clip(
                    np.minimum(starts_ms + 1000, gap.end_ms) - np.maximum(starts_ms, gap.start_ms), 0, None
                )
        for name in left.keys() & names:
            left[name] = np.where(lost_ms > _HALF_MS, np.float32(np.nan), left[name])
    return left


def of_modalities(analysis: WindowAnalysis, modalities: Collection[Modality]) -> WindowAnalysis:
    """What an analysis says of some modalities: cuts are seen, pauses heard."""
    if analysis.measured.issubset(modalities):
        return analysis
    names = {name for modality in modalities for name in _NAMES[modality]}
    seen = Modality.VIDEO in modalities
    return replace(
        analysis,
        series={name: values for name, values in analysis.series.items() if name in names},
        cuts_ms=analysis.cuts_ms if seen else (),
        pauses=analysis.pauses if Modality.AUDIO in modalities else (),
        gaps=tuple(gap for gap in analysis.gaps if gap.modality in modalities),
        level_change=analysis.level_change if seen else 1.0,
        measured=analysis.measured.intersection(modalities),
    )


def apart(analysis: WindowAnalysis, windows: Sequence[Window]) -> tuple[WindowAnalysis, ...]:
    """An analysis of windows that meet as one of each; a change of level counts from the last one's end on."""
    if len(windows) == 1:
        return (replace(analysis, window=windows[0]),)
    first = analysis.window.first_second
    return tuple(
        WindowAnalysis(
            window,
            {
                name: values[window.first_second - first : window.end_second - first]
                for name, values in analysis.series.items()
            },
            tuple(cut for cut in analysis.cuts_ms if window.start_ms <= cut < window.end_ms),
            tuple(
                Span(max(pause.start_ms, window.start_ms), min(pause.end_ms, window.end_ms))
                for pause in analysis.pauses
                if pause.start_ms < window.end_ms and pause.end_ms > window.start_ms
            ),
            inside(analysis.gaps, window.start_ms, window.end_ms),
            analysis.level_change if window is windows[-1] else 1.0,
            analysis.measured,
        )
        for window in windows
    )


def decode_gaps(figures: Figures) -> tuple[Gap, ...]:
    """What the analyser could not decode."""
    return tuple(Gap(gap.modality, gap.start_ms, gap.end_ms, gap.code, gap.reason) for gap in figures.gaps)


def series_together(analyses: Sequence[WindowAnalysis]) -> dict[str, Series]:
    """The series of windows that meet, over all their seconds; NaN where a window has none of that name."""
    first, seconds = analyses[0].window.first_second, analyses[-1].window.end_second
    together: dict[str, Series] = {}
    for analysis in analyses:
        start, end = analysis.window.first_second - first, analysis.window.end_second - first
        for name, values in analysis.series.items():
            if name not in together:
                together[name] = np.full(seconds - first, np.nan, dtype=np.float32)
            together[name][start:end] = values
    return together


def on_one_level(analyses: Sequence[WindowAnalysis], level: float) -> tuple[list[WindowAnalysis], float]:
    """Windows that meet, their activity on the level that the stream began with; `level` brings that of the first there,
    and the level given back that of what follows.
    """
    even = []
    for analysis in analyses:
        series = dict(analysis.series)
        if signal_names.ACTIVITY in series:
            series[signal_names.ACTIVITY] = series[signal_names.ACTIVITY] * np.float32(level)
        even.append(replace(analysis, series=series))
        level *= analysis.level_change
    return even, level


def pauses_together(analyses: Sequence[WindowAnalysis]) -> tuple[Span, ...]:
    """The pauses of windows that meet; one that goes on in the next window is one."""
    whole: list[Span] = []
    for pause in sorted(pause for analysis in analyses for pause in analysis.pauses):
        if whole and pause.start_ms <= whole[-1].end_ms:
            whole[-1] = Span(whole[-1].start_ms, max(whole[-1].end_ms, pause.end_ms))
        else:
            whole.append(pause)
    return tuple(whole)
