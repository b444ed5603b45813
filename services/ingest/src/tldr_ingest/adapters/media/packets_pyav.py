"""Reads packets and gives each its place in stream time."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from typing import Any

import av.error
from av.packet import Packet

from tldr_ingest.adapters.media.coding_pyav import CodingWatch
from tldr_ingest.adapters.media.source_pyav import OpenedSource
from tldr_ingest.adapters.media.tracks_pyav import ChosenTracks
from tldr_ingest.domain.media.cutting import Timed
from tldr_ingest.domain.media.holes import Holes
from tldr_ingest.domain.media.source import Modality
from tldr_ingest.domain.media.timeline import Timeline, TrackClock
from tldr_media.stream_time import to_milliseconds

# Enough to see the first pictures in order, whatever lies between them.
_HEAD_PICTURES = 64
_HEAD_PACKETS = 512
# A demuxer that fails this often without a packet in between will not recover.
_FAILURES = 10
# No encoder needs more of a beginning that is not heard (MP3 25 ms, AAC 21 or 43 ms, Opus 80 ms).
_PRIMING_MS = 100


class PacketFeed:
    """The packets of the chosen tracks in the order of the file. Iterate once; `seek` only before."""

    def __init__(self, source: OpenedSource, tracks: ChosenTracks) -> None:
        self._source = source
        self._tracks = tracks
        self.timeline = Timeline(changed=lambda _: self._coding.changed(self._placed))
        self._coding = CodingWatch()
        self._placed: Packet[Any] | None = None
        self.clocks = {
            stream.index: TrackClock(modality, stream.time_base.numerator, stream.time_base.denominator)
            for modality, stream in ((Modality.VIDEO, tracks.video), (Modality.AUDIO, tracks.audio))
            if stream is not None and stream.time_base is not None
        }
        self.holes = Holes(tracks.video is not None, tracks.audio is not None)
        self._raw = self._read()
        self._head = self._read_head()
        self.timeline.zero_ms = self._find_zero()

    @property
    def empty(self) -> bool:
        """Whether there is not a single packet."""
        return not self._head

    @property
    def last(self) -> Packet[Any] | None:
        """The packet that was read last."""
        return self._placed

    def seek(self, clock: TrackClock, ticks: int) -> None:
        """Go on reading at the keyframe before `ticks`. Raises FFmpegError where the container cannot."""
        stream = next(stream for stream in self._tracks.streams if self.clocks[stream.index] is clock)
        self._source.container.seek(ticks, stream=stream)
        self._raw, self._head = self._read(), []

    def __iter__(self) -> Iterator[Timed]:
        video = self._tracks.video
        video_index = -1 if video is None else video.index
        clocks, timeline, holes = self.clocks, self.timeline, self.holes
        zero, noted = timeline.zero_ms, set[int]()
        for packet in chain(self._head, self._raw):
            index = packet.stream_index
            self._placed = packet
            place = _place(packet, clocks[index], timeline, zero, index == video_index)
            if packet.is_keyframe and (index == video_index or index not in noted):
                noted.add(index)
                self._coding.changed(packet)
            holes.add(place)
            yield place

    def _read(self) -> Iterator[Packet[Any]]:
        failures = 0
        while failures < _FAILURES:
            try:
                for packet in self._source.container.demux(self._tracks.streams):
                    # The last packets of PyAV are empty ones that flush decoders.
                    if packet.size:
                        failures = 0
                        yield packet
                break
            except av.error.FFmpegError:
                failures += 1
            except IndexError:
                # PyAV 18 ends like this when a track appeared while reading.
                break
        if self._source.failure is not None:
            raise self._source.failure

    def _read_head(self) -> list[Packet[Any]]:
        head: list[Packet[Any]] = []
        missing = set(self.clocks)
        pictures = 0
        for packet in self._raw:
            head.append(packet)
            missing.discard(packet.stream_index)
            pictures += packet.stream is self._tracks.video
            if len(head) >= _HEAD_PACKETS or (
                not missing and (pictures >= _HEAD_PICTURES or self._tracks.video is None)
            ):
                break
        return head

    def _find_zero(self) -> int:
        pictures = [packet for packet in self._head if packet.stream is self._tracks.video]
        sounds = [packet for packet in self._head if packet.stream is self._tracks.audio]
        seen = _first_picture_ms(pictures)
        heard = self._first_sound_ms(sounds)
        if seen is None:
            return heard or 0
        # An encoder's few milliseconds of priming come before the picture; a recording that begins with sound alone
        # begins there.
        return heard if heard is not None and heard < seen - 1000 else seen

    def _first_sound_ms(self, sounds: list[Packet[Any]]) -> int | None:
        times = [time for packet in sounds[:1] if (time := _time_ms(packet)) is not None]
        if not times:
            return None
        # Samples before 0 are the encoder's priming: cut away by the edit list or codec delay, never heard. An MP3 file
        # counts from its first packet instead, and its start is where the priming that its header names is over.
        if -_PRIMING_MS <= times[0] < 0:
            return 0
        heard = self._start_of_sound_ms()
        return heard if 0 < heard - times[0] <= _PRIMING_MS else times[0]

    def _start_of_sound_ms(self) -> int:
        audio = self._tracks.audio
        if audio is None or audio.start_time is None:
            return 0
        return self.clocks[audio.index].milliseconds(audio.start_time)


def _first_picture_ms(pictures: list[Packet[Any]]) -> int | None:
    shown = [packet for packet in pictures if not packet.is_discard]
    if shown and shown[0].is_keyframe and shown[0] is pictures[0]:
        # What is shown before a first keyframe refers to pictures that do not exist.
        return _time_ms(shown[0])
    return min((time for packet in shown if (time := _time_ms(packet)) is not None), default=None)


def _time_ms(packet: Packet[Any]) -> int | None:
    ticks = packet.dts if packet.pts is None else packet.pts
    base: Any = packet.time_base
    return None if ticks is None else to_milliseconds(ticks, base.numerator, base.denominator)


def _place(packet: Packet[Any], clock: TrackClock, timeline: Timeline, zero_ms: int, video: bool) -> Timed:
    # Runs for every packet: 46,000 times for ten minutes.
    pts, dts = packet.pts, packet.dts
    if pts is None:
        pts = dts if dts is not None else clock.last_end - clock.shift
    timeline.place(clock, pts, pts if dts is None else dts, packet.duration or 0)
    pts += clock.shift
    dts_ms = None
    if dts is not None:
        dts += clock.shift
        dts_ms = clock.milliseconds(dts) - zero_ms
    start_ms = clock.milliseconds(pts) - zero_ms
    end_ms = clock.milliseconds(pts + clock.step) - zero_ms
    return Timed(packet, video, packet.is_keyframe, pts, dts, dts_ms, start_ms, end_ms, packet.size)
