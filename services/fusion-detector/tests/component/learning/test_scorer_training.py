"""An organization trains a scorer of its own: from moments or verdicts, in a process, used by its next runs."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any

import numpy as np

from tldr.streams.v1 import streams_pb2
from tldr_contracts.ids import RunId, ScorerId, StreamId, new_id
from tldr_fusion_detector.adapters.learning.training_jobs import TRAIN
from tldr_fusion_detector.adapters.moments.detector_thread import ThreadDetector
from tldr_fusion_detector.adapters.scoring.scorer_shelf import ScorerShelf
from tldr_fusion_detector.application.learning.train_scorer import TrainScorer
from tldr_fusion_detector.application.moments.detect_run import DetectRun
from tldr_fusion_detector.application.moments.rescore_stream import RescoreStream
from tldr_fusion_detector.application.scoring.scorer_record import TrainingProgress
from tldr_fusion_detector.entrypoints.jobs import JobHandlers
from tldr_jobs import ExhaustedJob
from tldr_service import SystemClock


async def test_a_scorer_is_trained_and_used_by_the_next_run_and_its_highlights_hold(
    service: Any, talks: Any, asking: Any, scorers: Any
) -> None:
    later = scorers.talk(99)
    async with asking(service.organization) as client:
        scorer = await scorers.trained(client, scorers.wanted(talks))
        assert (scorer["state"], scorer["version"], scorer["active"], scorer["failure"]) == ("ready", 1, False, None)
        made = scorer["provenance"]
        assert (made["streams"], made["moments"], made["seconds"]) == (5, 25, 5 * talks[0].seconds)
        assert made["trained"]["AP"] > made["default"]["AP"] + 20
        active = await client.put(f"/internal/scorers/{scorer['id']}/active")
        assert active.json() == {**scorer, "active": True}
        await scorers.complete(later)
        assert await scorers.pins(talks[0].stream) == [None], "a run keeps to what it was made with"
        assert await scorers.pins(later.stream) == [scorer["id"]]
        *found, completed = await service.published(later.stream)
        assert len(completed.highlight_ids) >= 3
        for name in completed.highlight_ids:
            body = (await client.get(f"/internal/highlights/{name}/explanation")).json()
            assert (body["holds"], body["scorer_id"], body["tampered"]) == (True, scorer["id"], [])
            assert body["deviation"] <= 1e-9
            assert {part["dimension"] for part in body["contributions"]} == {"trained"}
        near = [min(abs(one.peak_ms / 1000 - at - 5) for at in later.starts) for one in found]
        assert sum(distance < 12 for distance in near) >= 0.6 * len(near)

        other = """UPDATE scorers SET document = convert_to(
            replace(convert_from(document, 'UTF8'), '"smooth_s":3.0', '"smooth_s":2.0'), 'UTF8'
        ) WHERE scorer_id = $1 RETURNING 1"""
        assert await service.fetch(other, scorer["id"])
        service.work = replace(service.work, shelf=ScorerShelf())
        body = (await client.get(f"/internal/highlights/{completed.highlight_ids[0]}/explanation")).json()
        assert (body["holds"], body["tampered"]) == (False, [{"signal": "scorer", "what": "is missing"}])


async def test_a_rescore_is_made_by_the_active_scorer_and_without_one_by_the_dimensions(
    service: Any, talks: Any, asking: Any, scorers: Any, broadcast_of: Any
) -> None:
    stream = StreamId(talks[0].stream)
    profile = broadcast_of(stream).requested().requested.profile

    async def rescored() -> None:
        run = RunId(new_id("run"))
        request = streams_pb2.StreamRescoreRequested(stream_id=stream, run_id=run, profile=profile)
        await service.tell(streams_pb2.StreamEvent(rescore_requested=request))
        await RescoreStream(DetectRun(ThreadDetector()))(stream, run, service.transactions)

    async with asking(service.organization) as client:
        scorer = await scorers.trained(client, scorers.wanted(talks))
        address = f"/internal/scorers/{scorer['id']}/active"
        await client.put(address)
        await rescored()
        assert (await client.delete(address)).status_code == 204
        await rescored()
    assert await scorers.pins(stream) == [None, scorer["id"], None]
    scores = await service.fetch("SELECT scores, state FROM runs WHERE stream_id = $1 ORDER BY run_id", stream)
    assert {row["state"] for row in scores} == {"completed"}
    assert scores[0]["scores"] == scores[2]["scores"] != scores[1]["scores"]


async def test_moments_that_mean_nothing_are_refused_with_both_figures(
    service: Any, talks: Any, asking: Any, scorers: Any
) -> None:
    request = scorers.wanted(talks)
    rng = np.random.default_rng(4)
    for moment in request["moments"]:
        moment["start_ms"] = int(rng.integers(0, talks[0].seconds - 10)) * 1000
        moment["end_ms"] = moment["start_ms"] + 8_000
    async with asking(service.organization) as client:
        scorer = await scorers.trained(client, request)
        assert (scorer["state"], scorer["provenance"]) == ("refused", None)
        assert scorer["failure"]["code"] in {"worse_than_default", "too_little_data"}
        answer = await client.put(f"/internal/scorers/{scorer['id']}/active")
        assert (answer.status_code, answer.json()["code"]) == (409, "scorer_not_ready")
    assert scorer["failure"]["code"] == "worse_than_default"
    assert "the default" in scorer["failure"]["reason"]


async def test_accepted_highlights_are_moments_with_the_times_that_were_corrected(
    service: Any, talks: Any, asking: Any, scorers: Any
) -> None:
    rows = []
    for talk in talks:
        for index, moment in enumerate(talk.moments):
            name = f"hl_{talk.stream}_{index}"
            figures = json.dumps({"start_ms": moment["start_ms"] - 3000, "end_ms": moment["end_ms"]})
            await service.fetch(
                "INSERT INTO highlights VALUES ($1, $2, 'run_x', $3, 1, 'final', $4) RETURNING 1",
                *(service.organization, name, talk.stream, figures),
            )
            rows.append((name, talk.stream, moment["start_ms"]))
    for name, stream, start in rows:
        await service.fetch(
            "INSERT INTO verdicts VALUES ($1, $2, $3, 'accepted', $4, NULL, 0.5, 0.5, 0.5, 'gaming') RETURNING 1",
            *(service.organization, name, stream, start),
        )
    async with asking(service.organization) as client:
        by_verdicts = await scorers.trained(client, {"name": "ours", "from_verdicts": True})
        by_moments = await scorers.trained(client, scorers.wanted(talks))
    assert (by_verdicts["state"], by_moments["version"]) == ("ready", 2)
    assert by_verdicts["provenance"]["data"] == by_moments["provenance"]["data"]


async def test_while_it_is_trained_it_says_how_far_it_is_and_then_what_was_left_out(
    service: Any, talks: Any, asking: Any, scorers: Any
) -> None:
    unfinished = scorers.talk(95)
    await service.tell(*unfinished.told(scorers.broadcast_of(unfinished.stream).requested().requested.profile))
    async with asking(service.organization) as client:
        scorer = await scorers.asked(client, scorers.wanted(talks))
        assert (scorer["progress"], scorer["left_out"]) == ({"step": "waiting", "share": 0.0}, None)
        seen: list[dict[str, Any]] = []

        @asynccontextmanager
        async def look() -> AsyncIterator[Any]:
            async with service.open() as work:
                yield work
            seen.append((await client.get(f"/internal/scorers/{scorer['id']}")).json()["progress"])

        train = TrainScorer(scorers.training, SystemClock().now, shown_every_s=0.0)
        labels = await scorers.labels(scorer["id"])
        labels = replace(labels, streams=(*labels.streams, StreamId(unfinished.stream)))
        await train(ScorerId(scorer["id"]), labels, replace(service.transactions, look=look))
        found = (await client.get(f"/internal/scorers/{scorer['id']}")).json()
    assert (found["state"], found["progress"], found["left_out"]) == ("ready", None, {"not_completed": 1})
    assert {"reading signals", "cross-validation"} < {one["step"] for one in seen}
    assert [one["share"] for one in seen] == sorted(one["share"] for one in seen)


async def test_what_has_ended_shows_no_progress_that_comes_late(
    service: Any, talks: Any, asking: Any, scorers: Any
) -> None:
    async with asking(service.organization) as client:
        scorer = await scorers.trained(client, scorers.wanted(talks[:2]))
        async with service.open() as work:
            await work.scorers.show(ScorerId(scorer["id"]), TrainingProgress("cross-validation", 0.5))
        assert (await client.get(f"/internal/scorers/{scorer['id']}")).json() == scorer
    assert (scorer["state"], scorer["progress"]) == ("refused", None)


async def test_a_training_that_fails_for_good_says_so(service: Any, talks: Any, asking: Any, scorers: Any) -> None:
    async with asking(service.organization) as client:
        scorer = await scorers.asked(client, scorers.wanted(talks))
        handlers = JobHandlers(service.work, None, None, None, 1, timedelta(minutes=1))  # type: ignore[arg-type]
        job = ExhaustedJob(1, TRAIN, service.organization, scorer["id"], {"lane": 0}, "time_limit", "no progress")
        async with service.database.tenant(service.organization) as transaction:
            await handlers.train_exhausted(transaction, job)
        found = (await client.get(f"/internal/scorers/{scorer['id']}")).json()
    assert (found["state"], found["failure"]["code"]) == ("failed", "training_failed")


async def test_verdicts_on_a_scorers_highlights_are_counted_for_it(
    service: Any, talks: Any, asking: Any, scorers: Any
) -> None:
    later = scorers.talk(96)
    async with asking(service.organization) as client:
        scorer = await scorers.trained(client, scorers.wanted(talks))
        await client.put(f"/internal/scorers/{scorer['id']}/active")
        await scorers.complete(later)
        highlight = (await service.published(later.stream))[0].highlight_id
        await client.put(f"/internal/highlights/{highlight}/verdict", json={"verdict": "accepted"})
        (tally,) = (await client.get("/internal/verdicts/summary")).json()["dimension_sets"]
    assert (tally["dimension_set"], tally["accepted"]) == (scorer["id"], 1)


async def test_without_anything_to_learn_from_it_is_refused_with_a_sentence(
    service: Any, talks: Any, asking: Any, scorers: Any
) -> None:
    async with asking(service.organization) as client:
        nothing = await scorers.trained(client, {"name": "ours", "from_verdicts": True})
        few = await scorers.trained(client, scorers.wanted(talks[:2]))
    assert [one["failure"]["code"] for one in (nothing, few)] == ["too_little_data"] * 2
    assert "Training needs 5 streams" in few["failure"]["reason"]
