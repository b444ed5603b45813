"""A live run, look by look, on the service's own database."""

import random
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest

from tldr.common.v1 import common_pb2
from tldr_contracts.ids import StreamId
from tldr_fusion_detector.adapters.moments.detector_thread import ThreadDetector
from tldr_fusion_detector.application.moments.answer_questions import AnswerQuestions
from tldr_testing import LANE

SECONDS, MOMENTS = 460, (60, 150, 240, 330, 390)


def figures(highlights: list[Any]) -> list[Any]:
    return [
        (one.range.start_ms, one.range.end_ms, one.peak_ms, one.score, one.confidence, one.title, one.reason)
        for one in highlights
    ]


@pytest.fixture
def answers(service: Any) -> AnswerQuestions:
    @asynccontextmanager
    async def opened(organization: str) -> AsyncIterator[Any]:
        async with service.database.tenant(organization) as transaction:
            yield service.work(transaction, organization, LANE)

    return AnswerQuestions(opened, ThreadDetector())


@pytest.mark.parametrize("seed", [1, pytest.param(2, marks=pytest.mark.long), pytest.param(3, marks=pytest.mark.long)])
async def test_many_looks_end_in_what_one_look_at_the_whole_finds(
    service: Any, live: Callable[..., Any], answers: AnswerQuestions, seed: int
) -> None:
    once, often = live(seconds=SECONDS, moments=MOMENTS), live("_often", seconds=SECONDS, moments=MOMENTS)
    await once.begin()
    await service.tell(*once.mixed(0))
    await service.advance(once.stream)

    rng = random.Random(seed)
    await often.begin()
    for message in often.mixed(seed):
        await service.tell(message)
        if rng.random() < 0.4:
            await service.advance(often.stream)
    early = (await often.told()).of("final")
    await service.advance(often.stream)

    whole, told = await once.told(), await often.told()
    assert len(early) >= 2
    assert figures(told.of("final")) == figures(whole.of("final"))
    assert list(told.facts[-1].highlight_ids) == [one.highlight_id for one in told.of("final")]
    scores = [await answers.scores(service.organization, StreamId(one.stream)) for one in (once, often)]
    assert len(scores[0]) == SECONDS
    assert scores[0].tolist() == scores[1].tolist()
    assert await service.fetch("SELECT 1 FROM live_runs WHERE stream_id = $1", often.stream) == []
    assert len(told.facts) < 12 * len(MOMENTS), "provisional highlights are told of again for little"


async def test_scores_and_progress_of_a_live_run_can_be_asked_for_while_it_runs(
    service: Any, live: Callable[..., Any], answers: AnswerQuestions
) -> None:
    one = live(seconds=700, moments=MOMENTS)
    await one.begin()
    await one.tell_and_look(*one.broadcast.video(end=644, every=4), *one.broadcast.chat(end=640))
    stream = StreamId(one.stream)
    progress = await answers.progress(service.organization, stream)
    assert progress.complete_until_ms == 640_000
    assert progress.live is not None
    assert 600_000 < progress.live.settled_ms < 640_000 <= progress.live.front_ms
    whole = (await answers.scores(service.organization, stream)).tolist()
    assert len(whole) == progress.live.front_ms // 1000
    for from_s in (0, 30, 599, 600, 620, 639, 5_000):
        assert (await answers.scores(service.organization, stream, from_s=from_s)).tolist() == whole[from_s:]


async def test_what_comes_late_changes_nothing_that_was_complete(
    service: Any, live: Callable[..., Any], answers: AnswerQuestions
) -> None:
    one, other = live(seconds=420, moments=MOMENTS[:3]), live("_late", seconds=420, moments=MOMENTS[:3])
    loud = other.broadcast.video(start=200, end=212)
    for each in (one, other):
        await each.begin()
        await each.tell_and_look(*each.broadcast.video(end=360), *each.broadcast.chat(end=360))
    for message in loud:
        for series in message.measured.series:
            series.values[:] = [9.0 * value for value in series.values]
        await service.tell(message)
    await service.tell(other.broadcast.video_gap(100, 130), other.broadcast.source_gap(140, 200))
    for each in (one, other):
        await each.tell_and_look(
            *each.broadcast.video(start=360), *each.broadcast.chat(start=360),
            each.broadcast.source_ended(), each.broadcast.video_ended(), each.broadcast.chat_ended(),
        )  # fmt: skip
    first, second = await one.told(), await other.told()
    assert figures(first.of("final")) == figures(second.of("final"))
    scores = [await answers.scores(service.organization, StreamId(each.stream)) for each in (one, other)]
    assert scores[0].tolist() == scores[1].tolist()
    told = {(gap.range.start_ms, gap.range.end_ms, gap.code) for gap in second.facts[-1].gaps}
    assert told == {(100_000, 130_000, "decode_failed"), (140_000, 200_000, "source_hole")}


async def test_highlights_of_a_live_run_can_be_explained_when_it_has_ended(
    service: Any, live: Callable[..., Any], asking: Any
) -> None:
    one = live(seconds=420, moments=MOMENTS[:3])
    await one.begin()
    await one.tell_and_look(*one.broadcast.video(end=372), *one.broadcast.chat(end=370))
    rest = [*one.broadcast.video(start=372), *one.broadcast.chat(start=370)]
    ends = [one.broadcast.source_ended(), one.broadcast.video_ended(), one.broadcast.chat_ended()]
    told = await one.tell_and_look(*rest, *ends)
    async with asking(service.organization) as client:
        for highlight in told.of("final"):
            explained = (await client.get(f"/internal/highlights/{highlight.highlight_id}/explanation")).json()
            assert (explained["deviation"], explained["tampered"]) == (0.0, [])
            assert explained["holds"] is True


async def test_a_retry_of_a_live_stream_goes_on_in_its_run_and_tells_nothing_twice(
    service: Any, live: Callable[..., Any]
) -> None:
    one = live(seconds=420, moments=MOMENTS[:3])
    await one.begin()
    before = await one.tell_and_look(*one.broadcast.video(end=360), *one.broadcast.chat(end=360))
    assert before.of("final")
    failed = common_pb2.Failure(code="went_wrong", reason="It went wrong.")
    decided = one.broadcast.decided("failed")
    decided.failed.attempt = 1
    decided.failed.failure.CopyFrom(failed)
    await service.tell(decided)
    again = type(one.broadcast)(one.stream, seconds=420, moments=MOMENTS[:3], attempt=2)
    await service.tell(again.retried(), again.opened(), *again.video(start=360), *again.chat(start=360))
    told = await one.tell_and_look(again.source_ended(), again.video_ended(), again.chat_ended())
    runs = {fact.run_id for fact in told.facts}
    assert len(runs) == 1
    completed = told.facts[-1]
    assert completed.attempt == 2
    assert {one.highlight_id for one in before.of("final")} <= set(completed.highlight_ids)
    assert len(completed.highlight_ids) == 3
