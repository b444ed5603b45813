"""One live stream in a thousand orders of arrival: what stands in the end is always the same."""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from itertools import count, pairwise

import numpy as np
import pytest

from tldr_contracts.ids import HighlightId, StreamId
from tldr_fusion_detector.adapters.moments.live_state_bytes import (
    cells_bytes,
    excitement_bytes,
    read_state,
    state_bytes,
)
from tldr_fusion_detector.application.moments.found_highlight import FoundHighlight, FoundState, after, revise
from tldr_fusion_detector.application.signals.coverage import Coverage, ModalityState, coverage
from tldr_fusion_detector.application.stream_record import Request, Source, StreamRecord
from tldr_fusion_detector.domain.moments.boundaries import Interval
from tldr_fusion_detector.domain.moments.detection import Highlight, detect
from tldr_fusion_detector.domain.moments.lifecycle import Classified, State
from tldr_fusion_detector.domain.moments.live_detection import detect_further, reads_from_s
from tldr_fusion_detector.domain.moments.live_state import LiveState
from tldr_fusion_detector.domain.profile.profile import Profile
from tldr_fusion_detector.domain.scoring.live_reading import ScoredBy
from tldr_fusion_detector.domain.signals.baseline import Mode
from tldr_fusion_detector.domain.signals.signals import Modality
from tldr_fusion_detector.domain.signals.timeline import Gap, Piece, Timeline, assemble
from tldr_fusion_detector.domain.signals.vocabulary import LEARNED, Vocabulary
from tldr_fusion_detector.domain.signals.words import WordCounts, WordPiece, merge

Broadcast = Callable[..., tuple[Timeline, list[Interval]]]

LENGTH_S = 360  # the first highlights are final when 314 s are known
RARELY, OFTEN = 0.04, 0.2  # chances of an advance when the watermark has moved: before anything can be final, and then
MODALITIES = (Modality.VIDEO, Modality.AUDIO, Modality.CHAT)
SERIES = ("video.motion", "audio.crowd", "audio.loudness", "chat.rate", "chat.hype", "chat.brevity", "chat.repetition")
DEAF = Gap(Modality.AUDIO, 126_000, 147_000)
TAUGHT = Vocabulary(3, {"zorp": 0.5, "well": -0.05})
RECORD = StreamRecord(
    StreamId("str_1"),
    request=Request(7, Mode.LIVE, chat=True, profile={}),
    source=Source(opened_attempt=1, modalities=MODALITIES[:2]),
)


@dataclass(frozen=True, slots=True)
class Arrival:
    """One message: what a modality was, or why it was nothing, since the message before it; or its end."""

    modality: Modality
    until_ms: int
    pieces: tuple[Piece, ...] = ()
    cuts_ms: tuple[int, ...] = ()
    words: WordPiece | None = None
    gap: Gap | None = None
    ended: bool = False


@dataclass(slots=True)
class MemoryService:
    """What is kept of the stream. Messages and advances do with it what the service does with its tables."""

    profile: Profile
    states: dict[Modality, ModalityState] = field(default_factory=dict)
    pieces: dict[tuple[str, int], Piece] = field(default_factory=dict)
    words: dict[int, WordPiece] = field(default_factory=dict)
    cuts_ms: set[int] = field(default_factory=set)
    gaps: set[Gap] = field(default_factory=set)
    found: tuple[FoundHighlight, ...] = ()
    promised: list[Highlight] = field(default_factory=list)
    state: LiveState = field(default_factory=LiveState)
    names: Iterator[int] = field(default_factory=count)
    ended: bool = False

    @property
    def by(self) -> ScoredBy:
        return ScoredBy(self.profile, vocabulary=TAUGHT)

    @property
    def coverage(self) -> Coverage:
        covered = coverage(RECORD, self.states)
        assert covered is not None
        return covered

    def take(self, arrival: Arrival) -> None:
        state = self.states.get(arrival.modality, ModalityState())
        until_ms = max(state.complete_until_ms, arrival.until_ms)
        state = replace(state, complete_until_ms=until_ms)
        if arrival.ended:
            state = replace(state, ended_attempt=1, duration_ms=arrival.until_ms)
        self.states[arrival.modality] = state
        self.pieces |= {(piece.signal, piece.start_s): piece for piece in arrival.pieces}
        self.words |= {arrival.words.start_s: arrival.words} if arrival.words else {}
        self.cuts_ms |= set(arrival.cuts_ms)
        self.gaps |= {arrival.gap} if arrival.gap else set()

    def advance(self) -> None:
        """Go on from what had settled, up to the watermark and a little ahead of it, and publish what changed."""
        covered = self.coverage
        until_s = covered.watermark_ms // 1000
        front_s = until_s if covered.ended else max(state.complete_until_ms for state in self.states.values()) // 1000
        start_s = reads_from_s(self.by, self.state, until_s, ended=covered.ended)
        length_s = front_s - start_s
        cuts_ms = [cut for cut in self.cuts_ms if 1000 * start_s <= cut < 1000 * front_s]
        words = merge((piece.since(start_s) for piece in self.words.values()), length_s)
        pieces = self.pieces.values()
        part = assemble(length_s, pieces, self.gaps, cuts_ms, words=words, start_s=start_s)
        found = detect_further(self.by, self.state, part, until_s, ended=covered.ended)
        self.state = _stored(found.state)
        self.promised += found.final
        self.ended = covered.ended
        detected = [Classified(highlight, State.FINAL) for highlight in found.final]
        detected += [Classified(highlight, State.PROVISIONAL) for highlight in found.provisional]
        known = [one for one in self.found if one.state is FoundState.PROVISIONAL]
        changes = revise(known, detected, lambda: HighlightId(f"hl_{next(self.names)}"))
        self.found = after(self.found, changes)


