"""Chooses a picture near a moment that shows something and makes a JPEG of it."""

from collections.abc import Iterable
from fractions import Fraction
from typing import Any

import av
import numpy as np
import numpy.typing as npt

from tldr_highlight_store.adapters.clips.timeline_pyav import Timeline, Track
from tldr_highlight_store.adapters.clips.track_transcode import decoded

# Decoding a keyframe costs 5 ms at 720p, a whole group of pictures 100 ms: keyframes this near are good enough.
NEAR_MS = 1_500
CANDIDATES, MORE_CANDIDATES = 3, 6
# Without a keyframe nearby, frames this close to the moment are looked at.
CLOSE_MS = 120
JPEG_QUALITY = 3  # 2 (best) to 31
# Luma of 8 bits; black is 16 in most video. A fade or a slate of one colour has next to no contrast.
DARK, FLAT = 32.0, 6.0
COMPARED_WIDTH = 320
HD_HEIGHT = 720


def thumbnail(timeline: Timeline, at_ms: int, start_ms: int, end_ms: int, max_width: int = 640) -> bytes | None:
    """A JPEG of a frame in `[start_ms, end_ms)`, near `at_ms`, neither wider nor higher than `max_width`; None without a picture.

    The sharpest of the nearest keyframes that are neither black nor of one colour; if all are, the one with the most
    contrast. Upright and with square pixels.
    """
    track = timeline.video
    if track is None:
        return None
    frames = [frame for frame in _candidates(track, at_ms, start_ms, end_ms) if frame.width and frame.height]
    if not frames:
        return None
    return _jpeg(max(frames, key=_merit), track, max_width)


def _candidates(track: Track, at_ms: int, start_ms: int, end_ms: int) -> Iterable[Any]:
    keys = [packet for packet in track.packets if packet.is_keyframe]
    inside = [packet for packet in keys if start_ms <= track.boundary_ms(packet.pts) < end_ms]
    inside.sort(key=lambda packet: abs(track.boundary_ms(packet.pts) - at_ms))
    near = [packet for packet in inside if abs(track.boundary_ms(packet.pts) - at_ms) <= NEAR_MS]
    frames = [frame for packet in near[:CANDIDATES] for frame in _alone(track, packet)]
    if any(_shows_something(frame) for frame in frames):
        return frames
    frames += _around(track, keys, at_ms)
    if any(_shows_something(frame) for frame in frames):
        return frames
    tried = len(near[:CANDIDATES])
    return frames + [frame for packet in inside[tried : tried + MORE_CANDIDATES] for frame in _alone(track, packet)]


def _alone(track: Track, packet: Any) -> list[Any]:
    """What decodes from a keyframe by itself."""
    frames = list(decoded(track, [packet]))
    packet.stream.codec_context.flush_buffers()
    track.template.codec_context.flush_buffers()
    return frames


def _around(track: Track, keys: list[Any], at_ms: int) -> list[Any]:
    """The frames within CLOSE_MS of the moment, decoded from the keyframe before."""
    until = track.ticks(at_ms + CLOSE_MS)
    first = max((packet.pts for packet in keys if track.boundary_ms(packet.pts) <= at_ms), default=None)
    if first is None:
        return []
    begin = next(i for i, packet in enumerate(track.packets) if packet.is_keyframe and packet.pts == first)
    needed = [packet for packet in track.packets[begin:] if first <= packet.pts <= until]
    frames = [frame for frame in decoded(track, needed) if frame.pts is not None]
    track.template.codec_context.flush_buffers()
    close = [frame for frame in frames if abs(track.boundary_ms(frame.pts) - at_ms) <= CLOSE_MS]
    return close or frames[-1:]


def _merit(frame: Any) -> tuple[bool, float]:
    shows = _shows_something(frame)
    return shows, _sharpness(_luma(frame)) if shows else float(_luma(frame).std())


def _shows_something(frame: Any) -> bool:
    luma = _luma(frame)
    return bool(luma.mean() > DARK and luma.std() > FLAT)


def _luma(frame: Any) -> npt.NDArray[np.float32]:
    """Luma, 0..255, thinned out to at most about 640 columns."""
    grey = (
        frame
        if frame.format.name.startswith("yuv") and frame.format.components[0].bits == 8
        else frame.reformat(format="gray")
    )
    plane = grey.planes[0]
    rows = np.frombuffer(plane, np.uint8).reshape(plane.height, plane.line_size)[:, : plane.width]
    step = max(1, plane.width // COMPARED_WIDTH)
    return rows[::step, ::step].astype(np.float32)


def _sharpness(luma: npt.NDArray[np.float32]) -> float:
    """Variance of the Laplacian, the usual measure of focus."""
    inner = luma[1:-1, 1:-1]
    return float((luma[:-2, 1:-1] + luma[2:, 1:-1] + luma[1:-1, :-2] + luma[1:-1, 2:] - 4 * inner).var())


def _jpeg(frame: Any, track: Track, max_width: int) -> bytes:
    aspect = Fraction(track.template.codec_context.sample_aspect_ratio or 1)
    quarter_turns = round(frame.rotation / 90) % 4
    shown_width = frame.width * aspect
    # A picture on its side or from a phone held upright is kept as small as the others.
    scale = min(Fraction(1), max_width / Fraction(max(frame.height, shown_width)))
    width, height = (max(2, round(side * scale / 2) * 2) for side in (shown_width, frame.height))
    unspecified_hd = frame.colorspace in (2, 5) and frame.height >= HD_HEIGHT
    picture = frame.reformat(width, height, "rgb24", src_colorspace="itu709" if unspecified_hd else None)
    upright = np.ascontiguousarray(np.rot90(picture.to_ndarray(), quarter_turns))
    return _encoded(av.VideoFrame.from_ndarray(upright, "rgb24"))


def _encoded(picture: Any) -> bytes:
    context = av.CodecContext.create("mjpeg", "w")
    context.width, context.height, context.pix_fmt = picture.width, picture.height, "yuvj420p"
    context.time_base = Fraction(1, 25)
    context.qmin = context.qmax = JPEG_QUALITY
    ready = picture.reformat(format="yuvj420p", dst_color_range="JPEG")
    ready.pts = 0
    return b"".join(bytes(packet) for packet in [*context.encode(ready), *context.encode(None)])
