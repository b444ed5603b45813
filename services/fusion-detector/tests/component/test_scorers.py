"""An organization trains a scorer of its own: from moments or verdicts, in a process, used by its next runs."""

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import numpy as np
import pytest
import pytest_asyncio

from tldr.chat_signals.v1 import chat_signals_pb2
from tldr.common.v1 import common_pb2
from tldr.ingestions.v1 import ingestions_pb2
from tldr.streams.v1 import streams_pb2
from tldr_contracts.ids import RunId, ScorerId, StreamId, new_id
from tldr_fusion_detector.adapters.detector_thread import ThreadDetector
from tldr_fusion_detector.adapters.retention_postgres import PostgresRetention
from tldr_fusion_detector.adapters.scorer_shelf import ScorerShelf
from tldr_fusion_detector.adapters.training_jobs import TRAIN, labels_of
from tldr_fusion_detector.adapters.training_process import ProcessTraining
from tldr_fusion_detector.application.advance_stream import AdvanceStream
from tldr_fusion_detector.application.rescore_stream import RescoreStream
from tldr_fusion_detector.application.train_scorer import TrainScorer
from tldr_fusion_detector.entrypoints.jobs import JobHandlers
from tldr_jobs import ExhaustedJob
from tldr_service import SystemClock

SECONDS, LAG_S = 420, 16
STARTS = (30, 100, 170, 240, 310)


@dataclass(frozen=True)
class Talk:
    """A stream of chat alone, as ever, but that `now` is said more often `LAG_S` after its moments."""

    stream: str
    seed: int

    @property
    def starts(self) -> list[int]:
        rng = np.random.default_rng(self.seed)
        return [start + int(rng.integers(0, 30)) for start in STARTS]

    @property
    def moments(self) -> list[dict[str, Any]]:
        return [{"stream_id": self.stream, "start_ms": 1000 * at, "end_ms": 1000 * (at + 10)} for at in self.starts]

    def told(self, profile: streams_pb2.DetectionProfile) -> list[Any]:
        """Everything that the neighbours say of it, until it is complete."""
        requested = streams_pb2.StreamRequested(stream_id=self.stream, lane=5, priority=1, attempt=1, profile=profile)
        requested.chat.url = "https://example.com/a.json"
        requested.source.kind = streams_pb2.SOURCE_KIND_RECORDING
        opened = ingestions_pb2.IngestionStarted(stream_id=self.stream, attempt=1, claimed_duration_ms=1000 * SECONDS)
        ended = chat_signals_pb2.ChatSignalsEnded(stream_id=self.stream, attempt=1, duration_ms=1000 * SECONDS)
        read = ingestions_pb2.IngestionEnded(stream_id=self.stream, attempt=1, duration_ms=1000 * SECONDS)
        return [
            streams_pb2.StreamEvent(requested=requested),
            ingestions_pb2.IngestionEvent(started=opened),
            chat_signals_pb2.ChatSignalEvent(measured=self._measured()),
            ingestions_pb2.IngestionEvent(ended=read),
            chat_signals_pb2.ChatSignalEvent(ended=ended),
        ]

    def _measured(self) -> chat_signals_pb2.ChatSignalsMeasured:
        rng = np.random.default_rng(self.seed)
        reaction = np.zeros(SECONDS)
        for at in self.starts:
            reaction[at + LAG_S : at + LAG_S + 10] = 1.0
        rate = rng.poisson(4.0, SECONDS)
        said = np.array([rng.binomial(rate, share) for share in (0.05 + 0.6 * reaction, 0.2)])
        seconds, words = np.nonzero(said.T)
        series = {"chat.rate": rate, "chat.voices": rate, "chat.hype": rng.uniform(0.0, 0.2, SECONDS)}
        return chat_signals_pb2.ChatSignalsMeasured(
            stream_id=self.stream,
            series=[common_pb2.Series(name=name, start_s=0, values=values) for name, values in series.items()],
            complete_until_ms=1000 * SECONDS,
            words=chat_signals_pb2.WordCounts(
                start_s=0,
                words=["now", "so"],
                seconds=seconds.tolist(),
                word_indexes=words.tolist(),
                counts=said.T[seconds, words].tolist(),
            ),
        )


@pytest_asyncio.fixture(scope="module")
async def training() -> AsyncIterator[ProcessTraining]:
    """One process for all tests here."""
    process = ProcessTraining(120, idle_s=60)
    yield process
    await process.close()


