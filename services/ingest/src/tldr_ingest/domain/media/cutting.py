"""Where a source is cut into segments: at keyframes near the target, by force at a limit. Pure; knows no library."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from typing import Any

# With no DTS to tell, no codec shows a picture later than sixteen others that follow it.
_REORDER_PACKETS = 16
# Sound that is written this much later than the picture it belongs to is no longer waited for.
_SKEW_MS = 2_000


@dataclass(frozen=True, slots=True)
class SegmentRule:
    """Lengths in milliseconds of stream time, sizes in bytes."""

    target_ms: int = 4_000
    max_ms: int = 12_000
    max_bytes: int = 16 << 20


@dataclass(slots=True)
class Timed:
    """A packet with its place: stream time in ms, `pts` and `dts` in ticks of its track, `packet` whatever it is."""

    packet: Any
    video: bool
    key: bool
    pts: int
    dts: int | None
    dts_ms: int | None
    start_ms: int
    end_ms: int
    size: int


@dataclass(slots=True)
class Draft:
    """A segment's packets in the order they were read; `next_video_pts` is the first picture of the one after.

    Its length counts from `origin_ms`: later than `start_ms` where it begins with a hole.
    """

    index: int
    start_ms: int
    origin_ms: int
    packets: list[Timed] = field(default_factory=list)
    end_ms: int = 0
    size: int = 0
    last_key_ms: int | None = None
    pictures: int = 0
    next_video_pts: int | None = None

    def append(self, packet: Timed) -> None:
        self.packets.append(packet)
        self.size += packet.size
        if packet.video:
            self.pictures += 1
            if packet.key:
                self.last_key_ms = packet.start_ms


class SegmentCutter:
    """Takes packets in the order read and gives drafts back in order; every packet ends up in exactly one.

    Pictures are divided where decoding allows it, sound where the pictures' time says so, so a draft is given back
    only when the sound has caught up (at most 2 s of pictures later). Every decision depends on the packets from the
    segment's own start on: started at a boundary, the cutter draws the same boundaries again.
    """

    def __init__(self, rule: SegmentRule, has_video: bool, has_audio: bool, index: int = 0, start_ms: int = 0) -> None:
        self._rule = rule
        self._has_video = has_video
        self._both = has_video and has_audio
        self._current = Draft(index, start_ms, start_ms)
        self._pending: list[Timed] = []
        self._boundary_ms = 0
        self._pictures_settled = False
        self._heard_until_ms = 0

    def add(self, packet: Timed) -> list[Draft]:
        """Take a packet; the drafts that are complete now."""
        if not self._pending and not self._starts_next(packet):
            self._current.append(packet)
            return []
        return self._work_off(deque([packet]))

    def joint(self) -> list[Draft]:
        """What was read ends where another keyframe is expected: close the segment there, without waiting for that, where it
        is long enough and the sound of it is there.
        """
        current = self._current
        pictures = [packet for packet in current.packets if packet.video]
        if self._pending or not pictures or current.last_key_ms is None:
            return []
        end_ms = max(packet.end_ms for packet in pictures)
        heard_ms = max((packet.end_ms for packet in current.packets if not packet.video), default=0)
        long_enough = 2 * (end_ms - current.origin_ms) + end_ms - current.last_key_ms >= 2 * self._rule.target_ms
        if not long_enough or (self._both and heard_ms < end_ms):
            return []
        self._boundary_ms = end_ms
        draft, again = self._close()
        return [draft, *self._work_off(deque(again))]

    def finish(self) -> list[Draft]:
        """There are no more packets: the rest."""
        closed: list[Draft] = []
        while self._pending:
            draft, again = self._close()
            closed += [draft] if draft.packets else []
            closed += self._work_off(deque(again))
        last, self._current = self._current, Draft(self._current.index + 1, 0, 0)
        if last.packets:
            last.end_ms = max([last.start_ms + 1, *(packet.end_ms for packet in last.packets)])
            closed.append(last)
        return closed

    def _work_off(self, packets: deque[Timed]) -> list[Draft]:
        # What waited behind a boundary is judged again from there on, and may hold further boundaries.
        closed: list[Draft] = []
        while packets:
            packet = packets.popleft()
            if not self._pending and not self._starts_next(packet):
                self._current.append(packet)
                continue
            if not self._pending:
                self._boundary_ms = packet.start_ms
                self._pictures_settled = not packet.video
                self._heard_until_ms = self._last_sound_ms() if packet.video else packet.start_ms
            self._pending.append(packet)
            if self._settled(packet):
                draft, again = self._close()
                closed += [draft] if draft.packets else []
                packets.extendleft(reversed(again))
        return closed

    def _starts_next(self, packet: Timed) -> bool:
        current, rule = self._current, self._rule
        elapsed = packet.start_ms - current.origin_ms
        if elapsed <= 0 or not current.packets:
            return False
        if current.size + packet.size > rule.max_bytes:
            return True
        if not packet.video:
            # Beside pictures sound may lead; only without them for so long it has to close the segment itself.
            return elapsed >= (rule.max_ms + _SKEW_MS if self._has_video else rule.target_ms)
        if elapsed >= rule.max_ms or not packet.key:
            return elapsed >= rule.max_ms
        # Another keyframe probably comes as late as this one did; cut at the one nearer to the target.
        since = packet.start_ms - (current.origin_ms if current.last_key_ms is None else current.last_key_ms)
        return 2 * elapsed + since >= 2 * rule.target_ms

    def _settled(self, packet: Timed) -> bool:
        if packet.video and not self._pictures_settled:
            self._settle_pictures(packet)
        elif not packet.video:
            self._heard_until_ms = max(self._heard_until_ms, packet.start_ms)
        if not self._pictures_settled:
            return False
        if not self._both or self._heard_until_ms >= self._boundary_ms:
            return True
        late = packet.video and packet.start_ms - self._boundary_ms > _SKEW_MS
        return late or sum(waiting.size for waiting in self._pending) > self._rule.max_bytes

    def _settle_pictures(self, packet: Timed) -> None:
        # Pictures read after a keyframe but shown before it (open GOP) move the boundary; none is shown before its DTS.
        first = self._pending[0].start_ms
        if packet.dts_ms is not None and packet.dts_ms >= first:
            self._pictures_settled = True
            return
        self._boundary_ms = min(self._boundary_ms, packet.start_ms)
        pictures = sum(waiting.video for waiting in self._pending)
        self._pictures_settled = pictures >= _REORDER_PACKETS

    def _close(self) -> tuple[Draft, list[Timed]]:
        """The draft before the boundary, and the packets behind it."""
        closing, pending = self._current, self._pending
        boundary = max(self._boundary_ms, closing.start_ms + 1)
        closed = Draft(closing.index, closing.start_ms, closing.origin_ms, end_ms=boundary)
        again: list[Timed] = []
        for packet in closing.packets:
            (closed.append if packet.video or packet.start_ms < boundary else again.append)(packet)
        for packet in pending:
            (closed.append if not packet.video and packet.start_ms < boundary else again.append)(packet)
        closed.next_video_pts = next((packet.pts for packet in again if packet.video), None)
        self._pending = []
        if closed.packets:
            self._current = Draft(closing.index + 1, boundary, boundary)
        else:
            # There was nothing but sound that belongs behind the boundary: the segment begins with a hole. What ended
            # it must not end it again, whatever times follow.
            first_ms = pending[0].start_ms if pending else boundary
            self._current = Draft(closing.index, closing.start_ms, max(boundary, first_ms))
        return closed, again

    def _last_sound_ms(self) -> int:
        return max((packet.start_ms for packet in self._current.packets if not packet.video), default=0)


class DecodeChain:
    """Names for each segment the one where decoding must start; segments must come in order."""

    def __init__(self, anchor: int = 0) -> None:
        self.anchor = anchor

    def decode_from(self, draft: Draft) -> int:
        """The draft's own index where all its pictures can be decoded from its own first one."""
        pictures = [packet for packet in draft.packets if packet.video]
        if not pictures:
            return draft.index
        before, first = self.anchor, pictures[0]
        if first.key:
            self.anchor = draft.index
            if all(picture.start_ms >= first.start_ms for picture in pictures):
                return draft.index
        return min(before, draft.index)
