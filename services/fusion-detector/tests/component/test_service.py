"""The service as it runs: events in from Kafka, detections out to Kafka, questions over HTTP."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from typing import Any

import pytest
import pytest_asyncio

from tldr.common.v1 import common_pb2
from tldr.streams.v1 import streams_pb2
from tldr_contracts.ids import new_id
from tldr_contracts.topics import DETECTIONS
from tldr_embedded import Servers
from tldr_fusion_detector.bootstrap import DEFINITION
from tldr_testing import Hosted, Hosting, Recorder, eventually

LANE = 5


@pytest_asyncio.fixture(scope="module")
async def detector(servers: Servers) -> AsyncIterator[Hosted]:
    """One for all tests here: joining its groups takes the embedded broker five seconds."""
    async with AsyncExitStack() as parts:
        yield await Hosting(servers, parts)(DEFINITION)


@pytest_asyncio.fixture(scope="module")
async def detections(detector: Hosted) -> Recorder:
    return await detector.recorder(DETECTIONS)


async def say(detector: Hosted, organization: str, broadcast: Any, *messages: Any) -> None:
    for message in messages:
        await detector.publish(message, organization=organization, subject=broadcast.stream, lane=LANE)


async def test_a_recording_becomes_highlights_and_its_figures_can_be_asked_for(
    detector: Hosted, detections: Recorder, organization: str, stream: str, broadcast_of: Any
) -> None:
    broadcast = broadcast_of(stream)
    unread = common_pb2.Failure(code="window_unreadable", reason="The chat ends early.")
    messages = [message for message in broadcast.whole() if message != broadcast.chat_ended()]
    await say(detector, organization, broadcast, *messages, broadcast.chat_ended(unread))
    recorded = await detections.until(stream, "completed")

    (completed,) = recorded.of_kind("completed")
    last = {one.highlight_id: one for one in recorded.of_kind("detected")}
    assert len(completed.highlight_ids) == 3
    assert [last[name].peak_ms // 1000 for name in completed.highlight_ids] == pytest.approx([45, 95, 145], abs=8)
    assert {event.lane for event in recorded.events} == {LANE}

    async with detector.asking(organization) as client:
        progress = (await client.get(f"/internal/streams/{stream}/progress")).json()
        scores = (await client.get(f"/internal/streams/{stream}/scores")).json()
        later = (await client.get(f"/internal/streams/{stream}/scores", params={"from_s": 170})).json()
        gaps = (await client.get(f"/internal/streams/{stream}/gaps")).json()
    assert (later["start_s"], later["scores"]) == (170, scores["scores"][170:])
    assert (progress["complete_until_ms"], progress["duration_ms"]) == (180_000, 180_000)
    assert (progress["final_until_ms"], progress["signals_dropped"]) == (None, {})
    assert progress["modalities"]["audio"] == {"complete_until_ms": 180_000, "ended": True}
    assert progress["modalities"].keys() == {"video", "audio", "chat"}
    assert (scores["start_s"], len(scores["scores"])) == (0, 180)
    assert max(scores["scores"]) == pytest.approx(max(one.score for one in last.values()), abs=1e-3)
    assert gaps == {"gaps": []}, "chat failed at its very end: nothing is missing"

    async with detector.asking("org_of_somebody_else") as client:
        assert (await client.get(f"/internal/streams/{stream}/scores")).json()["scores"] == []
        assert (await client.get(f"/internal/streams/{stream}/progress")).json()["complete_until_ms"] == 0


async def test_a_running_stream_tells_its_progress_its_gaps_and_its_scores_so_far(
    detector: Hosted, detections: Recorder, organization: str, stream: str, broadcast_of: Any
) -> None:
    broadcast = broadcast_of(stream)
    await say(detector, organization, broadcast, broadcast.requested(), broadcast.opened())
    await say(detector, organization, broadcast, *broadcast.video(end=120), *broadcast.chat(end=60))
    await say(detector, organization, broadcast, broadcast.video_gap(120, 126))
    await detections.until(stream, "detected")

    async with detector.asking(organization) as client:
        progress = (await client.get(f"/internal/streams/{stream}/progress")).json()
        scores = (await client.get(f"/internal/streams/{stream}/scores")).json()
        gaps = (await client.get(f"/internal/streams/{stream}/gaps")).json()
    assert progress["modalities"]["chat"] == {"complete_until_ms": 60_000, "ended": False}
    assert progress["duration_ms"] == 180_000
    assert progress["complete_until_ms"] == 60_000
    assert len(scores["scores"]) == 60
    assert gaps["gaps"][0] == {
        "modality": "MODALITY_VIDEO",
        "range": {"start_ms": 120_000, "end_ms": 126_000},
        "code": "decode_failed",
        "reason": "The picture could not be decoded.",
    }
    await say(detector, organization, broadcast, broadcast.decided("cancelled"))


async def test_a_source_that_cannot_be_opened_is_a_failed_detection(
    detector: Hosted, detections: Recorder, organization: str, stream: str, broadcast_of: Any
) -> None:
    broadcast = broadcast_of(stream)
    missing = common_pb2.Failure(code="source_not_found", reason="The address answers 404.")
    await say(detector, organization, broadcast, broadcast.source_ended(missing), broadcast.requested(chat=False))
    recorded = await detections.until(stream, "failed")
    assert recorded.of_kind("failed")[0].failure == missing


async def test_a_completed_stream_is_rescored_by_a_job_and_the_score_of_each_run_can_be_asked_for(
    detector: Hosted, detections: Recorder, organization: str, stream: str, broadcast_of: Any
) -> None:
    broadcast, run = broadcast_of(stream), new_id("run")
    await say(detector, organization, broadcast, *broadcast.whole())
    await detections.until(stream, "completed")
    fewer = broadcast.requested().requested.profile
    fewer.processing.min_score = 1.0
    asked = streams_pb2.StreamRescoreRequested(stream_id=stream, run_id=run, profile=fewer)
    rescored = streams_pb2.StreamEvent(rescore_requested=asked)
    await say(detector, organization, broadcast, broadcast.decided("completed"), rescored)

    async def both() -> Any:
        ends = (await detections.of(stream)).of_kind("completed")
        return ends if len(ends) == 2 else None

    first, second = await eventually(both)
    assert (second.run_id, second.rescore, len(first.highlight_ids), len(second.highlight_ids)) == (run, True, 3, 0)
    async with detector.asking(organization) as client:
        scores = [
            (await client.get(f"/internal/streams/{stream}/scores", params={"run": one.run_id})).json()["scores"]
            for one in (first, second)
        ]
    assert scores[0] == scores[1] != []


async def test_a_verdict_over_http_is_learned_from_by_a_job(
    detector: Hosted, detections: Recorder, organization: str, stream: str, broadcast_of: Any, over_confident: Any
) -> None:
    await over_confident(detector.database, organization)
    broadcast = broadcast_of(stream)
    await say(detector, organization, broadcast, *broadcast.whole())
    recorded = await detections.until(stream, "completed")
    highlight = recorded.of_kind("completed")[0].highlight_ids[0]

    async with detector.asking(organization) as client:
        explained = (await client.get(f"/internal/highlights/{highlight}/explanation")).json()
        assert explained["holds"] is True
        answer = await client.put(f"/internal/highlights/{highlight}/verdict", json={"verdict": "accepted"})
        assert answer.status_code == 200

        async def learned() -> bool:
            (gaming,) = (await client.get("/internal/verdicts/summary")).json()["dimension_sets"]
            return bool(gaming["recalibration"])

        await eventually(learned)


async def test_a_scorer_is_asked_for_over_http_and_trained_by_a_job(
    detector: Hosted, detections: Recorder, organization: str, broadcast_of: Any
) -> None:
    names = sorted(new_id("str") for _ in range(5))
    for name in names:
        broadcast = broadcast_of(name)
        await say(detector, organization, broadcast, *broadcast.whole())
    for name in names:
        await detections.until(name, "completed")
        await say(detector, organization, broadcast_of(name), broadcast_of(name).decided("completed"))
    moments = [
        {"stream_id": name, "start_ms": 1000 * start, "end_ms": 1000 * start + 9000}
        for name in names
        for start in (15, 65, 115, 160)
    ]
    async with detector.asking(organization) as client:

        async def asked() -> Any:
            answer = await client.post("/internal/scorers", json={"name": "ours", "streams": names, "moments": moments})
            return answer.json() if answer.is_success else None

        scorer = await eventually(asked)  # the last stream may not be known as completed yet
        assert scorer["state"] == "training"

        async def ended() -> Any:
            found = (await client.get(f"/internal/scorers/{scorer['id']}")).json()
            return found if found["state"] != "training" else None

        found = await eventually(ended, limit_s=60)
        document = (await client.get(f"/internal/scorers/{scorer['id']}/document")).json()
    assert (found["state"], document["format"]) == ("ready", "tldr-scorer"), found