@pytest.fixture
async def talks(desk: Any, broadcast_of: Any) -> list[Talk]:
    """Five completed streams of the organization."""
    found = [Talk(new_id("str"), seed) for seed in range(5)]
    for talk in found:
        await complete(desk, talk, broadcast_of)
    return found


async def complete(desk: Any, talk: Talk, broadcast_of: Any) -> None:
    broadcast = broadcast_of(talk.stream)
    await desk.tell(*talk.told(broadcast.requested().requested.profile))
    await desk.advance(talk.stream)
    await desk.tell(broadcast.decided("completed"))


def wanted(talks: list[Talk], name: str = "ours") -> dict[str, Any]:
    streams = [talk.stream for talk in talks]
    return {"name": name, "streams": streams, "moments": [moment for talk in talks for moment in talk.moments]}


async def asked(client: httpx.AsyncClient, request: dict[str, Any]) -> dict[str, Any]:
    answer = await client.post("/internal/scorers", json=request)
    assert answer.status_code == 202, answer.text
    return dict(answer.json())


async def trained(desk: Any, client: httpx.AsyncClient, training: ProcessTraining, request: Any) -> dict[str, Any]:
    """A scorer once its job has run."""
    scorer = await asked(client, request)
    (job,) = await desk.fetch("SELECT payload FROM jobs WHERE subject = $1", scorer["id"])
    labels = labels_of(job["payload"])
    train = TrainScorer(training, SystemClock().now)
    await train(ScorerId(scorer["id"]), labels, look=desk.open, finish=desk.open)
    return dict((await client.get(f"/internal/scorers/{scorer['id']}")).json())


async def pins(desk: Any, stream: str) -> list[str | None]:
    rows = await desk.fetch("SELECT scorer->>'id' AS id FROM runs WHERE stream_id = $1 ORDER BY run_id", stream)
    return [row["id"] for row in rows]


async def test_a_scorer_is_trained_and_used_by_the_next_run_and_its_highlights_hold(
    desk: Any, talks: list[Talk], asking: Any, training: ProcessTraining, broadcast_of: Any
) -> None:
    later = Talk(new_id("str"), 99)
    async with asking(desk.organization) as client:
        scorer = await trained(desk, client, training, wanted(talks))
        assert (scorer["state"], scorer["version"], scorer["active"], scorer["failure"]) == ("ready", 1, False, None)
        made = scorer["provenance"]
        assert (made["streams"], made["moments"], made["seconds"]) == (5, 25, 5 * SECONDS)
        assert made["trained"]["AP"] > made["default"]["AP"] + 20
        active = await client.put(f"/internal/scorers/{scorer['id']}/active")
        assert active.json() == {**scorer, "active": True}
        await complete(desk, later, broadcast_of)
        assert await pins(desk, talks[0].stream) == [None], "a run keeps to what it was made with"
        assert await pins(desk, later.stream) == [scorer["id"]]
        *found, completed = await desk.published(later.stream)
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
        assert await desk.fetch(other, scorer["id"])
        desk.work = replace(desk.work, shelf=ScorerShelf())
        body = (await client.get(f"/internal/highlights/{completed.highlight_ids[0]}/explanation")).json()
        assert (body["holds"], body["tampered"]) == (False, [{"signal": "scorer", "what": "is missing"}])


async def test_a_rescore_is_made_by_the_active_scorer_and_without_one_by_the_dimensions(
    desk: Any, talks: list[Talk], asking: Any, training: ProcessTraining, broadcast_of: Any
) -> None:
    stream = StreamId(talks[0].stream)
    profile = broadcast_of(stream).requested().requested.profile

    async def rescored() -> None:
        run = RunId(new_id("run"))
        request = streams_pb2.StreamRescoreRequested(stream_id=stream, run_id=run, profile=profile)
        await desk.tell(streams_pb2.StreamEvent(rescore_requested=request))
        await RescoreStream(AdvanceStream(ThreadDetector()))(stream, run, look=desk.open, finish=desk.open)

    async with asking(desk.organization) as client:
        scorer = await trained(desk, client, training, wanted(talks))
        address = f"/internal/scorers/{scorer['id']}/active"
        await client.put(address)
        await rescored()
        assert (await client.delete(address)).status_code == 204
        await rescored()
    assert await pins(desk, stream) == [None, scorer["id"], None]
    scores = await desk.fetch("SELECT scores, standing FROM runs WHERE stream_id = $1 ORDER BY run_id", stream)
    assert {row["standing"] for row in scores} == {"completed"}
    assert scores[0]["scores"] == scores[2]["scores"] != scores[1]["scores"]


