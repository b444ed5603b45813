"""Customers edit, trim and delete highlights, and what detection says later does not undo it."""

from dataclasses import replace
from typing import Any

import pytest

from tldr_contracts.ids import HighlightId, new_id
from tldr_highlight_store.application.clips.cut_highlight import conclude
from tldr_highlight_store.application.highlights.change_highlight import ChangeHighlight
from tldr_highlight_store.application.highlights.record_highlight import RecordHighlight
from tldr_highlight_store.application.highlights.record_verdict import RecordVerdict
from tldr_highlight_store.application.highlights.retract_highlight import RetractHighlight
from tldr_highlight_store.application.highlights.settle_run import EndRun
from tldr_highlight_store.domain.highlights.edits import Edits, Trim, Verdict
from tldr_highlight_store.domain.highlights.highlight import ClipState, Highlight, HighlightState
from tldr_highlight_store.domain.highlights.run import Run
from tldr_streams.values import Failure, StoredObject
from tldr_web import Problem

OLD, NEW = (StoredObject("bucket", f"{name}.mp4", 9, b"", "video/mp4") for name in ("old", "new"))
PICTURE = StoredObject("bucket", "new.jpg", 9, b"", "image/jpeg")


def anybody(_: Highlight) -> None:
    """Whatever they saw."""


@pytest.fixture
def change(memory: Any) -> ChangeHighlight:
    return ChangeHighlight(memory)


async def heard(memory: Any, highlight: Highlight) -> None:
    record = RecordHighlight(memory.streams, memory.highlights, memory.clips, memory.announcements, memory.settle)
    await record(highlight)


async def ready(memory: Any, **changes: Any) -> Highlight:
    """One that has its clip, of a stream of sixteen seconds."""
    for index in range(4):
        await memory.segments.add(memory.stream, memory.segment(index))
    await memory.read(16_000, ended_attempt=1)
    one: Highlight = memory.highlight(cut=ClipState.READY, clip=OLD, **changes)
    await memory.highlights.put(one)
    return one


async def test_words_stay_through_later_revisions_and_are_told(memory: Any, change: ChangeHighlight) -> None:
    one = memory.highlight(state=HighlightState.PROVISIONAL)
    await heard(memory, one)
    await change.edit(one.id, lambda edits: replace(edits, title="Ours", tags=("cup",)), anybody)
    await heard(memory, replace(one, revision=2))
    kept = await memory.highlights.get(one.id)
    assert (kept.revision, kept.edits, kept.told["title"]) == (2, Edits("Ours", "", ("cup",)), "Ours")
    edited = await change.edit(one.id, lambda edits: replace(edits, title=None), anybody)
    assert edited.told["title"] == "Action picks up"


async def test_a_change_of_what_was_not_seen_is_refused(memory: Any, change: ChangeHighlight) -> None:
    one = await ready(memory)

    def other(_: Highlight) -> None:
        raise Problem(412, "precondition_failed", "Read it again.")

    for wish in (
        change.edit(one.id, lambda edits: Edits("x"), other),
        change.trim(one.id, 9_000, 12_000, other),
        change.delete(one.id, other),
    ):
        with pytest.raises(Problem, match="precondition_failed"):
            await wish
    assert await memory.highlights.get(one.id) == one


async def test_a_trim_leaves_the_clip_until_the_new_one_is_ready(memory: Any, change: ChangeHighlight) -> None:
    one = await ready(memory)
    asked = await change.trim(one.id, 9_000, 10_400, anybody)
    assert (asked.start_ms, asked.revision, asked.clip, asked.cut) == (10_000, 1, OLD, ClipState.READY)
    assert memory.clips.cuts == [(one.id, 2, 0)]
    to_cut = asked.to_cut(2)
    assert to_cut
    assert (to_cut.start_ms, to_cut.end_ms, to_cut.peak_ms) == (9_000, 10_400, 10_399)
    await conclude(memory, to_cut, (NEW, PICTURE))
    done = await memory.highlights.get(one.id)
    assert (done.start_ms, done.end_ms, done.revision, done.trim) == (9_000, 10_400, 2, None)
    assert (done.clip, done.thumbnail, memory.clips.replaced_clips) == (NEW, PICTURE, [OLD])
    assert memory.announcements.told == [("ready", 2)]
    await heard(memory, replace(one, cut=ClipState.WAITING))
    assert await memory.highlights.get(one.id) == done, "a detection that comes again changes nothing"


