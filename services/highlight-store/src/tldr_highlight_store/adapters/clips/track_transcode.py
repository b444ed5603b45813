"""Decodes packets and encodes them again as what every browser plays: H.264 and AAC."""

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import av
import numpy as np

from tldr_highlight_store.adapters.clips.selection import Selection
from tldr_highlight_store.adapters.clips.timeline_pyav import Track, coding

AUDIO_RATE = 48_000
AAC_FRAME = 1_024
# A frame of sound this far from where the one before ended stands behind a hole, not behind a rounded timestamp.
SOUND_HOLE = AUDIO_RATE // 50
X264_OPTIONS = {"preset": "veryfast", "crf": "20"}


def decoded(track: Track, packets: list[Any]) -> Iterator[Any]:
    """The frames of `packets` in order of presentation, PTS in ticks of the track; broken packets are left out."""
    context, current = track.template.codec_context, coding(track.template)
    for packet in [*packets, None]:
        if packet is not None and track.changed and coding(packet.stream) != current:
            yield from context.decode(None)
            context, current = packet.stream.codec_context, coding(packet.stream)
        try:
            yield from context.decode(packet)
        except av.InvalidDataError:
            continue


def encoded_video(movie: Any, track: Track, selection: Selection) -> list[Any]:
    """Packets of H.264 for the frames shown in the selection, the first at 0."""
    source = track.template.codec_context
    width, height = max(2, source.width // 2 * 2), max(2, source.height // 2 * 2)
    stream: Any = movie.add_stream("libx264", rate=track.template.average_rate or 25, options=dict(X264_OPTIONS))
    stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
    stream.codec_context.time_base = track.time_base
    if source.sample_aspect_ratio:
        stream.codec_context.sample_aspect_ratio = source.sample_aspect_ratio
    zero, end = track.ticks(selection.start), track.ticks(selection.end)
    packets: list[Any] = []
    for frame in decoded(track, selection.video):
        if frame.pts is None or not zero <= frame.pts < end:
            continue
        if not packets and frame.rotation:
            stream.set_display_rotation(frame.rotation)
        picture = frame.reformat(width, height, "yuv420p")
        picture.pts, picture.time_base, picture.pict_type = frame.pts - zero, track.time_base, 0
        packets += stream.encode(picture)
    packets += stream.encode(None)
    return packets


def encoded_audio(movie: Any, track: Track, selection: Selection) -> list[Any]:
    """Packets of AAC for the sound of the selection, its start at 0."""
    stream = movie.add_stream("aac", rate=AUDIO_RATE, bit_rate=160_000)
    stream.layout = "stereo"
    samples = _samples(track, selection)
    packets: list[Any] = []
    for at in range(0, samples.shape[1], AAC_FRAME):
        frame = av.AudioFrame.from_ndarray(
            np.ascontiguousarray(samples[:, at : at + AAC_FRAME]), format="fltp", layout="stereo"
        )
        frame.sample_rate, frame.pts, frame.time_base = AUDIO_RATE, at, Fraction(1, AUDIO_RATE)
        packets += stream.encode(frame)
    packets += stream.encode(None)
    return packets


def _samples(track: Track, selection: Selection) -> np.ndarray[Any, np.dtype[np.float32]]:
    """float32 (2, samples) at 48 kHz from the selection's start to its end, silence where there is no sound."""
    samples = np.zeros((2, int((selection.end - selection.start) * AUDIO_RATE / 1000)), np.float32)
    resampler: Any = None
    form: tuple[object, ...] | None = None
    cursor: int | None = None
    for frame in decoded(track, selection.audio):
        if frame.pts is not None:
            at = round((frame.pts * track.time_base - selection.start / 1000) * AUDIO_RATE)
            cursor = at if cursor is None or abs(at - cursor) > SOUND_HOLE else cursor
        if form != (form := (frame.format.name, frame.layout.name, frame.sample_rate)):
            # A resampler takes all frames for what the first one was.
            for rest in resampler.resample(None) if resampler else ():
                cursor = _write(samples, rest.to_ndarray(), cursor or 0)
            resampler = av.AudioResampler(format="fltp", layout="stereo", rate=AUDIO_RATE)
        for resampled in resampler.resample(frame):
            cursor = _write(samples, resampled.to_ndarray(), cursor or 0)
    return samples


def _write(samples: np.ndarray[Any, np.dtype[np.float32]], sound: Any, at: int) -> int:
    """Where the sound written at `at` ends; what lies outside is left out."""
    begin, end = max(0, at), min(samples.shape[1], at + sound.shape[1])
    if begin < end:
        samples[:, begin:end] = sound[:, begin - at : end - at]
    return int(at + sound.shape[1])
