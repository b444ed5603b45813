"""A run from its events to what it publishes, on the service's own database."""

import random
from typing import Any

import pytest

from tldr.common.v1 import common_pb2
from tldr.detections.v1 import detections_pb2
from tldr_streams.values import Failure

BROKEN = common_pb2.Failure(code="decode_failed", reason="The file broke off.")
FINAL = detections_pb2.DETECTION_STATE_FINAL


def kinds(published: list[Any]) -> list[str]:
    return [fact.DESCRIPTOR.name for fact in published]


async def runs_of(desk: Any, stream: str) -> list[str]:
    """Where its runs stand, in order of their beginning."""
    rows = await desk.fetch("SELECT state FROM runs WHERE stream_id = $1 ORDER BY run_id", stream)
    return [row["state"] for row in rows]


async def test_a_whole_recording_becomes_final_highlights_and_a_completed_run(
    desk: Any, stream: str, broadcast_of: Any
) -> None:
    await desk.tell(*broadcast_of(stream).whole())
    await desk.advance(stream)

    *found, completed = await desk.published(stream)
    assert kinds(found) == ["HighlightDetected"] * 3
    assert all(one.state == FINAL and one.revision == 1 for one in found)
    assert all(abs(one.peak_ms - 1000 * at) < 8_000 for one, at in zip(found, (45, 95, 145), strict=True))
    assert abs(sum(part.amount for part in found[0].contributions) - found[0].score) < 1e-9
    assert list(completed.highlight_ids) == [one.highlight_id for one in found]
    assert (completed.duration_ms, completed.attempt, len(completed.gaps)) == (180_000, 1, 0)
    assert {one.run_id for one in found} == {completed.run_id}


async def test_the_outcome_does_not_depend_on_the_order_across_topics(desk: Any, broadcast_of: Any) -> None:
    outcomes = []
    for seed in range(4):
        broadcast = broadcast_of(f"str_{desk.organization}_{seed}")
        lines = [
            [broadcast.requested()],
            [broadcast.opened(), broadcast.source_ended()],
            [*broadcast.video(), broadcast.video_ended()],
            [*broadcast.chat(), broadcast.chat_ended()],
        ]
        choices = random.Random(seed)
        while any(lines):
            await desk.tell(choices.choice([line for line in lines if line]).pop(0))
        await desk.advance(broadcast.stream)
        *found, completed = await desk.published(broadcast.stream)
        outcomes.append([(one.range.start_ms, one.range.end_ms, one.score, one.reason) for one in found])
        assert kinds([completed]) == ["DetectionCompleted"]
    assert all(outcome == outcomes[0] for outcome in outcomes)


async def test_highlights_of_a_running_recording_are_provisional_and_keep_their_identity(
    desk: Any, stream: str, broadcast_of: Any
) -> None:
    broadcast = broadcast_of(stream)
    await desk.tell(broadcast.requested(), broadcast.opened(), *broadcast.video(end=132), *broadcast.chat(end=130))
    await desk.advance(stream)
    early = await desk.published(stream)
    assert early
    assert all(one.state == detections_pb2.DETECTION_STATE_PROVISIONAL for one in early)

    await desk.advance(stream)
    assert await desk.published(stream) == early, "nothing came, nothing is said"

    await desk.tell(*broadcast.video(start=132), *broadcast.chat(start=130))
    await desk.tell(broadcast.source_ended(), broadcast.video_ended(), broadcast.chat_ended())
    await desk.advance(stream)
    published = await desk.published(stream)
    completed = published[-1]
    revisions: dict[str, list[Any]] = {}
    for one in published[:-1]:
        revisions.setdefault(one.highlight_id, []).append(one)
    for changes in revisions.values():
        assert [change.revision for change in changes] == list(range(1, len(changes) + 1))
    final = {name for name, changes in revisions.items() if changes[-1].DESCRIPTOR.name == "HighlightDetected"}
    assert all(revisions[name][-1].state == FINAL for name in final)
    assert set(completed.highlight_ids) == final
    assert {one.highlight_id for one in early} & final, "a moment kept its identity"


async def test_a_redelivered_measurement_changes_nothing(desk: Any, stream: str, broadcast_of: Any) -> None:
    broadcast = broadcast_of(stream)
    windows = list(broadcast.video())
    await desk.tell(broadcast.requested(chat=False), broadcast.opened(), *windows, windows[3], windows[0])
    await desk.tell(broadcast.video_ended())
    await desk.advance(stream)

    other = broadcast_of(f"{stream}_again")
    await desk.tell(other.requested(chat=False), other.opened(), *other.video(), other.video_ended())
    await desk.advance(other.stream)

    def figures(published: list[Any]) -> list[float]:
        return [one.score for one in published[:-1]]

    assert figures(await desk.published(stream)) == figures(await desk.published(other.stream))


