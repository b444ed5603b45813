"""Whether a clip plays: decoded to its end, as long as it should be."""

from collections.abc import Iterator
from io import BytesIO
from typing import Any

import av

_TOLERANCE_S = 0.25


def plays(clip: bytes, duration_ms: int) -> bool:
    """Every frame decodes, and what is presented lasts as long as it should, within a quarter of a second."""
    try:
        shown = list(_shown(clip))
    except (av.FFmpegError, ValueError):
        return False
    if not shown:
        return False
    lasts = max(end for _, end in shown) - min(start for start, _ in shown)
    return abs(lasts - duration_ms / 1000) <= _TOLERANCE_S


def _shown(clip: bytes) -> Iterator[tuple[float, float]]:
    """From when to when each frame is shown, in seconds; frames of sound where there is no picture."""
    with av.open(BytesIO(clip), "r") as container:
        frames: Any = container.decode(video=0) if container.streams.video else container.decode(audio=0)
        for frame in frames:
            if frame.pts is not None:
                yield float(frame.pts * frame.time_base), float((frame.pts + frame.duration) * frame.time_base)
