"""Decodes chosen video packets of a timeline into small grey pictures."""

from typing import Any

import av
import cv2
import numpy as np

from tldr_video_analysis.adapters.segments.packets_pyav import Track
from tldr_video_analysis.domain.pictures.pictures import HEIGHT, WIDTH, Luma, Pictures
from tldr_video_analysis.domain.pictures.video_packets import VideoPackets

PROBE_LAG_US = 60_000
NO_DEBLOCKING = {"skip_loop_filter": "all"}


class PictureDecoder:
    """Decodes with one thread; what cannot be decoded is counted and left out.

    `fast` leaves out deblocking, which a picture of 160x90 does not show, and pictures that no other refers to.
    """

    def __init__(self, track: Track, packets: VideoPackets, *, fast: bool) -> None:
        self._track = track
        self._packets = packets
        # The earliest presentation still to come at each packet: with reordering, times alone do not say when to stop.
        self._still_to_come = np.minimum.accumulate(packets.at_us[::-1])[::-1]
        self._fast = fast
        self.decoded = 0
        self.undecodable = 0
        if fast:
            for decoder in track.decoders:
                decoder.options = NO_DEBLOCKING

    def probe(self, keyframe: int) -> Pictures:
        """The keyframe and, where it can be had, the next picture in decoding order at least 60 ms after it."""
        start = self._packets.at_us[keyframe]
        chosen = [keyframe]
        for index in range(keyframe + 1, min(keyframe + 12, len(self._packets.at_us))):
            at = self._packets.at_us[index]
            if self._packets.key[index] and at - start > 10 * PROBE_LAG_US:
                break
            if at > start:
                chosen.append(index)
            if at >= start + PROBE_LAG_US:
                break
        return self._decode(chosen, "DEFAULT")

    def run(self, keyframe: int, until_us: int) -> Pictures:
        """The pictures from the keyframe up to `until_us`, included."""
        past = np.flatnonzero(self._still_to_come[keyframe:] > until_us)
        end = keyframe + int(past[0]) if len(past) else len(self._packets.at_us)
        pictures = self._decode(range(keyframe, end), "NONREF" if self._fast else "DEFAULT")
        inside = (pictures.at_us >= self._packets.at_us[keyframe]) & (pictures.at_us <= until_us)
        return Pictures(pictures.at_us[inside], pictures.luma[inside])

    def _decode(self, indices: range | list[int], skip: str) -> Pictures:
        found: list[tuple[int, Luma]] = []
        decoder: Any = None
        for index in indices:
            own = self._track.decoders[self._track.decoder_of[index]]
            if own is not decoder:
                found += self._drained(decoder)
                decoder = own
                decoder.skip_frame = skip
            found += self._pictures(decoder, self._track.packets[index])
        found += self._drained(decoder)
        self.decoded += len(found)
        return Pictures.of(found)

    def _drained(self, decoder: Any) -> list[tuple[int, Luma]]:
        if decoder is None:
            return []
        found = self._pictures(decoder, None)
        decoder.flush_buffers()
        return found

    def _pictures(self, decoder: Any, packet: Any) -> list[tuple[int, Luma]]:
        try:
            return [(int(frame.pts), small_grey(frame)) for frame in decoder.decode(packet) if frame.pts is not None]
        except av.error.EOFError:
            return []
        except (av.error.FFmpegError, ValueError):
            self.undecodable += 1
            return []


def small_grey(frame: Any) -> Luma:
    """The luma of a decoded frame as 160x90 bytes, whatever its size, shape and pixel format."""
    pixels = frame.format
    luma = pixels.components[0]
    if pixels.is_rgb or pixels.has_palette or not luma.is_luma or (pixels.is_planar is False) or luma.bits > 16:
        grey = frame.reformat(width=WIDTH, height=HEIGHT, format="gray").to_ndarray()
        return np.ascontiguousarray(grey, dtype=np.uint8)
    plane, sample = frame.planes[0], np.dtype(np.uint16 if luma.bits > 8 else np.uint8)
    rows: Any = np.frombuffer(plane, sample).reshape(plane.height, plane.line_size // sample.itemsize)
    rows = _halved(rows[:, : plane.width])
    if luma.bits > 8:
        rows = (rows >> (luma.bits - 8)).astype(np.uint8)
    return np.asarray(cv2.resize(rows, (WIDTH, HEIGHT), interpolation=cv2.INTER_AREA), dtype=np.uint8)


def _halved(rows: Any) -> Any:
    """At most 4 times the final size: interpolation on the way there costs a quarter of averaging every pixel."""
    height, width = rows.shape
    if width <= 2 * WIDTH or height <= 2 * HEIGHT:
        return rows
    return cv2.resize(rows, (2 * WIDTH, 2 * HEIGHT), interpolation=cv2.INTER_LINEAR)
