"""A finished stream under another profile: who may ask, what is kept, and which run is shown."""

from dataclasses import replace
from typing import Any

import pytest

from tldr_contracts.ids import RunId, StreamId
from tldr_gateway.application.configuration.choose_profile import Choice
from tldr_gateway.application.configuration.errors import InvalidProcessing, UnknownPreset
from tldr_gateway.application.runs.errors import StreamNotCompleted, TooManyRescores, TooManyRuns
from tldr_gateway.application.runs.follow_runs import FollowRuns
from tldr_gateway.application.runs.rescore_stream import RescoreStream
from tldr_gateway.application.streams.errors import StreamNotFound
from tldr_gateway.application.streams.follow_stream import Outcome
from tldr_gateway.domain.runs.run import MAX_RUNS, MAX_WAITING, Run, RunState, default_of
from tldr_gateway.domain.streams.stream import Failure, State
from tldr_gateway.domain.streams.submission import Profile

FIRST = RunId("run_0")
SPORTS = Choice("sports")
LESS = {"max_per_hour": 7}


async def completed(memory: Any) -> StreamId:
    """A stream whose first run settled."""
    if not memory.organizations.rows:
        await memory.open()
    stream = memory.stream(state=State.PROCESSING, profile=await memory.choose_profile(Choice(), LESS))
    await memory.streams.add(stream)
    await memory.follow.settled(StreamId(stream.id), Outcome(FIRST, 1, duration_ms=1000, highlights=2))
    return StreamId(stream.id)


async def rescored(memory: Any, stream: StreamId, choice: Choice = SPORTS, **processing: Any) -> Run:
    rescore = RescoreStream(
        memory.organizations, memory.streams, memory.runs, memory.choose_profile, memory.said, memory.said, memory.clock
    )
    return await rescore(
        memory.organization, stream, choice=choice, processing=processing or None, make_default=True, actor="key_1"
    )


async def test_the_first_run_comes_with_the_streams_end(memory: Any) -> None:
    stream = await completed(memory)
    (run,) = await memory.runs.of_stream(stream)
    assert (run.id, run.state, run.highlights, run.profile.name) == (FIRST, RunState.COMPLETED, 2, "gaming")


async def test_a_run_under_another_preset_is_announced_with_a_snapshot_of_it(memory: Any) -> None:
    stream = await completed(memory)
    run = await rescored(memory, stream, max_per_hour=3)
    assert (run.state, run.profile.name, run.profile.document["processing"]["max_per_hour"]) == ("pending", "sports", 3)
    assert memory.said.facts[-1] == ("rescore_requested", run)
    assert memory.said.audited == [("stream.rescored", stream)]
    assert memory.streams.rows[stream].profile.name == "gaming"


async def test_without_a_preset_the_stream_keeps_its_own_profile_with_other_figures(memory: Any) -> None:
    stream = await completed(memory)
    own = memory.streams.rows[stream].profile
    assert (await rescored(memory, stream, Choice())).profile == own
    figures = (await rescored(memory, stream, Choice(), min_score=0.9)).profile.document["processing"]
    assert (figures["max_per_hour"], figures["min_score"]) == (7, 0.9)


async def test_what_cannot_be_rescored_is_refused(memory: Any) -> None:
    stream = await completed(memory)
    with pytest.raises(UnknownPreset):
        await rescored(memory, stream, Choice("chess"))
    with pytest.raises(InvalidProcessing):
        await rescored(memory, stream, min_length_ms=600_000)
    with pytest.raises(StreamNotFound):
        await rescored(memory, StreamId("str_none"))
    await memory.streams.save(replace(memory.streams.rows[stream], state=State.PROCESSING))
    with pytest.raises(StreamNotCompleted):
        await rescored(memory, stream)
    assert [run.id for run in await memory.runs.of_stream(stream)] == [FIRST]


async def test_few_wait_at_a_time_and_one_that_ends_makes_room(memory: Any) -> None:
    streams = [await completed(memory) for _ in range(2)]
    runs = [await rescored(memory, streams[i % 2]) for i in range(MAX_WAITING)]
    with pytest.raises(TooManyRescores):
        await rescored(memory, streams[0])
    await FollowRuns(memory.runs, memory.clock).settled(runs[0].stream, Outcome(runs[0].id, 1))
    await rescored(memory, streams[0])


async def test_a_stream_keeps_so_many_runs_and_no_more(memory: Any) -> None:
    stream = await completed(memory)
    for _ in range(MAX_RUNS - 1):
        run = await rescored(memory, stream)
        await FollowRuns(memory.runs, memory.clock).settled(stream, Outcome(run.id, 1))
    with pytest.raises(TooManyRuns):
        await rescored(memory, stream)


async def test_a_rescore_moves_itself_and_never_the_stream(memory: Any) -> None:
    stream = await completed(memory)
    before = memory.streams.rows[stream]
    follow, run = FollowRuns(memory.runs, memory.clock), await rescored(memory, stream)
    await follow.moved(stream, run.id)
    assert (await memory.runs.get(stream, run.id)).state is RunState.PROCESSING
    await follow.settled(stream, Outcome(run.id, 1, highlights=7))
    await follow.moved(stream, run.id)
    await follow.settled(stream, Outcome(run.id, 1, failure=Failure("late", "It came late.")))
    found = await memory.runs.get(stream, run.id)
    assert (found.state, found.highlights, found.failure) == (RunState.COMPLETED, 7, None)
    assert memory.streams.rows[stream] == before
    assert memory.said.kinds == ["completed", "rescore_requested"]
    await follow.settled(stream, Outcome(RunId("run_unknown"), 1))
    assert len(await memory.runs.of_stream(stream)) == 2


def test_the_newest_run_that_completed_is_shown() -> None:
    def run(name: str, state: RunState) -> Run:
        return Run(RunId(name), StreamId("str"), state, Profile("gaming", 1, {}), None)  # type: ignore[arg-type]

    first, second = run("run_1", RunState.COMPLETED), run("run_2", RunState.COMPLETED)
    assert default_of([]) is None
    assert default_of([first, run("run_2", RunState.FAILED), run("run_3", RunState.PENDING)]) == "run_1"
    assert default_of([second, first]) == "run_2"
    assert default_of([first, replace(second, make_default=False)]) == "run_1"
