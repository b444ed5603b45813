"""Highlights as they were published, and what must be published next."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from tldr_contracts.ids import HighlightId
from tldr_fusion_detector.domain.moments.detection import Highlight
from tldr_fusion_detector.domain.moments.lifecycle import Classified, State, match_moments

# A recording is looked at again every few seconds; what moved less than this is not worth an event until it is final.
NOTICEABLE_MS = 1_000
NOTICEABLE_SCORE = 0.05
HELD_SHARE = 0.5
NOTICEABLE_GROWTH = 0.25


class FoundState(StrEnum):
    PROVISIONAL = "provisional"
    FINAL = "final"
    RETRACTED = "retracted"


@dataclass(frozen=True, slots=True)
class FoundHighlight:
    """A highlight with its identity; `revision` is 1 for the first figures and one more for each change."""

    id: HighlightId
    revision: int
    state: FoundState
    highlight: Highlight

    def revised(self, state: FoundState, highlight: Highlight) -> "FoundHighlight":
        """The next revision."""
        return replace(self, revision=self.revision + 1, state=state, highlight=highlight)


def revise(
    known: Sequence[FoundHighlight],
    detected: Sequence[Classified],
    new_id: Callable[[], HighlightId],
    noticeable: "Callable[[Highlight, Highlight], bool] | None" = None,
    holds: Callable[[Highlight], bool] = lambda _: False,
) -> tuple[FoundHighlight, ...]:
    """What changes: retractions first, then new and revised highlights in order of time.

    `noticeable`: what a provisional one must have changed by to be told of again. `holds`: whether one that was not found
    this time stays as it is.

    A final highlight never changes again, whatever is detected later; a retracted one never comes back (the moment
    would be a new highlight). A moment keeps its identity through its revisions.
    """
    tells = noticeable or _noticeable
    kept = {found.id: found for found in known if found.state is not FoundState.RETRACTED}
    names = match_moments(
        {name: found.highlight for name, found in kept.items()}, [entry.highlight for entry in detected]
    )
    changes = [
        found.revised(FoundState.RETRACTED, found.highlight)
        for name, found in kept.items()
        if name not in names.values() and found.state is FoundState.PROVISIONAL and not holds(found.highlight)
    ]
    for index, entry in enumerate(detected):
        state = FoundState.FINAL if entry.state is State.FINAL else FoundState.PROVISIONAL
        name = names.get(index)
        old = kept[HighlightId(name)] if name is not None else None
        if old is None:
            changes.append(FoundHighlight(new_id(), 1, state, entry.highlight))
        elif old.state is FoundState.PROVISIONAL and (
            state is FoundState.FINAL or tells(old.highlight, entry.highlight)
        ):
            changes.append(old.revised(state, entry.highlight))
    return tuple(changes)


def after(known: Sequence[FoundHighlight], changes: Sequence[FoundHighlight]) -> tuple[FoundHighlight, ...]:
    """All that stands once the changes are made, in order of time."""
    whole = {found.id: found for found in (*known, *changes)}
    kept = (found for found in whole.values() if found.state is not FoundState.RETRACTED)
    return tuple(sorted(kept, key=lambda found: (found.highlight.start_ms, found.highlight.peak_ms, found.id)))


def revise_live(
    known: Sequence[FoundHighlight],
    detected: Sequence[Classified],
    new_id: Callable[[], HighlightId],
    best_score: Callable[[Highlight], float | None],
) -> tuple[FoundHighlight, ...]:
    """The same for moments that are still going on: an end moves with every look, and is told of as the highlight grows.

    A live stream's ordinary level moves as well, so a score that hovers about the least one would come and go. What was
    told is taken back when it has settled otherwise, when another took its place, or when less than `HELD_SHARE` of its
    score is left. `best_score`: the highest score of an interval as it is now, None where it has settled.
    """

    def grown(old: Highlight, new: Highlight) -> bool:
        length_ms = max(old.end_ms - old.start_ms, 1)
        little = abs(new.end_ms - old.end_ms) <= max(NOTICEABLE_MS, NOTICEABLE_GROWTH * length_ms)
        return _noticeable(replace(old, end_ms=new.end_ms) if little else old, new)

    def holds(old: Highlight) -> bool:
        taken = any(old.start_ms < one.highlight.end_ms and one.highlight.start_ms < old.end_ms for one in detected)
        best = None if taken else best_score(old)
        return best is not None and best >= HELD_SHARE * old.score

    return revise(known, detected, new_id, grown, holds)


def _noticeable(old: Highlight, new: Highlight) -> bool:
    moved = max(abs(old.start_ms - new.start_ms), abs(old.end_ms - new.end_ms), abs(old.peak_ms - new.peak_ms))
    return moved > NOTICEABLE_MS or abs(old.score - new.score) > NOTICEABLE_SCORE or old.types[:1] != new.types[:1]