async def test_a_trim_that_cannot_be_cut_changes_nothing_but_says_why(memory: Any, change: ChangeHighlight) -> None:
    one = await ready(memory)
    to_cut = (await change.trim(one.id, 9_000, 12_000, anybody)).to_cut(2)
    assert to_cut
    await conclude(memory, to_cut, Failure("nothing_to_cut", "No."))
    kept = await memory.highlights.get(one.id)
    assert kept == replace(one, trim=Trim(2, 9_000, 12_000, Failure("nothing_to_cut", "No.")))
    assert kept.to_cut(2) is None
    assert memory.announcements.told == []


async def test_a_later_trim_replaces_one_that_is_waited_for(memory: Any, change: ChangeHighlight) -> None:
    one = await ready(memory)
    first = (await change.trim(one.id, 9_000, 12_000, anybody)).to_cut(2)
    await change.trim(one.id, 8_000, 12_000, anybody)
    assert first
    await conclude(memory, first, (NEW, None))
    kept = await memory.highlights.get(one.id)
    assert (kept.clip, kept.revision, kept.trim) == (OLD, 1, Trim(3, 8_000, 12_000))


@pytest.mark.parametrize(
    ("start_ms", "end_ms", "gone", "code"),
    [
        (9_000, 17_000, {}, "outside_recording"),
        (20_000, 21_000, {}, "outside_recording"),
        (9_000, 17_000, {"segments_deleted": True}, "segments_gone"),
        (1_000, 17_000, {"trimmed_until_ms": 4_000}, "segments_gone"),
    ],
)
async def test_a_trim_needs_its_recording(
    memory: Any, change: ChangeHighlight, start_ms: int, end_ms: int, gone: dict[str, Any], code: str
) -> None:
    one = await ready(memory)
    await memory.streams.put(replace(await memory.streams.get(memory.stream), **gone))
    with pytest.raises(Problem, match=code):
        await change.trim(one.id, start_ms, end_ms, anybody)
    assert memory.clips.cuts == []


async def test_what_may_still_change_is_not_trimmed(memory: Any, change: ChangeHighlight) -> None:
    one = await ready(memory, state=HighlightState.PROVISIONAL)
    with pytest.raises(Problem, match="highlight_not_final"):
        await change.trim(one.id, 9_000, 12_000, anybody)


async def test_a_deleted_highlight_never_comes_back(memory: Any, change: ChangeHighlight) -> None:
    one = await ready(memory, state=HighlightState.PROVISIONAL, edits=Edits("Ours"), verdict=Verdict.ACCEPTED)
    await change.delete(one.id, anybody)
    (gone,) = memory.announcements.of_kind("withdrawn")
    assert (gone.revision, gone.deleted, gone.details, gone.clip, gone.edits) == (2, True, {}, None, Edits())
    assert memory.clips.discarded == [one.id]
    for revision in (1, 2, 9):
        await heard(memory, replace(one, revision=revision, state=HighlightState.FINAL))
        retract = RetractHighlight(memory.streams, memory.highlights, memory.announcements)
        await retract(one.id, revision)
    await RecordVerdict(memory)(one.id, Verdict.REJECTED)
    await conclude(memory, one, (NEW, None))
    assert await memory.highlights.get(one.id) == gone
    assert len(memory.announcements.facts) == 1
    with pytest.raises(Problem, match="highlight_not_found"):
        await change.delete(one.id, anybody)
    with pytest.raises(Problem, match="highlight_not_found"):
        await change.edit(HighlightId(new_id("hl")), lambda edits: edits, anybody)


async def test_a_run_settles_without_what_was_deleted(memory: Any, change: ChangeHighlight) -> None:
    kept, waiting = await ready(memory), memory.highlight()
    await memory.highlights.put(waiting)
    end = EndRun(memory.streams, memory.runs, memory.settle)
    await end(Run(memory.run, memory.stream, 1, (kept.id, waiting.id)))
    assert memory.announcements.of_kind("settled") == []
    await change.delete(waiting.id, anybody)
    (settled,) = memory.announcements.of_kind("settled")
    assert (settled.ready, settled.failed) == ((kept.id,), ())