async def test_moments_that_mean_nothing_are_refused_with_both_figures(
    desk: Any, talks: list[Talk], asking: Any, training: ProcessTraining
) -> None:
    request = wanted(talks)
    rng = np.random.default_rng(4)
    for moment in request["moments"]:
        moment["start_ms"] = int(rng.integers(0, SECONDS - 10)) * 1000
        moment["end_ms"] = moment["start_ms"] + 8_000
    async with asking(desk.organization) as client:
        scorer = await trained(desk, client, training, request)
        assert (scorer["state"], scorer["provenance"]) == ("refused", None)
        assert scorer["failure"]["code"] in {"worse_than_default", "too_little_data"}
        answer = await client.put(f"/internal/scorers/{scorer['id']}/active")
        assert (answer.status_code, answer.json()["code"]) == (409, "scorer_not_ready")
    assert scorer["failure"]["code"] == "worse_than_default"
    assert "the default" in scorer["failure"]["reason"]


async def test_accepted_highlights_are_moments_with_the_times_that_were_corrected(
    desk: Any, talks: list[Talk], asking: Any, training: ProcessTraining
) -> None:
    rows = []
    for talk in talks:
        for index, moment in enumerate(talk.moments):
            name = f"hl_{talk.stream}_{index}"
            figures = json.dumps({"start_ms": moment["start_ms"] - 3000, "end_ms": moment["end_ms"]})
            await desk.fetch(
                "INSERT INTO highlights VALUES ($1, $2, 'run_x', $3, 1, 'final', $4) RETURNING 1",
                *(desk.organization, name, talk.stream, figures),
            )
            rows.append((name, talk.stream, moment["start_ms"]))
    for name, stream, start in rows:
        await desk.fetch(
            "INSERT INTO verdicts VALUES ($1, $2, $3, 'accepted', $4, NULL, 0.5, 0.5, 0.5, 'gaming') RETURNING 1",
            *(desk.organization, name, stream, start),
        )
    async with asking(desk.organization) as client:
        by_verdicts = await trained(desk, client, training, {"name": "ours", "from_verdicts": True})
        by_moments = await trained(desk, client, training, wanted(talks))
    assert (by_verdicts["state"], by_moments["version"]) == ("ready", 2)
    assert by_verdicts["provenance"]["data"] == by_moments["provenance"]["data"]


async def test_a_training_that_fails_for_good_says_so(desk: Any, talks: list[Talk], asking: Any) -> None:
    async with asking(desk.organization) as client:
        scorer = await asked(client, wanted(talks))
        handlers = JobHandlers(desk.work, None, None, None, 1, timedelta(minutes=1))  # type: ignore[arg-type]
        job = ExhaustedJob(1, TRAIN, desk.organization, scorer["id"], {"lane": 0}, "time_limit", "no progress")
        async with desk.database.tenant(desk.organization) as transaction:
            await handlers.train_exhausted(transaction, job)
        found = (await client.get(f"/internal/scorers/{scorer['id']}")).json()
    assert (found["state"], found["failure"]["code"]) == ("failed", "training_failed")


async def test_a_scorer_of_another_calibration_is_neither_used_nor_activated(
    desk: Any, talks: list[Talk], asking: Any, training: ProcessTraining, broadcast_of: Any
) -> None:
    later = Talk(new_id("str"), 97)
    async with asking(desk.organization) as client:
        scorer = await trained(desk, client, training, wanted(talks))
        address = f"/internal/scorers/{scorer['id']}"
        await client.put(f"{address}/active")
        await desk.fetch(
            "UPDATE scorers SET provenance = jsonb_set(provenance, '{libraries,calibration}', '\"0\"')"
            " WHERE scorer_id = $1 RETURNING 1",
            scorer["id"],
        )
        assert (await client.get(address)).json()["active"] is False
        answer = await client.put(f"{address}/active")
        assert (answer.status_code, answer.json()["code"]) == (409, "scorer_outdated")
        await complete(desk, later, broadcast_of)
    assert await pins(desk, later.stream) == [None]


async def test_verdicts_on_a_scorers_highlights_are_counted_for_it(
    desk: Any, talks: list[Talk], asking: Any, training: ProcessTraining, broadcast_of: Any
) -> None:
    later = Talk(new_id("str"), 96)
    async with asking(desk.organization) as client:
        scorer = await trained(desk, client, training, wanted(talks))
        await client.put(f"/internal/scorers/{scorer['id']}/active")
        await complete(desk, later, broadcast_of)
        highlight = (await desk.published(later.stream))[0].highlight_id
        await client.put(f"/internal/highlights/{highlight}/verdict", json={"verdict": "accepted"})
        (tally,) = (await client.get("/internal/verdicts/summary")).json()["dimension_sets"]
    assert (tally["dimension_set"], tally["accepted"]) == (scorer["id"], 1)


