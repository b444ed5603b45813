"""A finished stream under another profile: from its stored signals alone, the same bytes whenever it is repeated."""

import json
from pathlib import Path
from typing import Any

import numpy as np
from google.protobuf import json_format

from tldr.common.v1 import common_pb2
from tldr.streams.v1 import streams_pb2
from tldr.video_signals.v1 import video_signals_pb2
from tldr_contracts.ids import RunId, StreamId, new_id
from tldr_fusion_detector.adapters.moments.detector_thread import ThreadDetector
from tldr_fusion_detector.application.moments.answer_questions import AnswerQuestions
from tldr_fusion_detector.application.moments.detect_run import DetectRun
from tldr_fusion_detector.application.moments.rescore_stream import SIGNALS_GONE, RescoreStream

PRESETS = Path(__file__).parents[3] / "gateway/src/tldr_gateway/presets"


def profile(preset: str = "gaming", **processing: Any) -> streams_pb2.DetectionProfile:
    """A preset as the gateway publishes it."""
    document = json.loads((PRESETS / f"{preset}.json").read_text())
    for dimension in document["dimensions"]:
        dimension["mode"] = f"SCORING_MODE_{dimension['mode'].upper()}"
    document["processing"]["fusion"] = f"FUSION_MODE_{document['processing']['fusion'].upper()}"
    document["processing"] |= processing
    return json_format.ParseDict(document, streams_pb2.DetectionProfile())


def asked(stream: str, run: str, wanted: streams_pb2.DetectionProfile) -> streams_pb2.StreamEvent:
    request = streams_pb2.StreamRescoreRequested(stream_id=stream, run_id=run, profile=wanted)
    return streams_pb2.StreamEvent(rescore_requested=request)


async def finished(service: Any, broadcast: Any, **request: Any) -> str:
    """A stream that is completed; its first run."""
    request_first, *rest = broadcast.whole()
    await service.tell(broadcast.requested(**request) if request else request_first, *rest)
    await service.advance(broadcast.stream)
    await service.tell(broadcast.decided("completed"))
    (run,) = await service.fetch("SELECT run_id FROM runs WHERE stream_id = $1", broadcast.stream)
    return str(run["run_id"])


async def made(service: Any, stream: str, run: str) -> None:
    """Run what a rescore job runs."""
    rescore = RescoreStream(DetectRun(ThreadDetector()))
    await rescore(StreamId(stream), RunId(run), service.transactions)


async def rescored(service: Any, stream: str, wanted: streams_pb2.DetectionProfile | None = None) -> str:
    run = new_id("run")
    await service.tell(asked(stream, run, wanted or profile()))
    await made(service, stream, run)
    return run


async def bytes_of(service: Any, run: str) -> tuple[list[str], bytes]:
    """The figures of a run's highlights as they are stored, in order of time, and its score."""
    found = "SELECT figures::text FROM highlights WHERE run_id = $1 ORDER BY (figures->>'peak_ms')::int"
    (kept,) = await service.fetch("SELECT scores FROM runs WHERE run_id = $1", run)
    return [row["figures"] for row in await service.fetch(found, run)], kept["scores"]


async def run_of(service: Any, run: str) -> Any:
    (row,) = await service.fetch("SELECT * FROM runs WHERE run_id = $1", run)
    return row


async def test_under_its_own_profile_a_recording_gives_exactly_what_it_gave(
    service: Any, stream: str, broadcast_of: Any
) -> None:
    first = await finished(service, broadcast_of(stream))
    before = await service.published(stream)
    again = await rescored(service, stream)
    assert await bytes_of(service, again) == await bytes_of(service, first)
    *found, completed = (await service.published(stream))[len(before) :]
    assert [one.DESCRIPTOR.name for one in found] == ["HighlightDetected"] * 3
    assert all(one.rescore and one.run_id == again and one.revision == 1 for one in found)
    assert (completed.rescore, completed.run_id, completed.attempt, completed.duration_ms) == (True, again, 1, 180_000)
    assert list(completed.highlight_ids) == [one.highlight_id for one in found]
    assert not set(completed.highlight_ids) & set(before[-1].highlight_ids)
    assert not before[-1].rescore


async def test_under_another_profile_it_gives_the_same_bytes_each_time(
    service: Any, stream: str, broadcast_of: Any
) -> None:
    first = await finished(service, broadcast_of(stream))
    sports = profile("sports", max_per_hour=40.0)
    once, twice = [await bytes_of(service, await rescored(service, stream, sports)) for _ in range(2)]
    assert once == twice
    assert once[0]
    assert once[1] != (await bytes_of(service, first))[1]
    (row,) = await service.fetch("SELECT state, run_id FROM streams WHERE stream_id = $1", stream)
    assert (row["state"], row["run_id"]) == ("completed", first), "the stream stays as it was"


async def test_the_lag_that_the_first_run_found_is_used_unless_the_profile_has_its_own(
    service: Any, stream: str, broadcast_of: Any
) -> None:
    first = await run_of(service, await finished(service, broadcast_of(stream)))
    await service.fetch("UPDATE runs SET lag_s = 9 WHERE run_id = $1 RETURNING 1", first["run_id"])
    pinned = await run_of(service, await rescored(service, stream))
    given = await run_of(service, await rescored(service, stream, profile(chat_lag_ms=4_000)))
    assert (pinned["lag_s"], given["lag_s"]) == (9.0, 4.0)
    assert pinned["scores"] != first["scores"]


async def test_a_live_stream_is_looked_at_as_a_whole(service: Any, stream: str, broadcast_of: Any) -> None:
    first = await run_of(service, await finished(service, broadcast_of(stream), live=True))
    again = await run_of(service, await rescored(service, stream))
    assert (first["mode"], again["mode"], again["state"]) == ("live", "recorded", "completed")