async def test_chat_that_is_no_chat_replay_is_a_gap_and_the_run_completes_without_it(
    desk: Any, stream: str, broadcast_of: Any
) -> None:
    broadcast = broadcast_of(stream)
    wrong = common_pb2.Failure(code="not_a_chat_replay", reason="The file holds no messages.")
    await desk.tell(broadcast.requested(), broadcast.chat_ended(wrong), broadcast.opened())
    await desk.tell(*broadcast.video(), broadcast.source_ended(), broadcast.video_ended())
    await desk.advance(stream)

    *found, completed = await desk.published(stream)
    assert found
    assert all(common_pb2.MODALITY_CHAT in one.missing for one in found)
    (gap,) = completed.gaps
    assert (gap.modality, gap.code) == (common_pb2.MODALITY_CHAT, "not_a_chat_replay")
    assert (gap.range.start_ms, gap.range.end_ms) == (0, 180_000)


async def test_a_source_that_breaks_off_leaves_a_gap_to_where_it_claimed_to_end(
    desk: Any, stream: str, broadcast_of: Any
) -> None:
    broadcast = broadcast_of(stream)
    await desk.tell(broadcast.requested(chat=False), broadcast.opened(), *broadcast.video(end=120))
    await desk.tell(broadcast.video_gap(120, 126), broadcast.video_ended(BROKEN))
    await desk.advance(stream)

    *_, completed = await desk.published(stream)
    assert completed.duration_ms == 126_000
    spans = {(gap.modality, gap.range.start_ms, gap.range.end_ms) for gap in completed.gaps}
    assert spans == {
        (common_pb2.MODALITY_VIDEO, 120_000, 180_000),
        (common_pb2.MODALITY_AUDIO, 126_000, 180_000),
    }


async def test_what_ingest_could_not_read_is_a_gap_also_when_all_that_it_read_was_analysed(
    desk: Any, stream: str, broadcast_of: Any
) -> None:
    whole, read = broadcast_of(stream), broadcast_of(stream, seconds=120)
    await desk.tell(whole.requested(chat=False), whole.opened(), *read.video())
    await desk.tell(whole.source_ended(BROKEN, ms=120_000), read.video_ended())
    await desk.advance(stream)
    *_, completed = await desk.published(stream)
    assert completed.duration_ms == 120_000
    assert {(gap.range.start_ms, gap.range.end_ms, gap.code) for gap in completed.gaps} == {
        (120_000, 180_000, "decode_failed")
    }


async def test_a_source_that_cannot_be_opened_fails_the_run_with_its_reason(
    desk: Any, stream: str, broadcast_of: Any
) -> None:
    broadcast = broadcast_of(stream)
    missing = common_pb2.Failure(code="source_not_found", reason="The address answers 404.")
    await desk.tell(broadcast.source_ended(missing), *broadcast.chat(end=20))
    await desk.advance(stream)
    assert await desk.published(stream) == []

    await desk.tell(broadcast.requested())
    await desk.advance(stream)
    (failed,) = await desk.published(stream)
    assert (failed.failure.code, failed.failure.reason, failed.attempt) == ("source_not_found", missing.reason, 1)


async def test_a_stream_that_gave_nothing_at_all_fails(desk: Any, stream: str, broadcast_of: Any) -> None:
    broadcast = broadcast_of(stream)
    await desk.tell(broadcast.requested(chat=False), broadcast.opened(), broadcast.video_ended(BROKEN))
    await desk.advance(stream)
    (failed,) = await desk.published(stream)
    assert failed.failure == BROKEN

    silent = broadcast_of(f"{stream}_silent")
    await desk.tell(silent.requested(chat=False), silent.opened(), silent.video_ended())
    await desk.advance(silent.stream)
    (failed,) = await desk.published(silent.stream)
    assert failed.failure.code == "no_signals"


async def test_a_stream_of_chat_alone_that_is_a_gap_throughout_fails_with_its_reason(
    desk: Any, stream: str, broadcast_of: Any
) -> None:
    broadcast = broadcast_of(stream)
    opened, lost = broadcast.opened(), broadcast.chat_gap(0, 180)
    opened.started.ClearField("modalities")
    await desk.tell(broadcast.requested(), opened, *broadcast.chat(), lost, broadcast.chat_ended())
    await desk.tell(broadcast.source_ended())
    await desk.advance(stream)
    (failed,) = await desk.published(stream)
    assert failed.failure.code == "chat_empty"


