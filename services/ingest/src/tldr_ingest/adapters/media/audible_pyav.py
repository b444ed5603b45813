"""Which of several tracks of sound can be heard: recorders often leave tracks of a mixer that carry nothing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import av.error
import numpy as np

from tldr_ingest.adapters.media.source_pyav import OpenedSource, Source, opened
from tldr_outbound import OutboundError

_SILENT = 10 ** (-60 / 20)
"""-60 dBFS: below the noise of any microphone."""
_PLACES = (0.1, 0.3, 0.5, 0.7, 0.9)
_FRAMES = 40
"""Of about 21 ms, at each place."""


def first_audible(source: Source, indexes: Sequence[int]) -> int:
    """The first of these tracks that is not silent at all of a few places; the first one where none is heard or nothing can
    be told. Opens the source anew.
    """
    try:
        with opened(source) as found:
            for index in indexes:
                if _peak(found, index) > _SILENT:
                    return index
    except (OutboundError, av.error.FFmpegError, OSError):
        pass
    return indexes[0]


def _peak(found: OpenedSource, index: int) -> float:
    container: Any = found.container
    stream = container.streams[index]
    duration, start = container.duration or 0, container.start_time or 0
    peak = 0.0
    for place in _PLACES if duration and found.file.seekable() else (0.0,):
        if place:
            container.seek(start + int(duration * place))
        for number, frame in enumerate(container.decode(stream)):
            samples = frame.to_ndarray()
            scale = float(np.iinfo(samples.dtype).max) if np.issubdtype(samples.dtype, np.integer) else 1.0
            peak = max(peak, float(np.abs(samples.astype(np.float64)).max(initial=0.0)) / scale)
            if peak > _SILENT or number >= _FRAMES:
                break
        if peak > _SILENT:
            break
    return peak
