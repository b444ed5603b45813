"""Turns the bytes of contiguous segments into 1 Hz figures."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from tldr_video_analysis.adapters.pictures.figures import PictureFigures, measure_pictures
from tldr_video_analysis.adapters.segments.packets_pyav import Timeline, read_timeline
from tldr_video_analysis.adapters.sound.figures import SoundFigures, measure_sound
from tldr_video_analysis.domain.analysis.settings import AnalysisSettings
from tldr_video_analysis.domain.figures import signal_names
from tldr_video_analysis.domain.figures.figures import DecodeGap, Effort, Figures, Modality
from tldr_video_analysis.domain.segments.part import SegmentPart


def analyse(parts: Sequence[SegmentPart], first_second: int, end_second: int, settings: AnalysisSettings) -> Figures:
    """See `SegmentAnalyser`. CPU-bound and single-threaded; raises `PartUnavailable` only."""
    has_video, has_audio = any(part.has_video for part in parts), any(part.has_audio for part in parts)
    if first_second >= end_second:
        names = (signal_names.VIDEO if has_video else ()) + (signal_names.AUDIO if has_audio else ())
        return Figures(first_second, end_second, {name: np.zeros(0, dtype=np.float32) for name in names})
    timeline = read_timeline(parts)
    sound, pictures = SoundFigures({}), PictureFigures({})
    if has_audio:
        promised = _promised(parts, timeline.gaps, Modality.AUDIO, first_second, end_second)
        sound = measure_sound(timeline.audio, promised, first_second, settings)
    if has_video:
        promised = _promised(parts, timeline.gaps, Modality.VIDEO, first_second, end_second)
        unknown = np.full(end_second - first_second, np.nan)
        loudness = sound.series.get(signal_names.LOUDNESS, unknown).astype(np.float64)
        pictures = measure_pictures(timeline.video, promised, first_second, loudness, settings)
    return Figures(
        first_second=first_second,
        end_second=end_second,
        series={**pictures.series, **sound.series},
        cuts_ms=pictures.cuts_ms,
        speech=sound.speech,
        pauses=sound.pauses,
        gaps=_gaps(timeline, sound, pictures, first_second, end_second),
        effort=Effort(
            video_packets=len(timeline.video.packets),
            audio_packets=len(timeline.audio.packets),
            pictures_decoded=pictures.decoded,
            seconds_examined=pictures.seconds_examined,
            packets_undecodable=pictures.undecodable + sound.undecodable,
        ),
        level_change=pictures.level_change,
    )


def _promised(
    parts: Sequence[SegmentPart], gaps: Sequence[DecodeGap], modality: Modality, first_second: int, end_second: int
) -> NDArray[np.bool_]:
    """In which of the seconds a part with the modality starts, of which more than half could be read."""
    starts = 1000 * np.arange(first_second, end_second)
    promised = np.zeros(len(starts), dtype=np.bool_)
    for part in parts:
        if part.has_video if modality is Modality.VIDEO else part.has_audio:
            promised |= (starts >= part.start_ms) & (starts < part.end_ms)
    lost = np.zeros(len(starts), dtype=np.int64)
    for gap in gaps:
        if gap.modality is modality:
            lost += np.maximum(0, np.minimum(starts + 1000, gap.end_ms) - np.maximum(starts, gap.start_ms))
    return promised & (lost < 500)


def _gaps(
    timeline: Timeline, sound: SoundFigures, pictures: PictureFigures, first_second: int, end_second: int
) -> tuple[DecodeGap, ...]:
    """The gaps inside the range, in order."""
    read = [gap for gap in timeline.gaps if gap.start_ms < end_second * 1000 and gap.end_ms > first_second * 1000]
    return tuple(sorted((*read, *pictures.gaps, *sound.gaps), key=lambda gap: (gap.start_ms, gap.modality)))
