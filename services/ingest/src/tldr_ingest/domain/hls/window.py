"""What is taken of a playlist that moves, and what is missing: a pure function of what was taken before."""

from __future__ import annotations

from dataclasses import dataclass, replace

from tldr_ingest.domain.hls.following import Following, Step, Trust
from tldr_ingest.domain.hls.joints import Joint, locate
from tldr_ingest.domain.hls.playlist import MediaPlaylist, MediaSegment, PlaylistKind
from tldr_ingest.domain.hls.walking import Walk

# RFC 8216 6.3.3: a client starts three target durations before the end, or it runs dry.
LIVE_EDGE = 3


@dataclass(frozen=True, slots=True)
class Followed:
    """What a playlist adds: `steps` in order of time, each segment once, as taken or in a `Missing`.

    `news`: segments that were not there before. `older`: it is a playlist of before. `ended`: the source says that nothing
    follows. `doubt`: this segment's content decides (see `Trust`); nothing was followed yet.
    """

    state: Following
    steps: tuple[Step, ...] = ()
    news: bool = False
    older: bool = False
    ended: bool = False
    elsewhere: bool = False
    doubt: MediaSegment | None = None


def follow(state: Following, playlist: MediaPlaylist, now_ms: int, *, from_start: bool = False) -> Followed:
    """What a playlist, loaded at `now_ms` on the wall clock, adds to what was followed. The first one gives its last three
    segments, or all of it: where that was asked for, or where it has ended.
    """
    segments = playlist.segments
    if not segments:
        return Followed(state, ended=playlist.ended)
    found = locate(state, playlist, now_ms)
    if found.doubt is not None:
        return Followed(state, doubt=found.doubt)
    if found.joint is Joint.OLDER:
        if state.behind_ms is None or state.trust is Trust.CONFIRMED:
            trust = Trust.KNOWN if state.trust is Trust.CONFIRMED else state.trust
            state = replace(state, trust=trust, behind_ms=now_ms, behind_at=segments[-1].sequence)
        return Followed(state, older=True)
    index = found.index
    if found.joint is Joint.FIRST and not (from_start or playlist.ended or playlist.kind is PlaylistKind.VOD):
        index = max(0, len(segments) - LIVE_EDGE)
    walk = Walk(_joined(state, playlist, found.joint, found.index), playlist, now_ms)
    for at in range(index, len(segments)):
        walk.take(segments[at], found.joint if at == index else Joint.NEXT)
    news = index < len(segments)
    state = replace(walk.state, trust=Trust.KNOWN, behind_ms=None)
    if news:
        state = replace(state, heard_ms=now_ms, heard=state.heard + 1, latency_ms=_latency_ms(state, now_ms))
    return Followed(state, tuple(walk.steps), news, ended=playlist.ended, elsewhere=found.joint is Joint.ELSEWHERE)


def _joined(state: Following, playlist: MediaPlaylist, joint: Joint, index: int) -> Following:
    last = state.last
    if joint is Joint.ELSEWHERE:
        # Another numbering has other dates, if it has any; those that were moved are of the one before.
        return replace(state, shift_ms=0)
    if state.trust is Trust.KNOWN or joint is not Joint.NEXT or index == 0 or last is None:
        return state
    found = playlist.segments[index - 1]
    if last.dated and found.date_ms is not None:
        # As it was moved when the mark was made.
        return replace(state, shift_ms=last.wall_ms - found.date_ms)
    return state


def _latency_ms(state: Following, now_ms: int) -> int | None:
    if state.last is None or not state.last.dated:
        return state.latency_ms
    latency_ms = now_ms - state.last.end_ms
    return latency_ms if state.latency_ms is None else min(latency_ms, state.latency_ms)
