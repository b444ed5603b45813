"""Writes the MP4 file of a clip, each track copied where browsers play it as it is, otherwise transcoded."""

import tempfile
from fractions import Fraction
from pathlib import Path
from typing import Any

import av

from tldr_highlight_store.adapters.clips.mp4_edit_list import end_at
from tldr_highlight_store.adapters.clips.selection import Selection
from tldr_highlight_store.adapters.clips.timeline_pyav import Timeline, Track
from tldr_highlight_store.adapters.clips.track_copy import audio_copyable, copied, video_copyable
from tldr_highlight_store.adapters.clips.track_transcode import encoded_audio, encoded_video
from tldr_highlight_store.domain.clips.cutting import Clip

# A multiple of the common frame rates and their 1.001 fractions, so that the edits' ends are exact.
MOVIE_TIME_SCALE = 90_000
MOVIE_OPTIONS = {
    "movflags": "+faststart",
    # Packets before 0 are kept and hidden by an edit list instead of being moved to 0.
    "use_editlist": "1",
    "avoid_negative_ts": "disabled",
    "movie_timescale": str(MOVIE_TIME_SCALE),
}


def write_clip(timeline: Timeline, selection: Selection, *, copy: bool = True) -> Clip:
    """The clip; without `copy`, or where a codec does not allow it, tracks are transcoded. Moves the packets' times."""
    video = timeline.video if selection.video else None
    audio = timeline.audio if selection.audio else None
    hidden = _hidden_ms(video, selection)
    copy_video = copy and video is not None and video_copyable(video, hidden)
    copy_audio = copy and audio is not None and audio_copyable(audio)
    data = _written(selection, video, audio, copy_video=copy_video, copy_audio=copy_audio)
    end_at(data, float((selection.end - selection.start) / 1000))
    context = video.template.codec_context if video is not None else None
    return Clip(
        data=bytes(data),
        start_ms=round(selection.start),
        duration_ms=round(selection.end - selection.start),
        method="copy" if copy_video >= (video is not None) and copy_audio >= (audio is not None) else "transcode",
        media_type="audio/mp4" if video is None else "video/mp4",
        hidden_ms=hidden if copy_video else 0,
        width=context.width if context else 0,
        height=context.height if context else 0,
    )


def _written(
    selection: Selection, video: Track | None, audio: Track | None, *, copy_video: bool, copy_audio: bool
) -> bytearray:
    with tempfile.TemporaryDirectory(prefix="tldr-clip-") as folder:
        # The muxer moves the index to the front by reading its own file again, which it cannot do in memory.
        file = Path(folder, "clip.mp4")
        with av.open(str(file), "w", format="mp4", container_options=dict(MOVIE_OPTIONS)) as movie:
            packets: list[Any] = []
            for track, kept, copy, encoded in (
                (video, selection.video, copy_video, encoded_video),
                (audio, selection.audio, copy_audio, encoded_audio),
            ):
                if track is not None:
                    packets += copied(movie, track, kept, selection.start) if copy else encoded(movie, track, selection)
            # Decoding time decides the order in the file, so that both tracks arrive together.
            for packet in sorted(packets, key=_decoding_time):
                movie.mux_one(packet)
        return bytearray(file.read_bytes())


def _hidden_ms(video: Track | None, selection: Selection) -> int:
    if video is None:
        return 0
    first: int = selection.video[0].pts
    return max(0, round(selection.start - first * video.time_base * 1000))


def _decoding_time(packet: Any) -> Fraction:
    return Fraction(packet.dts * packet.time_base)
