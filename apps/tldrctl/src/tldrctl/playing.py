"""Whether a clip plays: decoded to its end, as long as it should be."""

from io import BytesIO

import av

_TOLERANCE_S = 0.25


def plays(clip: bytes, duration_ms: int) -> bool:
    """Every frame decodes, and what is presented lasts as long as it should, within a quarter of a second."""
    try:
        with av.open(BytesIO(clip)) as container:
            stream = container.streams.video[0] if container.streams.video else container.streams.audio[0]
            shown = [
                (float(frame.pts * frame.time_base), float(frame.duration * frame.time_base))
                for frame in container.decode(stream)
                if frame.pts is not None and frame.time_base is not None
            ]
    except (av.FFmpegError, IndexError, ValueError):
        return False
    if not shown:
        return False
    start = min(at for at, _ in shown)
    end = max(at + lasts for at, lasts in shown)
    return abs((end - start) - duration_ms / 1000) <= _TOLERANCE_S
