"""The video series, cuts and gaps of a range of seconds."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tldr_video_analysis.adapters.pictures.pictures_pyav import PictureDecoder
from tldr_video_analysis.adapters.pictures.survey import everything, where_it_matters
from tldr_video_analysis.adapters.segments.packets_pyav import Track
from tldr_video_analysis.domain.analysis.settings import AnalysisSettings
from tldr_video_analysis.domain.figures import signal_names
from tldr_video_analysis.domain.figures.figures import DecodeGap, Modality, Series
from tldr_video_analysis.domain.pictures.video_series import video_series
from tldr_video_analysis.domain.sound.speech import runs


@dataclass(frozen=True, slots=True)
class PictureFigures:
    """`seconds_examined` were decoded beyond their keyframes."""

    series: dict[str, Series]
    cuts_ms: tuple[int, ...] = ()
    gaps: tuple[DecodeGap, ...] = ()
    decoded: int = 0
    seconds_examined: float = 0.0
    undecodable: int = 0
    level_change: float = 1.0


def measure_pictures(
    track: Track,
    promised: NDArray[np.bool_],
    first_second: int,
    loudness: NDArray[np.float64],
    settings: AnalysisSettings,
) -> PictureFigures:
    """Figures of `len(promised)` seconds; `promised` says in which of them a picture can be had.

    `loudness` (LUFS, NaN where unknown) helps to choose where to look closely.
    """
    seconds = len(promised)
    if not track.packets:
        nothing = {name: np.full(seconds, np.nan, dtype=np.float32) for name in signal_names.VIDEO}
        return PictureFigures(nothing)
    packets = track.numbers()
    decoder = PictureDecoder(track, packets, fast=settings.live or not settings.thorough)
    if settings.thorough:
        evidence = everything(packets, decoder, first_second, seconds)
    else:
        evidence = where_it_matters(packets, decoder, first_second, loudness, settings)
    series, cuts_ms = video_series(packets, evidence, first_second, seconds)
    for values in series.values():
        values[~promised] = np.nan
    code, reason = "decode_failed", "The pictures of these seconds could not be decoded."
    if not packets.key.any():
        code, reason = "no_keyframe", "There is no keyframe from which these seconds could be decoded."
    gaps = tuple(
        DecodeGap(Modality.VIDEO, 1000 * (first_second + int(start)), 1000 * (first_second + int(end)), code, reason)
        for start, end in runs(evidence.unseen & promised)
    )
    looked = sum(look.end_us - look.start_us for look in evidence.looks) / 1e6
    change = packets.level_change(first_second, first_second + seconds)
    return PictureFigures(series, cuts_ms, gaps, decoder.decoded, looked, decoder.undecodable, change)
