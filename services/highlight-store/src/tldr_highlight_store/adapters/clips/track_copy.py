"""Puts packets into an MP4 file as they are, with timestamps around the clip's start."""

from collections.abc import Iterable
from fractions import Fraction
from typing import Any

from tldr_highlight_store.adapters.clips.timeline_pyav import Track

# What Chromium, Firefox and Safari play out of an MP4 file without help of the graphics card.
VIDEO_CODECS = {"h264", "vp9", "av1", "libdav1d"}
PIXEL_FORMATS = {"yuv420p", "yuvj420p"}
AUDIO_CODECS = {"aac", "mp3", "mp3float", "opus", "flac"}
# A player decodes what is hidden before it shows the first frame; more than this takes it a second or two.
MOST_HIDDEN_MS = 20_000


def video_copyable(track: Track, hidden_ms: int) -> bool:
    """Whether browsers play the picture as it is, without a long wait."""
    context = track.template.codec_context
    plays = context.name in VIDEO_CODECS and context.pix_fmt in PIXEL_FORMATS
    return plays and not track.changed and hidden_ms <= MOST_HIDDEN_MS


def audio_copyable(track: Track) -> bool:
    """Whether browsers play the sound as it is."""
    return track.template.codec_context.name in AUDIO_CODECS and not track.changed


def copied(movie: Any, track: Track, packets: list[Any], start: Fraction) -> list[Any]:
    """The packets bound to a new stream of `movie`, `start` being 0, with decoding times of their own.

    Decoding times are the sorted presentation times moved back until none is later than its presentation: what an
    encoder writes, but without the holes and steps at the joints between segments.
    """
    stream = movie.add_stream_from_template(track.template, opaque=True)
    zero = track.ticks(start)
    presented = list(_increasing(sorted(packet.pts for packet in packets)))
    delay = max(dts - packet.pts for dts, packet in zip(presented, packets, strict=True))
    for packet, dts in zip(packets, presented, strict=True):
        packet.pts -= zero
        packet.dts = dts - delay - zero
        packet.stream = stream
    return packets


def _increasing(times: Iterable[int]) -> Iterable[int]:
    """The times, those repeated moved on by a tick."""
    last: int | None = None
    for time in times:
        last = time if last is None else max(time, last + 1)
        yield last
