"""Chooses the tracks of a container: the default-flagged or largest picture, the default or first sound that is heard."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from av.audio.stream import AudioStream
from av.container import InputContainer
from av.stream import Discard, Disposition
from av.video.stream import VideoStream

from tldr_ingest.domain.errors import NoTracks
from tldr_ingest.domain.media.source import AudioTrack, SourceInfo, VideoTrack

_STILL = Disposition.attached_pic | Disposition.still_image | Disposition.timed_thumbnails


@dataclass(frozen=True, slots=True)
class ChosenTracks:
    """The tracks that are read; the others are not even demuxed."""

    video: VideoStream | None
    audio: AudioStream | None

    @property
    def streams(self) -> list[VideoStream | AudioStream]:
        return [stream for stream in (self.video, self.audio) if stream is not None]


def choose_tracks(container: InputContainer, audible: Callable[[Sequence[int]], int] | None = None) -> ChosenTracks:
    """Choose, and discard all others. Raises NoTracks when nothing is left that a decoder knows.

    `audible` is asked which of several tracks of sound, of which none or more than one is the default, can be heard.
    """
    videos = [stream for stream in container.streams.video if _is_moving(stream)]
    flagged = [stream for stream in videos if stream.disposition & Disposition.default]
    video = max(flagged or videos, key=lambda stream: stream.width * stream.height, default=None)
    audio = _sound_of(container, video, audible)
    if video is None and audio is None:
        raise NoTracks("The recording has no picture and no sound that can be decoded.")
    for stream in container.streams:
        if stream is not video and stream is not audio:
            stream.discard = Discard.all
    return ChosenTracks(video, audio)


def _is_moving(stream: VideoStream) -> bool:
    # Cover art is a video track of one picture; tracks without a size were announced but never sent.
    return stream.codec_context is not None and not stream.disposition & _STILL and stream.width > 0


def _sound_of(
    container: InputContainer, video: VideoStream | None, audible: Callable[[Sequence[int]], int] | None
) -> AudioStream | None:
    known = [stream for stream in container.streams.audio if stream.codec_context is not None and stream.sample_rate]
    if container.format.name == "mpegts" and video is not None and len(container.streams.video) > 1:
        # A multiplex may carry several programmes; only FFmpeg knows which sound belongs to which.
        related = container.streams.best("audio", related=video)
        if isinstance(related, AudioStream) and related in known:
            return related
    flagged = [stream for stream in known if stream.disposition & Disposition.default] or known
    if len(flagged) > 1 and audible is not None:
        index = audible([stream.index for stream in flagged])
        return next(stream for stream in flagged if stream.index == index)
    return flagged[0] if flagged else None


def describe(container: InputContainer, tracks: ChosenTracks) -> SourceInfo:
    """The header in the domain's words."""
    return SourceInfo(
        format=container.format.name,
        claimed_duration_ms=(container.duration or 0) // 1000,
        video=None if tracks.video is None else _picture(tracks.video),
        audio=None if tracks.audio is None else _sound(tracks.audio),
    )


def _picture(stream: VideoStream) -> VideoTrack:
    return VideoTrack(stream.codec.canonical_name, stream.width, stream.height, float(stream.average_rate or 0))


def _sound(stream: AudioStream) -> AudioTrack:
    return AudioTrack(stream.codec.canonical_name, stream.sample_rate, stream.channels)
