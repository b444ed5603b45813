"""Chooses the tracks of a container: the default-flagged or largest picture, the default or loudest sound."""

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
    """The tracks that are read; the others are not even demuxed. `passed_over` are the indexes of those of sound that are
    not read because another one is the default.
    """

    video: VideoStream | None
    audio: AudioStream | None
    passed_over: tuple[int, ...] = ()

    @property
    def streams(self) -> list[VideoStream | AudioStream]:
        return [stream for stream in (self.video, self.audio) if stream is not None]


def choose_tracks(container: InputContainer, loudest: Callable[[Sequence[int]], int] | None = None) -> ChosenTracks:
    """Choose, and discard all others. Raises NoTracks when nothing is left that a decoder knows.

    `loudest` is asked which of several tracks of sound is meant, of which none or more than one is the default.
    """
    videos = [stream for stream in container.streams.video if _is_moving(stream)]
    flagged = [stream for stream in videos if stream.disposition & Disposition.default]
    video = max(flagged or videos, key=lambda stream: stream.width * stream.height, default=None)
    audio, passed_over = _sound_of(container, video, loudest)
    if video is None and audio is None:
        raise NoTracks("The recording has no picture and no sound that can be decoded.")
    for stream in container.streams:
        if stream is not video and stream is not audio:
            stream.discard = Discard.all
    return ChosenTracks(video, audio, passed_over)


def _is_moving(stream: VideoStream) -> bool:
    # Cover art is a video track of one picture; tracks without a size were announced but never sent.
    return stream.codec_context is not None and not stream.disposition & _STILL and stream.width > 0


def _sound_of(
    container: InputContainer, video: VideoStream | None, loudest: Callable[[Sequence[int]], int] | None
) -> tuple[AudioStream | None, tuple[int, ...]]:
    known = [stream for stream in container.streams.audio if stream.codec_context is not None and stream.sample_rate]
    if container.format.name == "mpegts" and video is not None and len(container.streams.video) > 1:
        # A multiplex may carry several programmes; only FFmpeg knows which sound belongs to which.
        related = container.streams.best("audio", related=video)
        if isinstance(related, AudioStream) and related in known:
            return related, ()
    flagged = [stream for stream in known if stream.disposition & Disposition.default]
    if len(flagged) == 1:
        return flagged[0], tuple(stream.index for stream in known if stream is not flagged[0])
    meant = flagged or known
    if len(meant) > 1 and loudest is not None:
        index = loudest([stream.index for stream in meant])
        return next(stream for stream in meant if stream.index == index), ()
    return (meant[0] if meant else None), ()


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
