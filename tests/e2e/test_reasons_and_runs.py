"""What a customer does with a finished stream: asks why, says what is right, and has it looked at again."""

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest_asyncio
from sqlalchemy import text

from tldr_client import Client, Registration
from tldr_database import Database
from tldr_mesh.databases import database_of
from tldr_mesh.mesh import Mesh
from tldr_testing.deadline import eventually
from tldrctl.receiver import Receiver
from tldrctl.recording import Outcome

_LIMIT_S = 60
# A second time it undoes itself: the third byte of a little-endian float holds the upper part of its fraction.
_SPOIL = text("""
UPDATE signals SET samples = set_byte(samples, 2, get_byte(samples, 2) # 32)
WHERE stream_id = :stream AND name = :signal AND start_s =
    (SELECT max(start_s) FROM signals WHERE stream_id = :stream AND name = :signal AND start_s <= :at_s)
""")


@pytest_asyncio.fixture
async def detector(mesh: Mesh) -> AsyncIterator[Database]:
    """The database of fusion-detector."""
    database = database_of(mesh.folder, "fusion-detector")
    yield database
    await database.close()


@asynccontextmanager
async def spoiled(detector: Database, organization: str, **sample: Any) -> AsyncIterator[None]:
    """One sample of a stored signal is another one for as long as this lasts."""

    async def turn() -> None:
        async with detector.tenant(organization) as transaction:
            assert (await transaction.execute(_SPOIL, sample)).rowcount == 1

    await turn()
    try:
        yield
    finally:
        await turn()


async def rescored(owner: Client, stream: str, preset: str) -> dict[str, Any]:
    """A further run, once it has ended."""
    asked = await owner.rescore(stream, {"preset": preset, "make_default": True})
    return await owner.wait_for_run(stream, asked["id"], limit_s=_LIMIT_S)


def figures(highlights: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """All that is said of highlights but for their names and times of making, what somebody said of them, and how often they
    were revised on the way: a run that saw the signals as they came may have told of a highlight before it was final, one that
    saw them all at once has not.
    """
    left_out = ("id", "run_id", "revision", "clip_url", "thumbnail_url", "created_at", "verdict")
    return [{key: value for key, value in found.items() if key not in left_out} for found in highlights]


async def told(receiver: Receiver, run: str) -> list[dict[str, Any]]:
    """What verified webhooks say of a rescore's end, as soon as there is one."""

    async def look() -> list[dict[str, Any]] | None:
        ends = [one["data"] for one in receiver.messages.values() if one["type"] == "rescore.completed"]
        return [end for end in ends if end["run_id"] == run] or None

    return await eventually(look)


async def test_a_score_is_recomputed_and_one_changed_signal_is_named(
    owner: Client, account: Registration, finished: Outcome, detector: Database
) -> None:
    for found in finished.highlights:
        why = await owner.explanation(found["id"])
        assert (why["holds"], why["tampered"]) == (True, [])
        assert why["deviation"] <= 1e-9
        assert (why["recorded_score"], why["title"], why["reason"]) == (found["score"], found["title"], found["reason"])

        named = why["contributions"][0]["signal"]
        sample = {"stream": found["stream_id"], "signal": named, "at_s": found["peak_ms"] // 1000}
        async with spoiled(detector, account.organization_id, **sample):
            spoilt = await owner.explanation(found["id"])
        assert spoilt["holds"] is False
        assert [one["signal"] for one in spoilt["tampered"]] == [named]
        assert await owner.explanation(found["id"]) == why, "it was put back"


async def test_the_command_line_says_that_a_score_holds(mesh: Mesh, account: Registration, finished: Outcome) -> None:
    command = ["explain", finished.highlights[0]["id"], "--url", mesh.url, "--api-key", account.api_key]
    running = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tldrctl", *command, stdout=asyncio.subprocess.PIPE
    )
    printed, _ = await asyncio.wait_for(running.communicate(), _LIMIT_S)
    assert running.returncode == 0, printed
    assert printed.decode().splitlines()[-1] == "holds"


async def test_a_verdict_is_kept_and_counted(owner: Client, finished: Outcome) -> None:
    found = finished.highlights[-1]
    said = await owner.verdict(found["id"], "rejected", start_ms=found["start_ms"] + 500)
    assert (said["verdict"], said["start_ms"], said["end_ms"]) == ("rejected", found["start_ms"] + 500, None)
    assert await owner.call("GET", f"/v1/highlights/{found['id']}/verdict") == said
    (counted,) = (await owner.verdicts())["dimension_sets"]
    assert (counted["dimension_set"], counted["rejected"]) == ("gaming", 1)


async def test_a_stream_looked_at_as_sports_shows_that_run_and_one_webhook_says_so(
    owner: Client, finished: Outcome, receiver: Receiver
) -> None:
    stream = finished.stream["id"]
    run = await rescored(owner, stream, "sports")
    assert (run["state"], run["dimension_set"], run["default"]) == ("completed", "sports", True)
    listed = await owner.highlights(stream, run=run["id"])
    assert len(listed) == run["highlights"] >= 1
    assert {found["run_id"] for found in listed} == {run["id"]}
    assert all(found["clip_state"] == "ready" and found["reason"] for found in listed)
    assert await owner.highlights(stream) == listed, "the new run is the default one"
    runs = await owner.runs(stream)
    assert [one["id"] for one in runs if one["default"]] == [run["id"]]
    assert figures(await owner.highlights(stream, run=runs[0]["id"])) == figures(finished.highlights)

    assert [end["highlight_count"] for end in await told(receiver, run["id"])] == [len(listed)]
    assert (await owner.stream(stream))["state"] == "completed"


async def test_a_stream_looked_at_again_under_its_own_preset_gives_what_it_gave(
    owner: Client, finished: Outcome, receiver: Receiver
) -> None:
    stream = finished.stream["id"]
    first, second = [await rescored(owner, stream, "gaming") for _ in range(2)]
    found = [await owner.highlights(stream, run=run["id"]) for run in (first, second)]
    assert figures(found[0]) == figures(found[1]) == figures(finished.highlights)
    assert not {one["id"] for one in found[0]} & {one["id"] for one in found[1]}

    for run in (first, second):
        await told(receiver, run["id"])
    messages = receiver.messages
    assert receiver.unverified == 0
    ended = sorted(one["data"]["run_id"] for one in messages.values() if one["type"] == "rescore.completed")
    assert ended == [run["id"] for run in await owner.runs(stream)][1:], "each rescore once"
    assert [one["type"] for one in messages.values()].count("stream.completed") == 1
