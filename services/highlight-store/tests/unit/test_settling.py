"""A run is settled once, when each of its highlights is ready or failed; a stream waits for no clip for ever."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tldr_contracts.ids import HighlightId, RunId, StreamId
from tldr_highlight_store.application.clips.cut_highlight import SEGMENTS_GONE, CutHighlight
from tldr_highlight_store.application.highlights.record_highlight import RecordHighlight
from tldr_highlight_store.application.highlights.retract_highlight import RetractHighlight
from tldr_highlight_store.application.highlights.settle_run import EndRun
from tldr_highlight_store.application.ports import CutImpossible
from tldr_highlight_store.domain.highlights.highlight import ClipState, Highlight, HighlightState
from tldr_highlight_store.domain.highlights.run import Run, settle
from tldr_highlight_store.domain.streams.stream import Request, Stream
from tldr_streams.state import StreamState
from tldr_streams.values import Failure, StoredObject

CLIP = StoredObject("bucket", "clip.mp4", 9, b"sum", "video/mp4")
CUTS = st.lists(st.sampled_from(ClipState), max_size=6)


class Scissors:
    """Cuts what it is told to, or says why not."""

    def __init__(self, failure: Failure | None = None) -> None:
        self.failure = failure
        self.tokens: list[int] = []

    async def cut(self, highlight: Highlight, segments: Any, *, token: int) -> tuple[StoredObject, StoredObject | None]:
        self.tokens.append(token)
        if self.failure:
            raise CutImpossible(self.failure.code, self.failure.reason)
        return CLIP, None


async def cut(memory: Any, highlight: Highlight, scissors: Scissors | None = None) -> None:
    act = CutHighlight(scissors or Scissors())
    await act(highlight.id, memory.transactions, revision=highlight.revision, token=7)


async def recorded(memory: Any, **changes: Any) -> Highlight:
    highlight: Highlight = memory.highlight(**changes)
    await RecordHighlight(memory.streams, memory.highlights, memory.clips, memory.announcements, memory.settle)(
        highlight
    )
    return highlight


async def ended(memory: Any, *highlights: Highlight, failure: Failure | None = None) -> None:
    run = Run(memory.run, memory.stream, 1, tuple(one.id for one in highlights), failure=failure)
    await EndRun(memory.streams, memory.runs, memory.settle)(run)


async def shown(memory: Any) -> RunId | None:
    stream: Stream = await memory.streams.get(memory.stream)
    return stream.default_run


async def read_through(memory: Any) -> None:
    for index in range(4):
        await memory.segments.add(memory.stream, memory.segment(index))
    await memory.read(16_000)


@settings(deadline=None)
@given(CUTS, st.booleans())
def test_a_run_is_settled_when_nothing_waits_and_not_twice(cuts: list[ClipState], settled: bool) -> None:
    names = [HighlightId(f"hl_{number}") for number in range(len(cuts))]
    found = [
        Highlight(name, StreamId("s"), RunId("r"), 1, HighlightState.FINAL, 0, 1, 0, cut=cut)
        for name, cut in zip(names, cuts, strict=True)
    ]
    settlement = settle(Run(RunId("r"), StreamId("s"), 1, tuple(names), settled=settled), found)
    assert (settlement is None) == (settled or ClipState.WAITING in cuts)
    if settlement:
        assert {*settlement.ready, *settlement.failed} == set(names)
        assert len(settlement.ready) == cuts.count(ClipState.READY)


def test_a_highlight_that_is_not_known_yet_is_waited_for() -> None:
    assert settle(Run(RunId("r"), StreamId("s"), 1, (HighlightId("hl_1"),)), []) is None


async def test_a_run_with_two_clips_is_settled_after_the_second(memory: Any) -> None:
    await read_through(memory)
    first, second = await recorded(memory), await recorded(memory, start_ms=12_000, end_ms=13_000)
    await ended(memory, first, second)
    await cut(memory, first)
    assert memory.announcements.of_kind("settled") == []
    await cut(memory, second, Scissors(Failure("nothing_to_cut", "There is nothing.")))
    (settlement,) = memory.announcements.of_kind("settled")
    assert (settlement.ready, settlement.failed) == ((first.id,), (second.id,))
    await cut(memory, second)
    await ended(memory, first, second)
    assert len(memory.announcements.of_kind("settled")) == 1
    assert await shown(memory) == memory.run


async def test_a_run_without_highlights_is_settled_at_once(memory: Any) -> None:
    await ended(memory)
    (settlement,) = memory.announcements.of_kind("settled")
    assert (settlement.ready, settlement.failed) == ((), ())


async def test_a_failed_run_is_settled_and_never_shown(memory: Any) -> None:
    await ended(memory, failure=Failure("source_not_found", "The address answers 404."))
    (settlement,) = memory.announcements.of_kind("settled")
    assert settlement.run.failure.code == "source_not_found"
    assert await shown(memory) is None


async def test_only_the_final_revision_is_cut_and_an_older_one_changes_nothing(memory: Any) -> None:
    await memory.follow.requested(memory.stream, 1, Request(priority=20))
    await read_through(memory)
    provisional = await recorded(memory, state=HighlightState.PROVISIONAL)
    assert memory.clips.cuts == []
    final = await recorded(memory, id=provisional.id, revision=2, details={"title": "Louder"})
    await recorded(memory, id=provisional.id, revision=1, details={"title": "Quieter"})
    assert memory.clips.cuts == [(final.id, 2, 20)]
    assert memory.highlights.rows[final.id].details["title"] == "Louder"


async def test_a_clip_is_asked_for_when_its_segments_have_come(memory: Any) -> None:
    highlight, scissors = await recorded(memory), Scissors()
    assert memory.clips.cuts == []
    for index in range(4):
        await memory.source.segment_stored(memory.stream, memory.segment(index))
    assert memory.clips.cuts == [(highlight.id, 1, 0)], "once, however many segments follow"
    await cut(memory, highlight, scissors)
    assert scissors.tokens == [7]
    assert memory.highlights.rows[highlight.id].clip == CLIP


async def test_the_end_of_the_source_ends_the_waiting(memory: Any) -> None:
    highlight = await recorded(memory)
    await ended(memory, highlight)
    await memory.source.ended(memory.stream, attempt=1, duration_ms=9_000)
    assert memory.clips.cuts == [(highlight.id, 1, 0)]
    await cut(memory, highlight)
    assert memory.highlights.rows[highlight.id].failure == SEGMENTS_GONE
    assert len(memory.announcements.of_kind("settled")) == 1


async def test_a_clip_asked_for_before_a_retry_waits_for_the_new_attempt(memory: Any) -> None:
    highlight, scissors = await recorded(memory), Scissors()
    await memory.source.ended(memory.stream, attempt=1, duration_ms=9_000)
    await memory.follow.retried(memory.stream, 2)
    await cut(memory, highlight, scissors)
    assert scissors.tokens == []
    for index in range(4):
        await memory.source.segment_stored(memory.stream, memory.segment(index))
    assert memory.clips.cuts[1:] == [(highlight.id, 1, 0)]


async def test_a_retry_is_at_work_again_and_an_older_end_does_not_end_it(memory: Any) -> None:
    await memory.follow.failed(memory.stream, 1)
    assert not (await memory.streams.get(memory.stream)).active
    await memory.follow.retried(memory.stream, 2)
    await memory.follow.failed(memory.stream, 1)
    await ended(memory, failure=Failure("source_lost", "It broke off."))
    assert (await memory.streams.get(memory.stream)).active


async def test_a_retry_that_reads_its_source_anew_has_segments_again(memory: Any) -> None:
    await memory.streams.put(Stream(memory.stream, StreamState.FAILED, segments_deleted=True))
    await memory.follow.retried(memory.stream, 2)
    assert not (await memory.streams.get(memory.stream)).segments_deleted


async def test_a_clip_of_a_recording_that_is_gone_says_so(memory: Any) -> None:
    highlight = await recorded(memory)
    await memory.read(9_000, ended_attempt=1)
    await cut(memory, highlight)
    assert memory.highlights.rows[highlight.id].failure == SEGMENTS_GONE


async def test_an_end_of_an_earlier_attempt_is_no_end(memory: Any) -> None:
    highlight, scissors = await recorded(memory), Scissors()
    await memory.read(9_000, ended_attempt=1)
    await memory.follow.retried(memory.stream, 2)
    await cut(memory, highlight, scissors)
    assert scissors.tokens == []
    assert memory.highlights.rows[highlight.id].cut is ClipState.WAITING


async def test_a_highlight_that_changed_while_it_was_cut_is_left_to_its_later_cut(memory: Any) -> None:
    await read_through(memory)
    highlight = await recorded(memory)

    class Late(Scissors):
        async def cut(
            self, highlight: Highlight, segments: Any, *, token: int
        ) -> tuple[StoredObject, StoredObject | None]:
            await recorded(memory, id=highlight.id, revision=2, details={"title": "Louder"})
            return CLIP, None

    await cut(memory, highlight, Late())
    kept = memory.highlights.rows[highlight.id]
    assert (kept.revision, kept.details["title"], kept.cut) == (2, "Louder", ClipState.WAITING)
    assert memory.announcements.told == [("detected", 1), ("revised", 2)]


async def test_a_retracted_highlight_is_withdrawn_and_not_cut(memory: Any) -> None:
    await read_through(memory)
    highlight = await recorded(memory)
    retract = RetractHighlight(memory.streams, memory.highlights, memory.announcements)
    await retract(highlight.id, 2)
    await retract(highlight.id, 2)
    await retract(HighlightId("hl_unknown"), 2)
    await cut(memory, highlight)
    assert memory.announcements.told == [("detected", 1), ("withdrawn", 2)]


async def test_a_highlights_whole_life_is_told_each_fact_with_its_revision(memory: Any) -> None:
    await read_through(memory)
    first = await recorded(memory, state=HighlightState.PROVISIONAL)
    await RetractHighlight(memory.streams, memory.highlights, memory.announcements)(first.id, 2)
    await recorded(memory, id=first.id, revision=3, state=HighlightState.PROVISIONAL)
    await recorded(memory, id=first.id, revision=3, state=HighlightState.PROVISIONAL)
    await cut(memory, await recorded(memory, id=first.id, revision=4))
    life = [("detected", 1), ("withdrawn", 2), ("detected", 3), ("revised", 4), ("ready", 4)]
    assert memory.announcements.told == life


@pytest.mark.parametrize("late", ["detected", "retracted", "completed"])
async def test_what_comes_of_a_dropped_stream_changes_nothing(memory: Any, late: str) -> None:
    highlight = await recorded(memory)
    await memory.follow.cancelled(memory.stream)
    if late == "detected":
        await recorded(memory)
        assert len(memory.highlights.rows) == 1
    elif late == "retracted":
        await RetractHighlight(memory.streams, memory.highlights, memory.announcements)(highlight.id, 2)
    else:
        await ended(memory)
    await cut(memory, highlight)
    assert memory.announcements.told == [("detected", 1)]