def _stored(state: LiveState) -> LiveState:
    """The state as it comes back from where it is kept."""
    return read_state(state_bytes(state), cells_bytes(state.read.cells), excitement_bytes(state.read))


def _stream(broadcast: Broadcast) -> Timeline:
    """A broadcast with a word that goes with its moments, one that is said now and then, and 21 s without sound."""
    whole, _ = broadcast(6, length_s=LENGTH_S, moments=4, lag_s=22)
    hyped = np.nan_to_num(whole.series["chat.hype"]) * whole.series["chat.rate"]
    said = np.random.default_rng(6).poisson([np.full(LENGTH_S, 0.3), 0.5 * hyped])
    seconds, indexes = np.nonzero(said.T)
    words = WordCounts(("well", "zorp"), seconds, indexes, said.T[seconds, indexes])
    series = {name: whole.series[name] for name in SERIES}
    return Timeline(LENGTH_S, series, (DEAF,), whole.cuts_ms, words=words)


def _of_what_there_is(profile: Profile) -> Profile:
    """The profile without what this stream does not have, so that detection takes a few milliseconds."""
    asked = {d: tuple(part for part in d.signals if part.signal in {*SERIES, LEARNED}) for d in profile.dimensions}
    return replace(profile, dimensions=tuple(replace(d, signals=left) for d, left in asked.items() if left))


def _messages(stream: Timeline, modality: Modality, rng: random.Random) -> list[Arrival]:
    """All that a modality says, in order, in messages of 10 to 30 s, with its end."""
    borders = {0, LENGTH_S}
    while (furthest := max(borders - {LENGTH_S}) + rng.randint(10, 30)) < LENGTH_S:
        borders.add(furthest)
    if modality is DEAF.modality:
        borders |= {DEAF.start_ms // 1000, DEAF.end_ms // 1000}
    said = [_message(stream, modality, start, end) for start, end in pairwise(sorted(borders))]
    return [*said, Arrival(modality, LENGTH_S * 1000, ended=True)]


def _message(stream: Timeline, modality: Modality, start_s: int, end_s: int) -> Arrival:
    start_ms, end_ms = start_s * 1000, end_s * 1000
    if modality is DEAF.modality and DEAF.start_ms <= start_ms < DEAF.end_ms:
        return Arrival(modality, end_ms, gap=Gap(modality, start_ms, end_ms))
    series = {name: values[start_s:end_s] for name, values in stream.series.items() if name.startswith(modality)}
    pieces = tuple(Piece(name, start_s, values) for name, values in series.items())
    if modality is Modality.CHAT:
        said = stream.words.until(end_s).outside(np.arange(LENGTH_S) < start_s)
        return Arrival(modality, end_ms, pieces, words=WordPiece(start_s, said))
    if modality is Modality.VIDEO:
        return Arrival(modality, end_ms, pieces, tuple(cut for cut in stream.cuts_ms if start_ms <= cut < end_ms))
    return Arrival(modality, end_ms, pieces)


def _arrivals(stream: Timeline, rng: random.Random) -> Iterator[Arrival]:
    """Modalities interleave by chance, some far behind others; now and then a message comes a second time."""
    queues = [(_messages(stream, modality, rng), rng.random() ** 2) for modality in MODALITIES]
    past: list[Arrival] = []
    while waiting := [(queue, speed) for queue, speed in queues if queue]:
        (queue,) = rng.choices([queue for queue, _ in waiting], [speed for _, speed in waiting])
        past.append(queue.pop(0))
        yield past[-1]
        if rng.random() < 0.1:
            yield rng.choice(past)


def _played(stream: Timeline, profile: Profile, order: int) -> tuple[list[tuple[FoundState, Highlight]], int]:
    """What stands at the end of the stream in one order, and how much of it was final before."""
    rng, service, seen_ms, early = random.Random(order), MemoryService(profile), 0, 0
    for arrival in _arrivals(stream, rng):
        service.take(arrival)
        covered = service.coverage
        chance = RARELY if covered.watermark_ms < 300_000 else OFTEN
        if not service.ended and (covered.ended or (covered.watermark_ms > seen_ms and rng.random() < chance)):
            early = len(service.promised)
            service.advance()
            seen_ms = covered.watermark_ms
    return [(found.state, found.highlight) for found in service.found], early


MORE = [pytest.param(range(first, first + 200), marks=pytest.mark.long) for first in range(100, 1_100, 200)]


@pytest.mark.parametrize("orders", [range(100), *MORE], ids=str)
def test_any_order_of_arrival_ends_in_the_same_final_highlights(
    broadcast: Broadcast, gaming: Profile, orders: range
) -> None:
    stream, profile = _stream(broadcast), _of_what_there_is(gaming)
    highlights = detect(stream, profile, mode=Mode.LIVE, vocabulary=TAUGHT).highlights
    assert (Modality.AUDIO,) in [highlight.missing for highlight in highlights]
    assert LEARNED in {part.signal for highlight in highlights for part in highlight.contributions}
    with_promises = 0
    for order in orders:
        kept, early = _played(stream, profile, order)
        assert kept == [(FoundState.FINAL, highlight) for highlight in highlights]
        with_promises += early > 0
    assert with_promises > len(orders) / 2
