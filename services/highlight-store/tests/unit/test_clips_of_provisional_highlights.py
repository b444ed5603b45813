"""A clip of a highlight that may still change is cut when somebody asks for it, and kept where it still shows the same."""

from dataclasses import replace
from typing import Any

import pytest

from tldr_contracts.ids import HighlightId
from tldr_highlight_store.application.clips.ask_for_clip import MOST_WANTED, AskForClip, TooManyClips
from tldr_highlight_store.application.clips.cut_highlight import CutHighlight
from tldr_highlight_store.application.highlights.record_highlight import RecordHighlight
from tldr_highlight_store.application.highlights.retract_highlight import RetractHighlight
from tldr_highlight_store.application.ports import CutImpossible
from tldr_highlight_store.domain.highlights.highlight import ClipState, Highlight, HighlightState
from tldr_streams.values import StoredObject

CLIP = StoredObject("bucket", "clip.mp4", 9, b"sum", "video/mp4")
PROVISIONAL, FINAL = HighlightState.PROVISIONAL, HighlightState.FINAL


class Scissors:
    """Cuts, or cannot."""

    def __init__(self, fails: bool = False) -> None:
        self.fails = fails

    async def cut(self, highlight: Highlight, segments: Any, *, token: int) -> tuple[StoredObject, StoredObject | None]:
        if self.fails:
            raise CutImpossible("nothing_to_cut", "There is nothing.")
        return CLIP, None


async def recorded(memory: Any, **changes: Any) -> Highlight:
    highlight: Highlight = memory.highlight(**changes)
    await RecordHighlight(memory.streams, memory.highlights, memory.clips, memory.announcements, memory.settle)(
        highlight
    )
    return highlight


async def asked(memory: Any, highlight: Highlight) -> Highlight:
    found = await AskForClip(memory)(highlight.id)
    assert found
    return found


async def cut(memory: Any, highlight: Highlight, *, fails: bool = False) -> Highlight:
    await CutHighlight(Scissors(fails))(highlight.id, memory.transactions, revision=highlight.revision, token=7)
    found: Highlight = await memory.highlights.get(highlight.id)
    return found


@pytest.fixture
async def seen(memory: Any) -> Any:
    """A provisional highlight of a stream that was read so far."""
    for index in range(4):
        await memory.segments.add(memory.stream, memory.segment(index))
    await memory.read(16_000)
    return await recorded(memory, state=PROVISIONAL)


async def test_a_provisional_highlight_is_cut_once_when_it_is_asked_for_and_nobody_is_told_that_it_is_ready(
    memory: Any, seen: Highlight
) -> None:
    assert memory.clips.cuts == []
    assert (await cut(memory, seen)).cut is ClipState.WAITING, "nobody asked"
    for _ in range(3):
        await asked(memory, seen)
    assert memory.clips.cuts == [(seen.id, 1, 0)]
    assert (await cut(memory, seen)).clip == CLIP
    assert (await asked(memory, seen)).cut is ClipState.READY
    assert len(memory.clips.cuts) == 1
    assert memory.announcements.told == [("detected", 1)]


async def test_a_final_revision_that_shows_the_same_has_the_clip_at_once(memory: Any, seen: Highlight) -> None:
    await asked(memory, seen)
    await cut(memory, seen)
    final = await recorded(memory, id=seen.id, revision=2, details={"score": 0.9})
    found = await memory.highlights.get(final.id)
    assert (found.clip, found.cut, len(memory.clips.cuts)) == (CLIP, ClipState.READY, 1)
    assert memory.announcements.told == [("detected", 1), ("revised", 2), ("ready", 2)]


@pytest.mark.parametrize("fails", [False, True])
async def test_a_final_revision_that_shows_something_else_is_cut_anew(
    memory: Any, seen: Highlight, fails: bool
) -> None:
    await asked(memory, seen)
    await cut(memory, seen, fails=fails)
    change = {} if fails else {"end_ms": 11_500}
    await recorded(memory, id=seen.id, revision=2, **change)
    assert [(revision) for _, revision, _ in memory.clips.cuts] == [1, 2]
    assert (await memory.highlights.get(seen.id)).clip is None
    assert ("failed", 1) not in memory.announcements.told


async def test_a_clip_whose_revision_passed_meanwhile_is_dropped(memory: Any, seen: Highlight) -> None:
    await asked(memory, seen)
    await recorded(memory, id=seen.id, revision=2, state=PROVISIONAL, end_ms=11_500)
    found = await cut(memory, seen)
    assert (found.cut, found.clip, found.wanted) == (ClipState.WAITING, None, False)


async def test_a_clip_waits_for_its_segments(memory: Any, seen: Highlight) -> None:
    early = await recorded(memory, state=PROVISIONAL, start_ms=16_500, end_ms=19_000)
    await asked(memory, early)
    assert memory.clips.cuts == []
    await memory.source.segment_stored(memory.stream, memory.segment(4))
    assert memory.clips.cuts == [(early.id, 1, 0)]


async def test_what_was_taken_back_or_never_was_is_not_cut(memory: Any, seen: Highlight) -> None:
    await RetractHighlight(memory.streams, memory.highlights, memory.announcements)(seen.id, 2)
    assert (await asked(memory, seen)).state is HighlightState.RETRACTED
    assert await AskForClip(memory)(HighlightId("hl_unknown")) is None
    assert memory.clips.cuts == []


async def test_a_final_highlight_that_waits_is_cut_anyway(memory: Any, seen: Highlight) -> None:
    final = await recorded(memory)
    await asked(memory, final)
    assert memory.clips.cuts == [(final.id, 1, 0)]


async def test_only_so_many_clips_of_a_stream_are_waited_for(memory: Any, seen: Highlight) -> None:
    for _ in range(MOST_WANTED):
        await asked(memory, await recorded(memory, state=PROVISIONAL))
    with pytest.raises(TooManyClips):
        await asked(memory, seen)
    await recorded(memory, id=next(iter(memory.clips.cuts))[0], revision=2, state=PROVISIONAL)
    assert (await asked(memory, seen)).wanted


@pytest.mark.parametrize(("there", "code"), [((1, 2), "segments_gone"), ((2, 3), None), ((1, 3), "segments_gone")])
async def test_a_moment_of_which_a_part_has_left_the_window_has_no_clip(
    memory: Any, there: tuple[int, ...], code: str | None
) -> None:
    for index in there:
        await memory.segments.add(memory.stream, memory.segment(index))
    await memory.read(16_000)
    known = await memory.streams.get(memory.stream)
    await memory.streams.put(replace(known, live=True, trimmed_until_ms=10_000))
    late = await recorded(memory, start_ms=9000, end_ms=13_000)
    found = await cut(memory, late)
    assert (found.failure.code if found.failure else None) == code
