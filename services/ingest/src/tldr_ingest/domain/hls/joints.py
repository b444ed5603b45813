"""Where a playlist goes on behind the last segment."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

from tldr_ingest.domain.hls.following import SLACK_MS, Following, Place, Trust
from tldr_ingest.domain.hls.playlist import MediaPlaylist, MediaSegment, stem_of

# Edges of one network lie a few segments apart.
_EDGES_APART = 3


class Joint(StrEnum):
    """How a segment follows the last one. next: directly. lost: segments between them left the window. elsewhere: in another
    numbering. first: there is no last one. older: the playlist has nothing new, it is one of before.
    """

    NEXT = "next"
    LOST = "lost"
    ELSEWHERE = "elsewhere"
    FIRST = "first"
    OLDER = "older"


@dataclass(frozen=True, slots=True)
class Found:
    """Where to go on: at `index` of the playlist's segments. `doubt`: by its name or number that is the last segment, but after
    an absence, or where numbers went back or its date is another one, it may be another of the same name: its content tells.
    """

    joint: Joint
    index: int
    doubt: MediaSegment | None = None


def locate(state: Following, playlist: MediaPlaylist, now_ms: int) -> Found:
    """Find the last segment in a playlist that has segments: by name, by date, by number."""
    last, segments = state.last, playlist.segments
    if last is None:
        return Found(Joint.FIRST, 0)
    if state.trust is Trust.DENIED:
        return Found(Joint.ELSEWHERE, 0)
    at = _index_of(state, last, playlist)
    if at is not None:
        moved = state.behind_ms is not None or _other_date(state, last, segments[at])
        unknown = state.trust is Trust.STORED or (state.trust is Trust.KNOWN and moved)
        doubtful = unknown and not _same_date(state, last, segments[at])
        return Found(Joint.NEXT, at + 1, segments[at] if doubtful else None)
    if last.sequence < segments[0].sequence:
        return Found(Joint.NEXT if last.sequence + 1 == segments[0].sequence else Joint.LOST, 0)
    if last.sequence > segments[-1].sequence:
        return _gone_back(state, last, playlist, now_ms)
    return Found(Joint.ELSEWHERE, 0)


def answered(state: Following, doubt: MediaSegment, same: bool | None) -> Following:
    """The state when it is known whether a segment's content is the `same` as of the last one; None where nobody can know, as
    it was an advertisement or is not to be had any more: its date decides then. Under another name, a date that is not the
    last one's is enough: a source that begins to count anew reaches the number of the last segment one segment later.
    """
    if same is None:
        last = state.last
        same = last is None or not (_other_date(state, last, doubt) or _renamed_and_moved(state, last, doubt))
    return replace(state, trust=Trust.CONFIRMED if same else Trust.DENIED)


def _index_of(state: Following, last: Place, playlist: MediaPlaylist) -> int | None:
    segments = playlist.segments
    at = last.sequence - segments[0].sequence
    numbered = segments[at] if 0 <= at < len(segments) else None
    if numbered is not None and numbered.name == last.name:
        return at
    named = [index for index, segment in enumerate(segments) if segment.name == last.name]
    if len(named) == 1 and not _other_date(state, last, segments[named[0]]):
        return named[0]
    dated = [index for index, segment in enumerate(segments) if _same_date(state, last, segment)]
    if dated:
        return at if at in dated else dated[-1]
    if numbered is None or _other_date(state, last, numbered):
        return None
    same = stem_of(numbered.name) == stem_of(last.name) or (
        state.trust is not Trust.KNOWN and numbered.discontinuity == state.discontinuity
    )
    return at if same else None


def _same_date(state: Following, last: Place, segment: MediaSegment) -> bool:
    if not last.dated or segment.date_ms is None:
        return False
    return abs(segment.date_ms + state.shift_ms - last.wall_ms) * 2 <= last.duration_ms


def _other_date(state: Following, last: Place, segment: MediaSegment) -> bool:
    if not last.dated or segment.date_ms is None:
        return False
    return abs(segment.date_ms + state.shift_ms - last.wall_ms) > max(SLACK_MS, last.duration_ms)


def _renamed_and_moved(state: Following, last: Place, segment: MediaSegment) -> bool:
    dated = last.dated and segment.date_ms is not None
    return dated and segment.name != last.name and not _same_date(state, last, segment)


def _gone_back(state: Following, last: Place, playlist: MediaPlaylist, now_ms: int) -> Found:
    """A playlist whose numbers end before the last segment's: of another edge or a cache, or of a restart."""
    newest = playlist.segments[-1]
    older, elsewhere = Found(Joint.OLDER, len(playlist.segments)), Found(Joint.ELSEWHERE, 0)
    known = [segment for segment in playlist.segments if segment.name in state.recent]
    if last.dated and newest.date_ms is not None:
        newest_end_ms = newest.date_ms + state.shift_ms + newest.duration_ms
        if newest_end_ms > last.end_ms + min(SLACK_MS, last.duration_ms // 2):
            return elsewhere
        # Numbers and dates that are a little back both are those of an edge that is behind.
        if known or newest.sequence >= last.sequence - len(playlist.segments) - _EDGES_APART:
            return older
    elif not known and newest.sequence < last.sequence - _EDGES_APART:
        return elsewhere
    # One that goes on and never comes up to what was taken may have begun to count anew.
    patience_ms = playlist.duration_ms + 3 * playlist.pace_ms
    waited = state.behind_ms is not None and now_ms - state.behind_ms > patience_ms
    if not waited or newest.sequence <= state.behind_at or state.trust is Trust.CONFIRMED:
        return older
    return Found(Joint.OLDER, 0, known[-1]) if known else elsewhere
