"""Segments fetched side by side and given in order."""

from __future__ import annotations

from collections import OrderedDict, deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

from tldr_ingest.adapters.hls.contents import Content
from tldr_ingest.adapters.hls.loading import Loaded
from tldr_ingest.domain.errors import AddressExpired
from tldr_ingest.domain.hls.asking import Attempts, Verdict, judge
from tldr_ingest.domain.hls.following import Step, Take
from tldr_ingest.domain.hls.playlist import MediaPlaylist, MediaSegment
from tldr_ingest.domain.hls.sound import sounds_of
from tldr_ingest.domain.live.feed import Missing, Piece
from tldr_outbound import AddressRefused, OutboundError, ResponseTooLarge, SourceNotFound

_REFUSALS = frozenset({401, 403, 410})
_WAITING = 24
_WAITING_BYTES = 128 << 20
_REMEMBERED = 64
EXPIRED = "The address has expired or may not be read any more."


@dataclass(slots=True, eq=False)
class Slot:
    """A step on its way. `numbering` tells which numbering its sequence belongs to. `sounds`: segments of sound that lie apart
    and belong to it, None while they are not known.
    """

    step: Step
    numbering: int
    flying: bool = False
    not_before: float = 0.0
    tried: Attempts = field(default_factory=Attempts)
    reloads: int | None = None
    came_before: int = 0
    short: int = -1
    content: Content | None = None
    sounds: tuple[MediaSegment, ...] | None = ()
    fatal: Exception | None = None
    given_up: Missing | None = None

    @property
    def settled(self) -> bool:
        return isinstance(self.step, Missing) or bool(self.content or self.fatal or self.given_up)


