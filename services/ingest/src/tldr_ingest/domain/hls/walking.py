"""Gives each new segment its place on the wall clock and its clock's name."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from tldr_ingest.domain.hls.advertisements import LONGEST_BREAK_MS
from tldr_ingest.domain.hls.following import SLACK_MS, Following, Place, Step, Take, Trust
from tldr_ingest.domain.hls.joints import Joint
from tldr_ingest.domain.hls.playlist import MediaPlaylist, MediaSegment
from tldr_ingest.domain.live.feed import Missing, PieceMark, WallSource

_RECENT = 64
# So often a source has to be heard before its usual latency is known.
_KNOWN_AFTER = 5
_REASONS = {
    "window_passed": "The segments left the playlist before they were read.",
    "source_stalled": "The source gave nothing for this time.",
    "advertisement": "The source showed an advertisement.",
    "segment_missing": "The source says that it misses this segment.",
}


@dataclass(frozen=True, slots=True)
class _Spot:
    """Where a segment lies. `jumped`: time passed between it and the one before, by what the source's dates or our clock say."""

    wall_ms: int
    jumped: bool = False


@dataclass(slots=True)
class Walk:
    """A pass over the new segments of one playlist, in order."""

    state: Following
    playlist: MediaPlaylist
    now_ms: int
    steps: list[Step] = field(default_factory=list)
    _left_ms: int = -1
    _covering: bool = False

    def take(self, segment: MediaSegment, joint: Joint) -> None:
        """Add a segment to the steps, with what is missing before it."""
        if self._left_ms < 0:
            first = self.playlist.segments[0].sequence
            self._left_ms = sum(each.duration_ms for each in self.playlist.segments[segment.sequence - first :])
        state = self.state
        last = state.last
        spot = self._spot(segment, joint, last)
        self._left_ms -= segment.duration_ms
        end_ms = spot.wall_ms + segment.duration_ms
        self._name_clock(segment, joint, spot)
        if joint is Joint.FIRST:
            self.state = replace(self.state, told_ms=spot.wall_ms)
        elif joint is Joint.ELSEWHERE or (last is not None and state.told_ms > last.end_ms):
            self._covering = True
        self._say(segment, joint, spot)
        dated = segment.date_ms is not None
        place = Place(segment.sequence, segment.name, spot.wall_ms, segment.duration_ms, dated)
        recent = (*self.state.recent, segment.name)[-_RECENT:]
        self.state = replace(self.state, last=place, told_ms=max(self.state.told_ms, end_ms), recent=recent)
        if self.state.told_ms <= end_ms:
            self._covering = False

    def _say(self, segment: MediaSegment, joint: Joint, spot: _Spot) -> None:
        told_ms, end_ms = self.state.told_ms, spot.wall_ms + segment.duration_ms
        advertisement = self._is_advertisement(segment, spot.wall_ms)
        if self._covering and spot.wall_ms < told_ms - min(SLACK_MS, segment.duration_ms // 4):
            # It came after it was said to be missing, or was taken from another numbering.
            self._missing(told_ms, end_ms, "source_stalled")
            return
        if spot.jumped or joint in (Joint.LOST, Joint.ELSEWHERE) or self._covering:
            passed = joint is Joint.LOST or (joint is Joint.ELSEWHERE and self.state.trust is not Trust.KNOWN)
            self._missing(told_ms, spot.wall_ms, "window_passed" if passed else "source_stalled")
            told_ms = max(told_ms, spot.wall_ms)
        if advertisement:
            self._missing(told_ms, end_ms, "advertisement")
        elif segment.gap:
            self._missing(told_ms, end_ms, "segment_missing")
        else:
            source = WallSource.ARRIVAL if segment.date_ms is None else WallSource.SOURCE
            mark = PieceMark(
                self.state.clock, segment.sequence, segment.name, spot.wall_ms, source, segment.duration_ms
            )
            self.steps.append(Take(segment, mark))

    def _missing(self, start_ms: int, end_ms: int, code: str) -> None:
        if end_ms <= start_ms:
            return
        before = self.steps[-1] if self.steps else None
        if isinstance(before, Missing) and before.code == code and before.end_ms >= start_ms:
            self.steps[-1] = replace(before, end_ms=end_ms)
        else:
            self.steps.append(Missing(start_ms, end_ms, code, _REASONS[code]))

    def _name_clock(self, segment: MediaSegment, joint: Joint, spot: _Spot) -> None:
        state = self.state
        if joint is Joint.LOST:
            # What was lost may have held splices that nobody counted.
            counted = self.playlist.counts_splices or segment.discontinuity == state.discontinuity == 0
            same = counted and segment.discontinuity == state.discontinuity
        else:
            same = joint is Joint.NEXT and not segment.splice
        if joint is Joint.FIRST:
            self.state = replace(state, discontinuity=segment.discontinuity)
        elif not same or spot.jumped:
            self.state = replace(state, run=state.run + 1, discontinuity=segment.discontinuity)

    def _spot(self, segment: MediaSegment, joint: Joint, last: Place | None) -> _Spot:
        if joint is Joint.FIRST or last is None:
            return _Spot(self.now_ms - self._left_ms if segment.date_ms is None else segment.date_ms)
        if segment.date_ms is None:
            return self._estimated(segment, joint, last)
        if joint is Joint.ELSEWHERE:
            return self._begun_anew(segment, segment.date_ms)
        wall_ms = segment.date_ms + self.state.shift_ms
        ahead_ms = wall_ms - last.end_ms
        if joint is Joint.LOST and ahead_ms >= 0:
            return _Spot(wall_ms)
        if ahead_ms < -SLACK_MS or (ahead_ms > SLACK_MS and not self._believed(segment, ahead_ms)):
            # The source's clock was set; time did not go back, and did not stop either.
            start_ms = self._counted(segment, last)
            self.state = replace(self.state, shift_ms=start_ms - segment.date_ms)
            return _Spot(start_ms)
        return _Spot(wall_ms, jumped=ahead_ms > SLACK_MS)

    def _begun_anew(self, segment: MediaSegment, date_ms: int) -> _Spot:
        newest = self.playlist.segments[-1]
        if newest.date_ms is None or newest.date_ms + newest.duration_ms > self.state.told_ms:
            return _Spot(date_ms)
        # A source that began anew with a clock that is slow.
        wall_ms = max(self.state.told_ms, self.now_ms - self._left_ms)
        self.state = replace(self.state, shift_ms=wall_ms - date_ms)
        return _Spot(wall_ms)

    def _believed(self, segment: MediaSegment, ahead_ms: int) -> bool:
        """A jump of dates in the middle of a run: true, unless it would make the source faster by half of it than it ever was."""
        usual_ms = self.state.latency_ms
        latency_ms = self.now_ms - (segment.date_ms or 0) - self.state.shift_ms - self._left_ms
        known = usual_ms is not None and self.state.heard >= _KNOWN_AFTER
        return segment.splice or not known or latency_ms >= (usual_ms or 0) - ahead_ms // 2

    def _estimated(self, segment: MediaSegment, joint: Joint, last: Place) -> _Spot:
        """Without dates: by durations, and by our clock (the end of a playlist is now) where they cannot tell."""
        arrived_ms = self.now_ms - self._left_ms
        loose_ms = max(SLACK_MS, 4 * self.playlist.pace_ms)
        if joint is Joint.NEXT:
            silent = self.state.told_ms > last.end_ms or arrived_ms - last.end_ms > max(10 * SLACK_MS, loose_ms)
            jumped = silent and arrived_ms - last.end_ms > SLACK_MS
            return _Spot(arrived_ms, jumped=True) if jumped else _Spot(last.end_ms)
        if joint is Joint.LOST:
            counted_ms = self._counted(segment, last)
            near = abs(counted_ms - arrived_ms) <= loose_ms
            return _Spot(counted_ms if near else max(arrived_ms, last.end_ms))
        # A playlist comes up to a segment late, give or take.
        near = abs(arrived_ms - self.state.told_ms) * 2 <= max(2 * SLACK_MS, 3 * self.playlist.pace_ms)
        return _Spot(self.state.told_ms if near else arrived_ms)

    def _counted(self, segment: MediaSegment, last: Place) -> int:
        """Where it begins if those between it and the last one were as long as the playlist's are."""
        between = max(0, segment.sequence - last.sequence - 1)
        usual_ms = self.playlist.duration_ms / len(self.playlist.segments)
        return last.end_ms + round(between * usual_ms)

    def _is_advertisement(self, segment: MediaSegment, wall_ms: int) -> bool:
        until_ms = self.state.break_until_ms
        if segment.cue_in:
            until_ms = None
        if segment.cue_out_ms is not None:
            until_ms = wall_ms + (segment.cue_out_ms or LONGEST_BREAK_MS)
        if until_ms is not None and wall_ms >= until_ms:
            until_ms = None
        self.state = replace(self.state, break_until_ms=until_ms)
        return segment.advertisement or until_ms is not None
