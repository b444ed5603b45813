"""Which packets of a timeline a clip carries, and where on the timeline it begins and ends."""

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from tldr_highlight_store.adapters.clips.timeline_pyav import Timeline, Track
from tldr_highlight_store.domain.clips.cutting import NothingToCut, PictureOutOfReach

# A frame on display at the start stands for it when the next one comes later than this (slide shows, screen captures).
LONGEST_WAIT_MS = 100
# Sound is decoded from a little before the start: AAC needs one packet of 21 ms, Opus 80 ms, MP3 its bit reservoir.
AUDIO_LEAD_MS = 100


@dataclass(frozen=True, slots=True)
class Selection:
    """Packets in decoding order. Times are exact milliseconds of stream time.

    `video` begins with the keyframe at or before the first frame shown. After it come packets presented before the
    start, which the edit list hides, and maybe some presented after the end, which others refer to.
    """

    start: Fraction
    end: Fraction
    video: list[Any]
    audio: list[Any]


def select(timeline: Timeline, start_ms: int, end_ms: int) -> Selection:
    """The packets for `[start_ms, end_ms)`. Raises NothingToCut, PictureOutOfReach."""
    video, audio = timeline.video, timeline.audio
    chosen: list[Any] = []
    start, end = Fraction(start_ms), Fraction(end_ms)
    if video is not None:
        first = _first_shown(video, start_ms, end_ms)
        if first is not None:
            chosen = _decodable(video, first, end_ms)
            end = _end_of_picture(video, first, end_ms)
            if video.boundary_ms(first.pts) < start_ms:
                first.pts = video.ticks(start_ms)
            start = first.pts * video.time_base * 1000
        elif any(start_ms <= video.boundary_ms(packet.pts) < end_ms for packet in video.packets):
            raise PictureOutOfReach(f"The keyframe before {start_ms} ms is not among the segments.")
    sound = _audible(audio, start, end, chosen) if audio is not None else []
    if not chosen and sound and audio is not None:
        start = max(start, sound[0].pts * audio.time_base * 1000)
        end = min(end, _end_of(sound[-1]) * audio.time_base * 1000)
    if (not chosen and not sound) or end <= start:
        raise NothingToCut(f"There is neither picture nor sound between {start_ms} and {end_ms} ms.")
    return Selection(start, end, chosen, sound)


def _first_shown(track: Track, start_ms: int, end_ms: int) -> Any:
    """The packet of the frame the clip begins with; None where nothing decodable is shown in the range."""
    keys = [packet.pts for packet in track.packets if packet.is_keyframe]
    shown = [packet for packet in track.packets if keys and packet.pts >= min(keys)]
    inside = [packet for packet in shown if start_ms <= track.boundary_ms(packet.pts) < end_ms]
    before = [packet for packet in shown if track.boundary_ms(packet.pts) < start_ms]
    following = min(inside, key=_pts, default=None)
    on_display = max(before, key=_pts, default=None)
    if following is not None and track.boundary_ms(following.pts) - start_ms <= LONGEST_WAIT_MS:
        return following
    return on_display if on_display is not None else following


def _decodable(track: Track, first: Any, end_ms: int) -> list[Any]:
    """From the keyframe that `first` needs to the last packet in decoding order that is shown before the end."""
    packets = track.packets
    begin = max(i for i, packet in enumerate(packets) if packet.is_keyframe and packet.pts <= first.pts)
    last = max(
        i
        for i, packet in enumerate(packets)
        if packet is first or (begin <= i and track.boundary_ms(packet.pts) < end_ms)
    )
    keyframe = packets[begin]
    # Frames that lead an open group of pictures refer to the group before, which is not here.
    return [packet for packet in packets[begin : last + 1] if packet.pts >= keyframe.pts]


def _end_of_picture(track: Track, first: Any, end_ms: int) -> Fraction:
    """Where the last frame stops being shown, but not long after the wanted end."""
    shown = [packet for packet in track.packets if packet is first or track.boundary_ms(packet.pts) < end_ms]
    last = max(shown, key=_pts)
    following = min((packet.pts for packet in track.packets if packet.pts > last.pts), default=_end_of(last))
    until = following * track.time_base * 1000
    return until if until <= end_ms + LONGEST_WAIT_MS else Fraction(end_ms)


def _audible(track: Track, start: Fraction, end: Fraction, video: list[Any]) -> list[Any]:
    """Sound from where the picture's packets begin, so that a player that ignores edit lists is in step too."""
    lead = start - AUDIO_LEAD_MS
    if video:
        lead = min(lead, video[0].pts * video[0].time_base * 1000)
    begin, until = track.ticks(lead), track.ticks(end)
    inside = [packet for packet in track.packets if _end_of(packet) > begin and packet.pts < until]
    return inside if any(_end_of(packet) > track.ticks(start) for packet in inside) else []


def _pts(packet: Any) -> int:
    return int(packet.pts)


def _end_of(packet: Any) -> int:
    return int(packet.pts + max(packet.duration or 0, 1))