class Releases:
    """The steps of a playlist in order, the next of them being fetched. `pause_s(failures)`: until one is asked for again."""

    def __init__(self, side_by_side: int, pause_s: Callable[[int], float]) -> None:
        self._slots: deque[Slot] = deque()
        self._side_by_side = side_by_side
        self._pause_s = pause_s
        self._numbering = 0
        self._loaded = 0
        self._window: dict[int, MediaSegment] = {}
        self._leaves = True
        self._final = False
        self._audio: MediaPlaylist | None = None
        self._sounded: int | None = None
        self._came = 0
        self._digests: OrderedDict[str, str] = OrderedDict()
        self.stopped: Exception | None = None

    @property
    def empty(self) -> bool:
        return not self._slots

    def digest_of(self, name: str) -> str:
        """Of a piece that was given lately; empty where there was none."""
        return self._digests.get(name, "")

    def remember(self, name: str, digest: str) -> None:
        """A piece that was given."""
        self._digests[name] = digest
        self._digests.move_to_end(name)
        while len(self._digests) > _REMEMBERED:
            self._digests.popitem(last=False)

    def add(self, steps: tuple[Step, ...], loaded: Loaded, *, elsewhere: bool, leaves: bool, final: bool) -> None:
        """What a playlist that was loaded adds, and which segments it names now. `final`: it is not loaded again."""
        self._final = final
        self._numbering += elsewhere
        self._loaded += 1
        self._leaves = leaves
        self._window = {segment.sequence: segment for segment in loaded.media.segments}
        self._audio = loaded.audio
        sounds = None if loaded.audio else ()
        self._slots += [Slot(step, self._numbering, sounds=sounds) for step in steps]
        self._find_sounds()

    def _find_sounds(self) -> None:
        for slot in self._slots:
            if self._audio is None or isinstance(slot.step, Missing) or slot.sounds is not None or slot.settled:
                continue
            slot.sounds = sounds_of(slot.step, self._audio, self._sounded)
            if slot.sounds:
                self._sounded = slot.sounds[-1].sequence
            elif slot.sounds is not None or slot.step.segment.sequence not in self._window:
                self._give_up(slot, "its sound, which lies apart, did not come.")
            else:
                # The playlist of sound is a little behind.
                return

    def to_fetch(self, now: float) -> list[Slot]:
        """Those that may be asked for now; they are flying from then on."""
        flying = sum(slot.flying for slot in self._slots)
        held, size, found = 0, 0, list[Slot]()
        for slot in self._slots:
            if flying >= self._side_by_side or held >= _WAITING or size >= _WAITING_BYTES or self.stopped:
                break
            held += 1
            size += len(slot.content.data) if slot.content else 0
            if slot.settled or slot.flying or slot.sounds is None or slot.not_before > now:
                continue
            slot.flying = True
            flying += 1
            found.append(slot)
        return found

    def next_due(self, now: float) -> float | None:
        """When the next of those that failed is asked for again."""
        return min(
            (s.not_before for s in self._slots if not (s.settled or s.flying) and s.not_before > now), default=None
        )

    def segment_of(self, slot: Slot) -> MediaSegment:
        """As the playlist names it now: addresses may be signed anew with each load."""
        take = _take_of(slot)
        fresh = self._window.get(take.segment.sequence) if slot.numbering == self._numbering else None
        return fresh or take.segment

    def came(self, slot: Slot, content: Content, now: float) -> None:
        """It was fetched; one that seems too short is asked for once more."""
        slot.flying = False
        if content.short and slot.short != len(content.data):
            slot.short, slot.not_before = len(content.data), now + self._pause_s(1)
            return
        self._came += 1
        slot.content = content

    def failed(self, slot: Slot, error: Exception, now: float) -> None:
        """It was not fetched: it is asked for again, given up, or ends the reading when its turn comes."""
        slot.flying = False
        if not isinstance(error, OutboundError) or isinstance(error, AddressRefused):
            slot.fatal = error
            return
        if isinstance(error, ResponseTooLarge):
            self._give_up(slot, "A segment is larger than 64 MB.")
            return
        if slot.reloads is None:
            slot.reloads, slot.came_before = self._loaded, self._came
        tried = slot.tried
        if isinstance(error, SourceNotFound) and error.status in _REFUSALS:
            tried = replace(tried, refused=tried.refused + 1)
        elif isinstance(error, SourceNotFound):
            tried = replace(tried, gone=tried.gone + 1)
        else:
            tried = replace(tried, other=tried.other + 1)
        slot.tried = replace(tried, reloads=self._loaded - slot.reloads + self._final)
        verdict = judge(
            slot.tried,
            in_window=slot.numbering == self._numbering and _take_of(slot).segment.sequence in self._window,
            leaves=self._leaves,
            final=self._final,
            others_come=self._came > slot.came_before,
            others_refused=any(other is not slot and other.tried.refused for other in self._slots),
        )
        slot.not_before = now + self._pause_s(slot.tried.all)
        if verdict is Verdict.LOST:
            self._give_up(slot, error.sentence)
        elif verdict is Verdict.AWAY:
            self.stop(error)
        elif verdict is Verdict.EXPIRED:
            self.stop(AddressExpired(EXPIRED))

    def ready(self) -> Iterator[Piece | Missing]:
        """What is next in order. Raises what ended the reading, behind the last that was had before."""
        while self._slots and self._slots[0].settled:
            slot = self._slots.popleft()
            if slot.fatal is not None:
                raise slot.fatal
            if isinstance(slot.step, Missing):
                yield slot.step
            elif slot.content is not None:
                yield self._piece(slot.step, slot.content)
            elif slot.given_up is not None:
                yield slot.given_up
        if self.stopped is not None and not any(slot.flying for slot in self._slots):
            raise self.stopped

    def stop(self, error: Exception) -> None:
        """Ask for nothing more; what is under way is waited for and given, and then this is raised."""
        self.stopped = self.stopped or error

    def not_loaded(self) -> None:
        """The playlist was asked for and did not come."""
        self._loaded += 1

    def abandoned(self) -> Iterator[Missing]:
        """All that is left, as missing: the source is over."""
        while self._slots:
            slot = self._slots.popleft()
            reason = "The source was away until it was over."
            yield slot.step if isinstance(slot.step, Missing) else slot.step.lost("segment_missing", reason)

    def _piece(self, take: Take, content: Content) -> Piece | Missing:
        if content.digest in self._digests.values():
            return take.lost("segment_missing", "The source gave a segment again that it had given before.")
        self.remember(take.mark.name, content.digest)
        return Piece(replace(take.mark, digest=content.digest), content.format, content.data)

    def _give_up(self, slot: Slot, sentence: str) -> None:
        slot.given_up = _take_of(slot).lost("segment_missing", f"A segment could not be had: {sentence}")


def _take_of(slot: Slot) -> Take:
    if isinstance(slot.step, Missing):
        raise TypeError("what is missing is not fetched")
    return slot.step