async def test_a_lost_chat_gives_the_highlights_that_no_chat_gives(desk: Any, stream: str, broadcast_of: Any) -> None:
    lost, none = broadcast_of(stream), broadcast_of(f"{stream}_none")
    await desk.tell(lost.requested(), lost.opened(), *lost.video(), *lost.chat(), lost.chat_gap(0, 180))
    await desk.tell(lost.source_ended(), lost.video_ended(), lost.chat_ended())
    await desk.tell(none.requested(chat=False), none.opened(), *none.video(), none.source_ended(), none.video_ended())
    moments = []
    for one in (lost, none):
        await desk.advance(one.stream)
        *found, completed = await desk.published(one.stream)
        assert [gap.code for gap in completed.gaps] == (["chat_empty"] if one is lost else [])
        moments.append([(one.range.start_ms, one.range.end_ms, one.score, one.title, one.reason) for one in found])
    assert moments[0] == moments[1]
    assert len(moments[0]) == 3


async def test_a_retry_goes_on_with_the_signals_there_are_under_a_run_of_its_own(
    desk: Any, stream: str, broadcast_of: Any
) -> None:
    first, second = broadcast_of(stream), broadcast_of(stream, attempt=2)
    await desk.tell(first.requested(chat=False), first.opened(), *first.video(end=96), first.video_gap(96, 108))
    await desk.advance(stream)
    await desk.tell(first.decided("failed"))

    # Some of the next attempt's signals come before the word that there is one.
    await desk.tell(*second.video(start=108), first.video_ended(BROKEN), second.video_ended())
    await desk.tell(second.opened(), *second.video(start=96, end=108), second.source_ended(), second.retried())
    await desk.tell(first.source_ended(BROKEN))
    await desk.advance(stream)

    published = await desk.published(stream)
    completed = published[-1]
    assert (completed.DESCRIPTOR.name, completed.attempt) == ("DetectionCompleted", 2)
    assert completed.run_id != published[0].run_id
    assert len(completed.highlight_ids) == 3
    assert not completed.gaps, "what was missing was measured now"
    assert len(await desk.fetch("SELECT run_id FROM runs WHERE stream_id = $1", stream)) == 2


async def test_a_failed_run_takes_back_what_was_provisional(desk: Any, stream: str, broadcast_of: Any) -> None:
    broadcast = broadcast_of(stream)
    await desk.tell(broadcast.requested(chat=False), broadcast.opened(), *broadcast.video(end=132))
    await desk.advance(stream)
    provisional = await desk.published(stream)
    async with desk.open() as work:
        await work.fail(stream, Failure("detection_failed", "It cannot be detected."))
    later = (await desk.published(stream))[len(provisional) :]
    assert kinds(later) == ["HighlightRetracted"] * len(provisional) + ["DetectionFailed"]
    assert {one.highlight_id for one in later[:-1]} == {one.highlight_id for one in provisional}


@pytest.mark.parametrize("decision", ["failed", "cancelled"])
async def test_a_stream_that_ends_badly_closes_its_run_and_takes_back_what_was_provisional(
    desk: Any, stream: str, broadcast_of: Any, decision: str
) -> None:
    broadcast = broadcast_of(stream)
    await desk.tell(broadcast.requested(chat=False), broadcast.opened(), *broadcast.video(end=132))
    await desk.advance(stream)
    provisional = await desk.published(stream)
    assert provisional
    await desk.tell(*[broadcast.decided(decision)] * 2)
    later = (await desk.published(stream))[len(provisional) :]
    assert kinds(later) == ["HighlightRetracted"] * len(provisional) + ["DetectionFailed"]
    assert await runs_of(desk, stream) == ["failed"]
    assert await desk.waiting(stream) == []


async def test_the_reason_of_a_failed_stream_is_that_of_its_run(desk: Any, stream: str, broadcast_of: Any) -> None:
    broadcast = broadcast_of(stream)
    failed = broadcast.decided("failed")
    failed.failed.failure.CopyFrom(BROKEN)
    await desk.tell(broadcast.requested(chat=False), broadcast.opened(), failed)
    (told,) = await desk.published(stream)
    assert told.failure == BROKEN


