"""Sound that lies in a playlist of its own: which of its segments belong to a segment of the picture."""

from __future__ import annotations

from tldr_ingest.domain.hls.following import Take
from tldr_ingest.domain.hls.playlist import MediaPlaylist, MediaSegment


def sounds_of(take: Take, audio: MediaPlaylist, after: int | None) -> tuple[MediaSegment, ...] | None:
    """Those whose middle lies in the picture's segment, each once: `after` is the number of the last one that was given. Without
    dates the one of the same number. None where it is not there yet, nothing where it will not come.
    """
    segments = audio.segments
    if not segments:
        return () if audio.ended else None
    if after is not None and after > segments[-1].sequence + len(segments):
        after = None
    if take.segment.date_ms is None or segments[-1].date_ms is None:
        return _of_same_number(take.segment.sequence, audio)
    moved_ms = take.mark.wall_ms - take.segment.date_ms
    start_ms, end_ms = take.mark.wall_ms, take.mark.wall_ms + take.mark.duration_ms
    reached_ms = segments[-1].date_ms + moved_ms + segments[-1].duration_ms
    if not audio.ended and reached_ms < end_ms - segments[-1].duration_ms // 2:
        return None
    found = []
    for segment in segments:
        if (after is not None and segment.sequence <= after) or segment.date_ms is None:
            continue
        middle_ms = segment.date_ms + moved_ms + segment.duration_ms // 2
        # Dates are rounded: one that follows the last one belongs here although it seems to begin a little early.
        early_ms = segment.duration_ms if after is not None and segment.sequence == after + 1 else 0
        if start_ms - early_ms <= middle_ms < end_ms:
            found.append(segment)
            after = segment.sequence
    return tuple(found)


def _of_same_number(sequence: int, audio: MediaPlaylist) -> tuple[MediaSegment, ...] | None:
    found = tuple(segment for segment in audio.segments if segment.sequence == sequence)
    return None if not found and not audio.ended and audio.segments[-1].sequence < sequence else found
