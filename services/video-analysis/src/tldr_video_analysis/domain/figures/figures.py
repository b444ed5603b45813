"""What an analysis of contiguous segments gives: 1 Hz series, cuts, speech, pauses and gaps."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

Series = NDArray[np.float32]


class Modality(StrEnum):
    VIDEO = "video"
    AUDIO = "audio"


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A half-open range of stream time in milliseconds."""

    start_ms: int
    end_ms: int


@dataclass(frozen=True, slots=True)
class DecodeGap:
    """A range that could not be read or decoded; its seconds are NaN where nothing at all was left of them.

    Codes: `not_media`, `read_failed`, `track_missing`, `no_keyframe`, `decode_failed`, `sound_missing`.
    """

    modality: Modality
    start_ms: int
    end_ms: int
    code: str
    reason: str


@dataclass(frozen=True, slots=True)
class Effort:
    """What the figures cost: how much was decoded, and how much of it failed."""

    video_packets: int = 0
    audio_packets: int = 0
    pictures_decoded: int = 0
    seconds_examined: float = 0.0
    packets_undecodable: int = 0


@dataclass(frozen=True, slots=True)
class Figures:
    """Figures of the seconds [first_second, end_second).

    `series` maps a name of `signal_names` to float32 of shape (end_second - first_second,); NaN where the second says
    nothing. It holds the video series when a part has a picture, the audio series when a part has sound.
    `cuts_ms`, `speech` and `pauses` lie inside the range; a pause that goes on beyond it is cut off there, so the reader
    joins spans that touch.
    `level_change`: where the coding of the pictures changes, `video.activity` counts as if they went on like before; that
    of what follows these seconds has to be multiplied by so much to go on in the same way.
    """

    first_second: int
    end_second: int
    series: Mapping[str, Series]
    cuts_ms: tuple[int, ...] = ()
    speech: tuple[Span, ...] = ()
    pauses: tuple[Span, ...] = ()
    gaps: tuple[DecodeGap, ...] = ()
    effort: Effort = Effort()
    level_change: float = 1.0
