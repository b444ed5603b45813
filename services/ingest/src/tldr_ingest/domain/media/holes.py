"""What a recording leaves out: holes in it, and tracks that begin late, end early or are empty.

Sound comes steadily, so a pause of its packets is a hole. A picture stays until the next one, for minutes in a slide show,
so a pause of pictures is a hole only where the sound pauses with it, or where the pictures' own rate says so.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Collection
from dataclasses import dataclass, field
from heapq import heappop, heappush

from tldr_ingest.domain.media.cutting import Timed
from tldr_ingest.domain.media.presence import LIMIT_MS, Absence, Presence
from tldr_ingest.domain.media.source import Modality, ReadGap

ALONE_MS = 10_000
"""No new picture for longer than this beside sound that goes on is a hole, unless pictures are that rare."""
# Tracks of one file begin and end at different times by less than this.
_EDGE_MS = 1_000
_FEW_SOUNDS = 4
_FEW_PICTURES = 8
# With no DTS to tell, no codec shows a picture later than sixteen others that follow it.
_REORDERED = 16


def _recent() -> deque[Absence]:
    return deque(maxlen=_REORDERED)


@dataclass(slots=True)
class Holes:
    """Follows the packets of a recording in the order read; `gaps` collects what is missing, to be taken from there.

    `alone_ms` is how long there may be no new picture while sound goes on.
    """

    has_video: bool
    has_audio: bool
    alone_ms: int = ALONE_MS
    gaps: list[ReadGap] = field(default_factory=list)
    _pictures: Presence = field(default_factory=Presence)
    _sounds: Presence = field(default_factory=Presence)
    _unsettled: list[tuple[int, int]] = field(default_factory=list)
    _picture_read_ms: int = -1
    _still: deque[Absence] = field(default_factory=_recent)
    _silent: deque[Absence] = field(default_factory=_recent)

    def begin_at(self, start_ms: int) -> None:
        """What lies before was followed already, and no track was away there."""
        self._pictures.from_ms = self._sounds.from_ms = start_ms

    def away_at(self, end_ms: int) -> bool:
        """Whether a track has nothing there or later so far: how much of it is missing is not known yet."""
        heard_ms = -1 if self._sounds.last_ms is None else self._sounds.last_ms
        return (self.has_video and self._picture_read_ms < end_ms) or (self.has_audio and heard_ms < end_ms)

    def add(self, packet: Timed) -> None:
        """Take a packet. Runs for every packet."""
        if not packet.video:
            self._hear(packet.start_ms, packet.end_ms)
            return
        self._picture_read_ms = max(self._picture_read_ms, packet.start_ms)
        heappush(self._unsettled, (packet.start_ms, packet.end_ms))
        # Pictures are read before others that are shown before them, but none is shown before its DTS.
        settled_ms = packet.dts_ms
        while self._unsettled and (
            len(self._unsettled) > _REORDERED or (settled_ms is not None and self._unsettled[0][0] <= settled_ms)
        ):
            self._show(*heappop(self._unsettled))

    def finish(self, end_ms: int, cut_off: Collection[Modality] = ()) -> None:
        """There are no more packets, and the recording ends there; it is known why those that were `cut_off` do earlier."""
        while self._unsettled:
            self._show(*heappop(self._unsettled))
        sounds, pictures = self._sounds, self._pictures
        if self.has_audio and Modality.AUDIO not in cut_off and sounds.until_ms >= sounds.from_ms:
            # A last slide may claim to stay for minutes; only new pictures show that the recording goes on.
            shown_until_ms = (pictures.last_ms or 0) + min(pictures.usual_ms, LIMIT_MS)
            if shown_until_ms - sounds.until_ms >= _EDGE_MS:
                self._say_end(Modality.AUDIO, sounds.until_ms, end_ms)
        if self.has_video and Modality.VIDEO not in cut_off and (pictures.empty or pictures.rated):
            patience_ms = max(self.alone_ms, _FEW_PICTURES * pictures.usual_ms)
            if end_ms - pictures.claimed_until_ms > patience_ms:
                self._say_end(Modality.VIDEO, pictures.claimed_until_ms, end_ms)

    def _hear(self, start_ms: int, end_ms: int) -> None:
        sounds = self._sounds
        absence = sounds.absence_before(start_ms)
        hole = absence is not None and absence.length_ms > _FEW_SOUNDS * sounds.usual_ms
        if absence is not None and sounds.begins_with(absence):
            self._say_late(Modality.AUDIO, absence)
        elif absence is not None and hole:
            self._say_hole(Modality.AUDIO, absence)
            self._silent.append(absence)
            self._match()
        sounds.take(start_ms, end_ms, behind_hole=hole)

    def _show(self, start_ms: int, end_ms: int) -> None:
        pictures = self._pictures
        absence = pictures.absence_before(start_ms)
        hole = absence is not None and self._rate_says_hole(start_ms, absence)
        if absence is not None and pictures.begins_with(absence):
            self._say_late(Modality.VIDEO, absence)
        elif absence is not None and hole:
            self._say_hole(Modality.VIDEO, absence)
        elif absence is not None and self.has_audio:
            self._still.append(absence)
            self._match()
        pictures.take(start_ms, end_ms, behind_hole=hole)

    def _rate_says_hole(self, start_ms: int, absence: Absence) -> bool:
        pictures = self._pictures
        few_ms = _FEW_PICTURES * pictures.usual_ms
        if not self.has_audio and pictures.steady(few_ms):
            return absence.length_ms > few_ms
        return pictures.rated and start_ms - pictures.claimed_until_ms > max(self.alone_ms, few_ms)

    def _match(self) -> None:
        """Pictures and sound that pause together: no picture came while there was no sound, but for some skew."""
        for silent in tuple(self._silent):
            for still in tuple(self._still):
                together = Absence(max(silent.start_ms, still.start_ms), min(silent.end_ms, still.end_ms))
                if together.length_ms >= max(LIMIT_MS, silent.length_ms - 2 * LIMIT_MS):
                    self._say_hole(Modality.VIDEO, _of_pictures(still, together))
                    self._silent.remove(silent)
                    self._still.remove(still)
                    break

    def _say_hole(self, modality: Modality, hole: Absence) -> None:
        reason = f"The timestamps jump over {hole.length_ms / 1000:.1f} s in which there is no {modality}."
        self._say(modality, hole, "timestamp_jump", reason)

    def _say_late(self, modality: Modality, absence: Absence) -> None:
        if absence.length_ms >= _EDGE_MS:
            reason = (
                f"There is no {modality} in the first {absence.length_ms / 1000:.1f} s of the recording."
                " If there should be, export it anew and submit that."
            )
            self._say(modality, absence, "track_starts_late", reason)

    def _say_end(self, modality: Modality, start_ms: int, end_ms: int) -> None:
        rest = Absence(start_ms, end_ms)
        reason = (
            f"There is no {modality} in the last {rest.length_ms / 1000:.1f} s of the recording."
            " If there should be, export it anew and submit that."
        )
        self._say(modality, rest, "track_ends_early", reason)

    def _say(self, modality: Modality, absence: Absence, code: str, reason: str) -> None:
        self.gaps.append(ReadGap(modality, absence.start_ms, absence.end_ms, code, reason))


def _of_pictures(still: Absence, together: Absence) -> Absence:
    # Where pictures stop or go on at about the time of the sound, their own time is the right one.
    start_ms = still.start_ms if together.start_ms - still.start_ms <= LIMIT_MS else together.start_ms
    end_ms = still.end_ms if still.end_ms - together.end_ms <= LIMIT_MS else together.end_ms
    return Absence(start_ms, end_ms)
