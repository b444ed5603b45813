"""How loud several tracks of sound are: recorders often leave tracks of a mixer that carry nothing."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import av.error
import numpy as np

from tldr_ingest.adapters.media.source_pyav import OpenedSource, Source, opened
from tldr_ingest.domain.errors import IngestError
from tldr_outbound import OutboundError

_SILENT = 10 ** (-60 / 20)
"""-60 dBFS: below the noise of any microphone."""
_CLEARLY = 10 ** (6 / 10)
"""The order of tracks is their author's: a later one is preferred where it is louder by 6 dB."""
_PLACES = (0.1, 0.3, 0.5, 0.7, 0.9)
_MANY_PLACES = tuple((2 * number + 1) / 80 for number in range(40))
_FRAMES = 40
"""Of about 21 ms, at each place."""
# PyAV 18 raises IndexError where a track appears while reading.
_CANNOT_BE_TOLD = (IngestError, OutboundError, av.error.FFmpegError, OSError, IndexError)


@dataclass(slots=True)
class _Level:
    """What was heard of a track, with 1 as full scale."""

    peak: float = 0.0
    squares: float = 0.0
    samples: int = 0

    @property
    def silent(self) -> bool:
        return self.peak <= _SILENT

    @property
    def power(self) -> float:
        return 0.0 if self.silent else self.squares / self.samples

    def add(self, samples: np.ndarray[Any, Any]) -> None:
        wave = np.nan_to_num(samples.astype(np.float64), posinf=0.0, neginf=0.0)
        if samples.dtype == np.uint8:
            wave = (wave - 128) / 128
        elif np.issubdtype(samples.dtype, np.integer):
            wave /= np.iinfo(samples.dtype).max
        self.peak = max(self.peak, float(np.abs(wave).max(initial=0.0)))
        self.squares += float(np.square(wave).sum())
        self.samples += wave.size


def loudest(source: Source, indexes: Sequence[int]) -> int:
    """The track that is loudest at a few places; the first one of those about as loud, and where nothing can be told. Opens
    the source anew.
    """
    try:
        with opened(source) as found:
            levels = _levels(found, indexes, _PLACES)
    except _CANNOT_BE_TOLD:
        return indexes[0]
    most = max(level.power for level in levels.values())
    return next(index for index in indexes if levels[index].power * _CLEARLY >= most)


def is_silent_beside(source: Source, index: int, others: Sequence[int]) -> bool:
    """Whether a track is silent at each of many places, and another one is not at a few; not where the source cannot be
    sought in. Opens it anew.
    """
    try:
        with opened(source) as found:
            if not _can_seek(found):
                return False
            if not all(_levels(found, (index,), (place,))[index].silent for place in _MANY_PLACES):
                return False
            return not all(level.silent for level in _levels(found, others, _PLACES).values())
    except _CANNOT_BE_TOLD:
        return False


def _can_seek(found: OpenedSource) -> bool:
    return bool(found.container.duration) and found.file.seekable()


def _levels(found: OpenedSource, indexes: Sequence[int], places: Sequence[float]) -> dict[int, _Level]:
    container = found.container
    duration, start = container.duration or 0, container.start_time or 0
    levels = {index: _Level() for index in indexes}
    for place in places if _can_seek(found) else (0.0,):
        if place:
            container.seek(start + int(duration * place))
        _listen(container, levels)
    return levels


def _listen(container: Any, levels: dict[int, _Level]) -> None:
    """So many frames of each track from here on, or of what there is of them among so many packets."""
    left = dict.fromkeys(levels, _FRAMES)
    packets = container.demux([container.streams[index] for index in levels])
    for _, packet in zip(range(2 * _FRAMES * len(levels)), packets, strict=False):
        index = packet.stream_index
        if not packet.size or left[index] <= 0:
            continue
        with suppress(av.error.FFmpegError):
            for frame in packet.decode():
                levels[index].add(frame.to_ndarray())
                left[index] -= 1
        if not any(count > 0 for count in left.values()):
            return
