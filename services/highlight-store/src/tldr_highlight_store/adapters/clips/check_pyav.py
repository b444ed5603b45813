"""Opens a finished clip again: the index is readable, its length is right and its first keyframe decodes."""

import io
from typing import Any

import av

from tldr_highlight_store.domain.clips.cutting import Clip, ClipDoesNotPlay
from tldr_media.segments import WITHOUT_TRIAL_DECODING

# Lengths are counted in whole frames; 100 ms is one frame at 10 frames a second.
TOLERANCE_MS = 100


def check_clip(clip: Clip) -> None:
    """Raises ClipDoesNotPlay. Decodes one keyframe, not the whole clip, which would take longer than cutting it."""
    try:
        with av.open(io.BytesIO(clip.data), "r", options=WITHOUT_TRIAL_DECODING) as movie:
            length_ms = (movie.duration or 0) / 1000
            if abs(length_ms - clip.duration_ms) > TOLERANCE_MS:
                raise ClipDoesNotPlay(f"The clip plays {length_ms:.0f} ms instead of {clip.duration_ms} ms.")
            for stream in movie.streams:
                _decodes(movie, stream)
    except (av.FFmpegError, OSError) as error:
        raise ClipDoesNotPlay(f"The clip cannot be opened: {error}.") from error


def _decodes(movie: Any, stream: Any) -> None:
    movie.seek(0, stream=stream)
    context = stream.codec_context
    for packet in movie.demux(stream):
        # Packets before the start are flagged as not to be shown; a bare copy is not, and shows whether they decode.
        bare = av.Packet(bytes(packet))
        bare.pts, bare.dts, bare.time_base = packet.pts, packet.dts, packet.time_base
        if packet.size and (context.decode(bare) or context.decode(None)):
            return
        break
    raise ClipDoesNotPlay(f"The first {stream.type} packet of the clip does not decode.")
