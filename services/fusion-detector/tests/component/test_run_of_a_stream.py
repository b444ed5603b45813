"""A run from its events to what it publishes, on the service's own database."""

import random
from typing import Any

from tldr.detections.v1 import detections_pb2

FINAL = detections_pb2.DETECTION_STATE_FINAL


def kinds(published: list[Any]) -> list[str]:
    return [fact.DESCRIPTOR.name for fact in published]


async def test_a_whole_recording_becomes_final_highlights_and_a_completed_run(
    service: Any, stream: str, broadcast_of: Any
) -> None:
    await service.tell(*broadcast_of(stream).whole())
    await service.advance(stream)

    *found, completed = await service.published(stream)
    assert kinds(found) == ["HighlightDetected"] * 3
    assert all(one.state == FINAL and one.revision == 1 for one in found)
    assert all(abs(one.peak_ms - 1000 * at) < 8_000 for one, at in zip(found, (45, 95, 145), strict=True))
    assert abs(sum(part.amount for part in found[0].contributions) - found[0].score) < 1e-9
    assert list(completed.highlight_ids) == [one.highlight_id for one in found]
    assert (completed.duration_ms, completed.attempt, len(completed.gaps)) == (180_000, 1, 0)
    assert {one.run_id for one in found} == {completed.run_id}


async def test_the_outcome_does_not_depend_on_the_order_across_topics(service: Any, broadcast_of: Any) -> None:
    outcomes = []
    for seed in range(4):
        broadcast = broadcast_of(f"str_{service.organization}_{seed}")
        lines = [
            [broadcast.requested()],
            [broadcast.opened(), broadcast.source_ended()],
            [*broadcast.video(), broadcast.video_ended()],
            [*broadcast.chat(), broadcast.chat_ended()],
        ]
        choices = random.Random(seed)
        while any(lines):
            await service.tell(choices.choice([line for line in lines if line]).pop(0))
        await service.advance(broadcast.stream)
        *found, completed = await service.published(broadcast.stream)
        outcomes.append([(one.range.start_ms, one.range.end_ms, one.score, one.reason) for one in found])
        assert kinds([completed]) == ["DetectionCompleted"]
    assert all(outcome == outcomes[0] for outcome in outcomes)


async def test_highlights_of_a_running_recording_are_provisional_and_keep_their_identity(
    service: Any, stream: str, broadcast_of: Any
) -> None:
    broadcast = broadcast_of(stream)
    await service.tell(broadcast.requested(), broadcast.opened(), *broadcast.video(end=132), *broadcast.chat(end=130))
    await service.advance(stream)
    early = await service.published(stream)
    assert early
    assert all(one.state == detections_pb2.DETECTION_STATE_PROVISIONAL for one in early)

    await service.advance(stream)
    assert await service.published(stream) == early, "nothing came, nothing is said"

    await service.tell(*broadcast.video(start=132), *broadcast.chat(start=130))
    await service.tell(broadcast.source_ended(), broadcast.video_ended(), broadcast.chat_ended())
    await service.advance(stream)
    published = await service.published(stream)
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


async def test_a_redelivered_measurement_changes_nothing(service: Any, stream: str, broadcast_of: Any) -> None:
    broadcast = broadcast_of(stream)
    windows = list(broadcast.video())
    await service.tell(broadcast.requested(chat=False), broadcast.opened(), *windows, windows[3], windows[0])
    await service.tell(broadcast.video_ended())
    await service.advance(stream)

    other = broadcast_of(f"{stream}_again")
    await service.tell(other.requested(chat=False), other.opened(), *other.video(), other.video_ended())
    await service.advance(other.stream)

    def figures(published: list[Any]) -> list[float]:
        return [one.score for one in published[:-1]]

    assert figures(await service.published(stream)) == figures(await service.published(other.stream))


async def test_many_measurements_are_one_advance_which_the_end_hurries(
    service: Any, stream: str, broadcast_of: Any
) -> None:
    broadcast = broadcast_of(stream)
    await service.tell(broadcast.requested(chat=False), broadcast.opened(), *broadcast.video())
    (job,) = await service.waiting(stream)
    assert job["priority"] == 7
    assert job["delay"].total_seconds() > 0.5
    await service.tell(broadcast.video_ended())
    (job,) = await service.waiting(stream)
    assert job["delay"].total_seconds() <= 0


async def test_a_profile_that_cannot_be_used_fails_the_run_and_says_why(
    service: Any, stream: str, broadcast_of: Any
) -> None:
    broadcast = broadcast_of(stream)
    request = broadcast.requested(chat=False)
    request.requested.profile.ClearField("dimensions")
    await service.tell(request, broadcast.opened(), *broadcast.video(end=60))
    await service.advance(stream)
    (failed,) = await service.published(stream)
    assert failed.failure.code == "invalid_profile"
    assert "dimensions" in failed.failure.reason


async def test_live_highlights_become_final_while_the_stream_runs(service: Any, stream: str, broadcast_of: Any) -> None:
    broadcast = broadcast_of(stream, seconds=600, moments=(60, 160, 250, 400, 500))
    await service.tell(
        broadcast.requested(chat=False, live=True), broadcast.opened(), *broadcast.video(end=420, every=60)
    )
    await service.advance(stream)
    early = {one.highlight_id: one for one in await service.published(stream)}
    final = {name: one for name, one in early.items() if one.state == FINAL}
    assert len(final) >= 3

    await service.tell(*broadcast.video(start=420, every=60), broadcast.video_ended())
    await service.advance(stream)
    *later, completed = (await service.published(stream))[len(early) :]
    assert not {one.highlight_id for one in later} & final.keys()
    assert set(final) <= set(completed.highlight_ids)