@pytest.mark.parametrize("first", ["the failure", "the next attempt", "both late"])
async def test_a_retry_leaves_no_run_open_but_its_own_whatever_comes_first(
    desk: Any, stream: str, broadcast_of: Any, first: str
) -> None:
    one, two = broadcast_of(stream), broadcast_of(stream, attempt=2)
    await desk.tell(one.requested(chat=False), one.opened(), *one.video(end=132))
    await desk.advance(stream)
    provisional = {found.highlight_id for found in await desk.published(stream)}
    failed, retried = one.decided("failed"), two.retried()
    await desk.tell(
        *{
            "the failure": [failed, retried, two.opened(), one.source_ended(BROKEN)],
            "the next attempt": [two.opened(), failed, retried],
            "both late": [two.opened(), two.source_ended(), one.video_ended(BROKEN), failed, retried, failed],
        }[first]
    )
    assert await runs_of(desk, stream) == ["failed", "open"]
    await desk.tell(*two.video(start=132), two.source_ended(), two.video_ended())
    await desk.advance(stream)
    published = await desk.published(stream)
    assert await runs_of(desk, stream) == ["failed", "completed"]
    retracted = {one.highlight_id for one in published if one.DESCRIPTOR.name == "HighlightRetracted"}
    assert retracted == provisional
    assert not retracted & set(published[-1].highlight_ids)


async def test_a_stream_that_failed_before_its_request_came_begins_no_run(
    desk: Any, stream: str, broadcast_of: Any
) -> None:
    one, two = broadcast_of(stream), broadcast_of(stream, attempt=2)
    await desk.tell(one.decided("failed"), one.requested(chat=False), *one.whole())
    assert await runs_of(desk, stream) == []
    await desk.tell(two.retried(), two.opened())
    assert await runs_of(desk, stream) == ["open"]


async def test_a_dropped_stream_says_nothing_after_its_run_and_a_deleted_one_leaves_a_tombstone(
    desk: Any, stream: str, broadcast_of: Any
) -> None:
    broadcast = broadcast_of(stream)
    await desk.tell(broadcast.requested(), broadcast.opened(), *broadcast.video(end=60))
    assert len(await desk.waiting(stream)) == 1
    await desk.tell(broadcast.decided("cancelled"))
    assert await desk.waiting(stream) == []
    (closed,) = await desk.published(stream)
    assert closed.failure.code == "cancelled"
    await desk.tell(*broadcast.video(start=60), broadcast.video_ended(), *broadcast.chat(), broadcast.chat_ended())
    assert await desk.waiting(stream) == []
    await desk.advance(stream)
    assert await desk.published(stream) == [closed]

    await desk.tell(broadcast.decided("deleted"))
    for table in ("signals", "marks", "coverages", "gaps", "runs", "highlights"):
        assert await desk.fetch(f"SELECT 1 FROM {table} WHERE stream_id = $1", stream) == [], table
    await desk.tell(*broadcast.video(), broadcast.requested())
    (row,) = await desk.fetch("SELECT state, profile FROM streams WHERE stream_id = $1", stream)
    assert (row["state"], row["profile"]) == ("deleted", None)
    assert await desk.fetch("SELECT 1 FROM signals WHERE stream_id = $1", stream) == []


async def test_many_measurements_are_one_advance_which_the_end_hurries(
    desk: Any, stream: str, broadcast_of: Any
) -> None:
    broadcast = broadcast_of(stream)
    await desk.tell(broadcast.requested(chat=False), broadcast.opened(), *broadcast.video())
    (job,) = await desk.waiting(stream)
    assert job["priority"] == 7
    assert job["delay"].total_seconds() > 0.5
    await desk.tell(broadcast.video_ended())
    (job,) = await desk.waiting(stream)
    assert job["delay"].total_seconds() <= 0


async def test_a_profile_that_cannot_be_used_fails_the_run_and_says_why(
    desk: Any, stream: str, broadcast_of: Any
) -> None:
    broadcast = broadcast_of(stream)
    request = broadcast.requested(chat=False)
    request.requested.profile.ClearField("dimensions")
    await desk.tell(request, broadcast.opened(), *broadcast.video(end=60))
    await desk.advance(stream)
    (failed,) = await desk.published(stream)
    assert failed.failure.code == "invalid_profile"
    assert "dimensions" in failed.failure.reason


async def test_live_highlights_become_final_while_the_stream_runs(desk: Any, stream: str, broadcast_of: Any) -> None:
    broadcast = broadcast_of(stream, seconds=600, moments=(60, 160, 250, 400, 500))
    await desk.tell(broadcast.requested(chat=False, live=True), broadcast.opened(), *broadcast.video(end=420, every=60))
    await desk.advance(stream)
    early = {one.highlight_id: one for one in await desk.published(stream)}
    final = {name: one for name, one in early.items() if one.state == FINAL}
    assert len(final) >= 3

    await desk.tell(*broadcast.video(start=420, every=60), broadcast.video_ended())
    await desk.advance(stream)
    *later, completed = (await desk.published(stream))[len(early) :]
    assert not {one.highlight_id for one in later} & final.keys()
    assert set(final) <= set(completed.highlight_ids)