async def test_without_anything_to_learn_from_it_is_refused_with_a_sentence(
    desk: Any, talks: list[Talk], asking: Any, training: ProcessTraining
) -> None:
    async with asking(desk.organization) as client:
        nothing = await trained(desk, client, training, {"name": "ours", "from_verdicts": True})
        few = await trained(desk, client, training, wanted(talks[:2]))
    assert [one["failure"]["code"] for one in (nothing, few)] == ["too_little_data"] * 2
    assert "Training needs 5 streams" in few["failure"]["reason"]


async def test_another_organization_sees_trains_and_uses_nothing_of_it(
    desk: Any, talks: list[Talk], asking: Any, training: ProcessTraining
) -> None:
    async with asking(desk.organization) as client:
        scorer = await trained(desk, client, training, wanted(talks))
    address = f"/internal/scorers/{scorer['id']}"
    async with asking(f"{desk.organization}_other") as client:
        answers = [
            await client.get(address),
            await client.get(f"{address}/document"),
            await client.put(f"{address}/active"),
            await client.delete(f"{address}/active"),
            await client.delete(address),
        ]
        assert [(one.status_code, one.json()["code"]) for one in answers] == [(404, "scorer_not_found")] * 5
        assert (await client.get("/internal/scorers")).json() == {"scorers": []}
        foreign = await client.post("/internal/scorers", json=wanted(talks))
        assert (foreign.status_code, foreign.json()["code"]) == (404, "stream_not_found")
    async with asking(desk.organization) as client:
        assert (await client.get(address)).json() == scorer
        document = await client.get(f"{address}/document")
    assert document.json()["provenance"] == scorer["provenance"]


async def test_a_removed_scorer_is_kept_for_as_long_as_a_run_refers_to_it(
    desk: Any, talks: list[Talk], asking: Any, training: ProcessTraining, broadcast_of: Any
) -> None:
    later = Talk(new_id("str"), 98)
    async with asking(desk.organization) as client:
        scorer = await trained(desk, client, training, wanted(talks))
        await client.put(f"/internal/scorers/{scorer['id']}/active")
        await complete(desk, later, broadcast_of)
        assert (await client.delete(f"/internal/scorers/{scorer['id']}")).status_code == 204
        assert (await client.get(f"/internal/scorers/{scorer['id']}")).status_code == 404
    async with desk.open() as work:
        assert await work.scorers.active() is None

    async def kept() -> bool:
        await PostgresRetention(desk.database).forget(datetime.now(UTC), timedelta(days=30))
        return bool(await desk.fetch("SELECT 1 FROM scorers WHERE scorer_id = $1", scorer["id"]))

    assert await kept()
    await desk.tell(broadcast_of(later.stream).decided("deleted"))
    assert not await kept()


async def test_no_more_than_twenty_are_kept_and_a_removed_training_is_cancelled(
    desk: Any, talks: list[Talk], asking: Any
) -> None:
    async with asking(desk.organization) as client:
        made = [await asked(client, wanted(talks[:1])) for _ in range(20)]
        assert [one["version"] for one in made] == list(range(1, 21))
        full = await client.post("/internal/scorers", json=wanted(talks[:1]))
        assert (full.status_code, full.json()["code"]) == (409, "too_many_scorers")
        await client.delete(f"/internal/scorers/{made[3]['id']}")
        assert await desk.fetch("SELECT 1 FROM jobs WHERE subject = $1 AND state = 'waiting'", made[3]["id"]) == []
        assert (await asked(client, wanted(talks[:1])))["version"] == 21


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": "Not A Slug", "from_verdicts": True},
        {"name": "ours"},
        {"name": "ours", "from_verdicts": True, "streams": ["str_1"]},
        {"name": "ours", "streams": ["str_1"] * 201},
        {"name": "ours", "streams": ["str_1"], "moments": [{"stream_id": "str_2", "start_ms": 0, "end_ms": 1}]},
        {"name": "ours", "streams": ["str_1"], "moments": [{"stream_id": "str_1", "start_ms": 1, "end_ms": 1}]},
    ],
)
async def test_what_is_no_request_is_refused(desk: Any, asking: Any, wrong: dict[str, Any]) -> None:
    async with asking(desk.organization) as client:
        answer = await client.post("/internal/scorers", json=wrong)
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_request")