async def test_what_a_model_said_is_used_again_where_the_dimension_is_the_same(
    service: Any, stream: str, broadcast_of: Any
) -> None:
    broadcast = broadcast_of(stream)
    await finished(service, broadcast)
    judged = profile()
    judged.dimensions.add(name="drama", weight=1.0, mode=streams_pb2.SCORING_MODE_MODEL, prompt="How dramatic is it?")
    without = await rescored(service, stream, judged)
    said = common_pb2.Series(name="model.drama", start_s=0, values=np.ones(180).tolist())
    measured = video_signals_pb2.VideoSignalsMeasured(stream_id=stream, series=[said], complete_until_ms=180_000)
    await service.tell(video_signals_pb2.VideoSignalEvent(measured=measured))
    with_it = await rescored(service, stream, judged)

    async def confidence(run: str) -> float:
        return max(float(json.loads(figures)["confidence"]) for figures in (await bytes_of(service, run))[0])

    assert await confidence(without) < await confidence(with_it), "half of the weight had no evidence"


async def test_a_request_that_comes_again_does_nothing(service: Any, stream: str, broadcast_of: Any) -> None:
    await finished(service, broadcast_of(stream))
    run = new_id("run")
    request = asked(stream, run, profile())
    await service.tell(request, request)
    jobs = "SELECT payload->>'run' AS run, priority FROM jobs WHERE key = $1 AND kind = 'rescore-stream'"
    assert [(job["run"], job["priority"]) for job in await service.fetch(jobs, stream)] == [(run, 7)]
    await made(service, stream, run)
    before = await service.published(stream)
    await service.tell(request)
    await made(service, stream, run)
    assert await service.published(stream) == before
    assert len(await service.fetch(jobs, stream)) == 1


async def test_a_deleted_stream_drops_its_rescores(service: Any, stream: str, broadcast_of: Any) -> None:
    broadcast = broadcast_of(stream)
    await finished(service, broadcast)
    run = new_id("run")
    await service.tell(asked(stream, run, profile()), broadcast.decided("deleted"))
    before = await service.published(stream)
    assert await service.fetch("SELECT 1 FROM jobs WHERE subject = $1 AND state = 'waiting'", stream) == []
    await made(service, stream, run)
    await service.tell(asked(stream, new_id("run"), profile()))
    assert await service.published(stream) == before
    assert await service.fetch("SELECT 1 FROM runs WHERE stream_id = $1", stream) == []


async def test_a_stream_that_is_deleted_while_it_is_rescored_stays_deleted(
    service: Any, stream: str, broadcast_of: Any
) -> None:
    broadcast, run = broadcast_of(stream), new_id("run")
    await finished(service, broadcast)
    await service.tell(asked(stream, run, profile()))
    before = await service.published(stream)

    class Late(ThreadDetector):
        """Detects after the stream was deleted."""

        async def __call__(self, *seen: Any, **more: Any) -> Any:
            await service.tell(broadcast.decided("deleted"))
            return await ThreadDetector()(*seen, **more)

    late = RescoreStream(DetectRun(Late()))
    await late(StreamId(stream), RunId(run), service.transactions)
    assert await service.published(stream) == before
    assert await service.fetch("SELECT 1 FROM runs WHERE stream_id = $1", stream) == []


async def test_signals_that_are_not_kept_any_longer_fail_the_rescore(
    service: Any, stream: str, broadcast_of: Any
) -> None:
    await finished(service, broadcast_of(stream))
    await service.fetch("DELETE FROM signals WHERE stream_id = $1 RETURNING 1", stream)
    unknown = f"{stream}_forgotten"
    for name in (stream, unknown):
        run = await rescored(service, name)
        failed = (await service.published(name))[-1]
        assert (failed.run_id, failed.rescore, failed.failure.code) == (run, True, SIGNALS_GONE.code)
    assert await service.fetch("SELECT 1 FROM streams WHERE stream_id = $1", unknown), (
        "by which the sweep finds the run"
    )


async def test_a_rescore_that_cannot_be_made_says_why_and_the_first_run_stands(
    service: Any, stream: str, broadcast_of: Any
) -> None:
    first = await finished(service, broadcast_of(stream))
    before = await bytes_of(service, first)
    await rescored(service, stream, streams_pb2.DetectionProfile(dimension_set="empty"))
    await service.tell(asked(stream, new_id("run"), profile()), dead=True)
    failures = [fact for fact in await service.published(stream) if fact.DESCRIPTOR.name == "DetectionFailed"]
    assert [fact.failure.code for fact in failures] == ["invalid_profile", "request_unreadable"]
    assert all(fact.rescore for fact in failures)
    assert (await run_of(service, first))["state"] == "completed"
    assert await bytes_of(service, first) == before


async def test_the_score_of_each_run_can_be_asked_for(service: Any, stream: str, broadcast_of: Any) -> None:
    first = await finished(service, broadcast_of(stream))
    sports = await rescored(service, stream, profile("sports"))
    waiting = new_id("run")
    await service.tell(asked(stream, waiting, profile()))
    answer = AnswerQuestions(lambda _: service.open(), ThreadDetector())

    async def scores(run: str | None) -> list[float]:
        found = await answer.scores(service.organization, StreamId(stream), RunId(run) if run else None)
        return list(found.tolist())

    assert await scores(None) == await scores(first) != await scores(sports)
    assert len(await scores(sports)) == 180
    assert await scores(waiting) == await scores("run_unknown") == []
    foreign = await answer.scores(service.organization, StreamId(f"{stream}_other"), RunId(first))
    assert foreign.tolist() == []
