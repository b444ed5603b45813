"""Decodes the sound of a timeline into one array of samples, placed by their timestamps."""

from dataclasses import dataclass
from typing import Any

import av
import numpy as np
from numpy.typing import NDArray

from tldr_video_analysis.adapters.segments.packets_pyav import Track
from tldr_video_analysis.domain.sound.loudness import BLOCKS_PER_SECOND

# Timestamps in whole milliseconds jitter; a difference below this is not a hole. A hole above it is heard.
JITTER_S = 0.02
REAR = {"BL", "BR"}
SIDE = {"SL", "SR"}
LOW_FREQUENCY = {"LFE", "LFE2"}
FULL_SCALE = {"u8": 128.0, "s16": 32768.0, "s32": 2147483648.0, "s64": 9223372036854775808.0}


@dataclass(frozen=True, slots=True)
class Sound:
    """Samples of shape (channels, n) from `start_s` on, full scale 1.0, zero where nothing was decoded.

    `weights` are the channel gains of BS.1770-4; `decoded` counts the decoded samples of each block of 100 ms.
    """

    start_s: int
    rate: int
    samples: NDArray[np.float32]
    weights: NDArray[np.float64]
    decoded: NDArray[np.float64]
    undecodable: int

    def mono(self) -> NDArray[np.float32]:
        """The mean of the channels without low-frequency effects."""
        heard = np.flatnonzero(self.weights) if self.weights.any() else np.arange(len(self.weights))
        total = self.samples[heard[0]].copy()
        for channel in heard[1:]:
            total += self.samples[channel]
        return np.asarray(total / np.float32(len(heard)), dtype=np.float32)


def decode_sound(track: Track, start_s: int, end_s: int) -> Sound | None:
    """The sound between two seconds; None where no packet of that range could be decoded."""
    frames, undecodable = _frames(track, start_s * 1_000_000, end_s * 1_000_000)
    if not frames:
        return None
    first = frames[0]
    rate = int(first.sample_rate)
    samples = np.zeros((len(first.layout.channels), (end_s - start_s) * rate), dtype=np.float32)
    runs: list[list[int]] = []
    # A resampler takes all frames for what the first one was.
    resamplers: dict[tuple[object, ...], Any] = {}
    following = None
    for frame in frames:
        pieces = [frame]
        if frame.sample_rate != rate or frame.layout.name != first.layout.name:
            form = (frame.format.name, frame.layout.name, frame.sample_rate)
            if form not in resamplers:
                resamplers[form] = av.AudioResampler(format="fltp", layout=first.layout.name, rate=rate)
            pieces = resamplers[form].resample(frame)
        at = round((frame.pts / 1_000_000 - start_s) * rate)
        if following is not None and abs(at - following) <= JITTER_S * rate:
            at = following
        for piece in pieces:
            values = _full_scale_one(piece)
            low, high = max(at, 0), min(at + values.shape[1], samples.shape[1])
            if low < high:
                samples[:, low:high] = values[:, low - at : high - at]
                if runs and runs[-1][1] == low:
                    runs[-1][1] = high
                else:
                    runs.append([low, high])
            at += values.shape[1]
        following = at
    edges = np.arange((end_s - start_s) * BLOCKS_PER_SECOND + 1) * rate // BLOCKS_PER_SECOND
    decoded = np.zeros(len(edges) - 1)
    for low, high in runs:
        decoded += np.maximum(0, np.minimum(edges[1:], high) - np.maximum(edges[:-1], low))
    return Sound(start_s, rate, samples, channel_weights(first.layout), decoded, undecodable)


def channel_weights(layout: Any) -> NDArray[np.float64]:
    """Gains of BS.1770-4: 1.41 for surround channels, 0 for low-frequency effects, 1 for the rest.

    Where a layout has side and rear channels, the rear ones stand behind 120 degrees and count 1 (table 4 there).
    """
    names = [channel.name for channel in layout.channels]
    surround = SIDE if SIDE & set(names) else REAR
    return np.array([0.0 if name in LOW_FREQUENCY else 1.41 if name in surround else 1.0 for name in names])


def _frames(track: Track, start_us: int, end_us: int) -> tuple[list[Any], int]:
    frames: list[Any] = []
    undecodable = 0
    decoder: Any = None
    # Two packets before the range: transform codecs need the one before to overlap with.
    at = np.asarray(track.at_us, dtype=np.int64)
    inside = np.flatnonzero((at >= start_us - 100_000) & (at < end_us))
    for index in inside:
        own = track.decoders[track.decoder_of[index]]
        if own is not decoder:
            # Leading samples of a segment are not padding here: the segment before continues in them.
            own.flags2 |= av.codec.context.Flags2.skip_manual.value
            decoder = own
        try:
            frames += [frame for frame in decoder.decode(track.packets[index]) if frame.pts is not None]
        except (av.error.FFmpegError, ValueError):
            undecodable += 1
    if decoder is not None:
        try:
            frames += [frame for frame in decoder.decode(None) if frame.pts is not None]
        except av.error.FFmpegError:
            undecodable += 1
        decoder.flush_buffers()
    return frames, undecodable


def _full_scale_one(frame: Any) -> NDArray[np.float32]:
    """Samples of shape (channels, n), full scale 1.0."""
    values = frame.to_ndarray()
    if not frame.format.is_planar:
        values = values.reshape(-1, len(frame.layout.channels)).T
    scale = FULL_SCALE.get(frame.format.packed.name)
    if scale is None:
        return np.asarray(values, dtype=np.float32)
    middle = scale if frame.format.packed.name == "u8" else 0.0
    return np.asarray((values.astype(np.float32) - middle) / scale, dtype=np.float32)
