"""Anyone can compute a highlight's score again, and sees when what it was made from has changed."""

import math
from typing import Any

import asyncpg
import httpx
import numpy as np
import pytest


@pytest.fixture
def ask(asking: Any, service: Any) -> Any:
    """`ask(highlight)` -> what the service answers to the question why."""

    async def explanation(highlight: str, organization: str = "") -> httpx.Response:
        async with asking(organization or service.organization) as client:
            found: httpx.Response = await client.get(f"/internal/highlights/{highlight}/explanation")
            return found

    return explanation


@pytest.fixture
async def highlight(service: Any, stream: str, broadcast_of: Any) -> str:
    """The first highlight of a completed run."""
    await service.tell(*broadcast_of(stream).whole())
    await service.advance(stream)
    return str((await service.published(stream))[0].highlight_id)


async def change(service: Any, statement: str, *arguments: object) -> None:
    """What somebody does who can write to the database."""
    assert await service.fetch(f"{statement} RETURNING 1", *arguments)


async def spoil(service: Any, stream: str, signal: str) -> None:
    """Change one sample of a stored series by a thousandth."""
    (row, *_) = await service.fetch(
        "SELECT start_s, samples FROM signals WHERE stream_id = $1 AND name = $2 AND start_s >= 36", stream, signal
    )
    samples = np.frombuffer(row["samples"], dtype="<f4").copy()
    at = int(np.flatnonzero(np.isfinite(samples))[0])
    samples[at] += 0.001
    await change(
        service,
        "UPDATE signals SET samples = $4 WHERE stream_id = $1 AND name = $2 AND start_s = $3",
        *(stream, signal, row["start_s"], samples.tobytes()),
    )


@pytest.mark.parametrize("live", [False, True])
async def test_every_highlight_of_a_run_that_nobody_touched_holds(
    service: Any, stream: str, broadcast_of: Any, ask: Any, live: bool
) -> None:
    broadcast = broadcast_of(stream, seconds=480, moments=(60, 160, 250, 400))
    _, *rest = broadcast.whole()
    await service.tell(broadcast.requested(live=live), broadcast.opened(), *broadcast.video(end=420, every=60))
    await service.tell(*broadcast.chat(end=420, every=60))
    await service.advance(stream)
    await service.tell(*rest)
    await service.advance(stream)
    *_, completed = await service.published(stream)
    assert len(completed.highlight_ids) >= 3
    for name in completed.highlight_ids:
        body = (await ask(name)).json()
        assert (body["settled"], body["holds"], body["tampered"]) == (True, True, [])
        assert body["deviation"] <= 1e-9
        assert body["recorded_score"] == pytest.approx(body["recomputed_score"], abs=1e-9)
        assert math.fsum(part["amount"] for part in body["contributions"]) == body["recomputed_score"]
        assert {part["signal"] for part in body["contributions"]} >= {"chat.hype", "audio.crowd"}
        assert body["lag"].keys() == {"seconds", "sigma", "evidence"}
        assert body["run_id"] == completed.run_id


async def test_one_changed_sample_of_one_signal_is_named(service: Any, stream: str, highlight: str, ask: Any) -> None:
    await spoil(service, stream, "chat.hype")
    body = (await ask(highlight)).json()
    assert body["holds"] is False
    assert body["tampered"] == [{"signal": "chat.hype", "what": "was changed after the run"}]


async def test_a_series_that_is_gone_is_named(service: Any, stream: str, highlight: str, ask: Any) -> None:
    await change(service, "DELETE FROM signals WHERE stream_id = $1 AND name = 'audio.crowd'", stream)
    body = (await ask(highlight)).json()
    assert body["holds"] is False
    assert body["deviation"] is None, "its signals are not those that were recorded"
    assert {"signal": "audio.crowd", "what": "is missing"} in body["tampered"]


async def test_a_series_that_nothing_is_made_from_is_named_and_the_highlight_holds(
    service: Any, stream: str, highlight: str, ask: Any
) -> None:
    await change(
        service,
        "INSERT INTO signals VALUES ($1, $2, 'telemetry.kills', 0, $3)",
        *(service.organization, stream, np.ones(9, "<f4").tobytes()),
    )
    body = (await ask(highlight)).json()
    assert body["tampered"] == [{"signal": "telemetry.kills", "what": "was added after the run"}]
    assert body["holds"] is True


@pytest.mark.parametrize("figure", ["score", "confidence", "start_ms"])
async def test_edited_figures_are_named(service: Any, highlight: str, ask: Any, figure: str) -> None:
    await change(
        service,
        "UPDATE highlights SET figures = jsonb_set(figures, ARRAY[$2], '0.125') WHERE highlight_id = $1",
        *(highlight, figure),
    )
    body = (await ask(highlight)).json()
    assert body["holds"] is False
    assert body["tampered"] == [{"signal": "highlight", "what": "was changed after the run"}]
    assert (body["deviation"] > 0.01) is (figure == "score")


@pytest.mark.parametrize(
    ("statement", "signal"),
    [
        ("UPDATE runs SET profile = jsonb_set(profile, '{version}', '77')", "run"),
        ("UPDATE runs SET profile = '{}'", "run"),
        ("UPDATE runs SET vocabulary = '{}'", "run"),
        ("UPDATE runs SET lag_sigma = lag_sigma + 1e-9", "run"),
        ("DELETE FROM marks", "marks"),
        ("DELETE FROM evidence", "evidence"),
    ],
)
async def test_what_else_a_run_was_made_from_is_named(
    service: Any, stream: str, highlight: str, ask: Any, statement: str, signal: str
) -> None:
    await change(service, f"{statement} WHERE stream_id = $1", stream)
    body = (await ask(highlight)).json()
    assert body["holds"] is False
    assert [one["signal"] for one in body["tampered"]] == [signal]


async def test_evidence_cannot_be_rewritten_with_the_services_own_roles(service: Any, highlight: str) -> None:
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await service.fetch("UPDATE evidence SET signals = '{}'")


async def test_a_highlight_of_a_running_stream_is_explained_without_a_verdict(
    service: Any, stream: str, broadcast_of: Any, ask: Any
) -> None:
    broadcast = broadcast_of(stream)
    await service.tell(broadcast.requested(), broadcast.opened(), *broadcast.video(end=132), *broadcast.chat(end=130))
    await service.advance(stream)
    name = (await service.published(stream))[0].highlight_id
    await spoil(service, stream, "chat.hype")
    body = (await ask(name)).json()
    assert (body["settled"], body["holds"], body["tampered"], body["lag"]) == (False, None, [], None)
    assert body["contributions"]


async def test_what_is_not_there_is_not_found(
    service: Any, stream: str, highlight: str, broadcast_of: Any, ask: Any
) -> None:
    other = broadcast_of(f"{stream}_failed")
    await service.tell(other.requested(chat=False), other.opened(), *other.video(end=132))
    await service.advance(other.stream)
    retracted = (await service.published(other.stream))[0].highlight_id
    await change(service, "UPDATE highlights SET state = 'retracted' WHERE highlight_id = $1", retracted)
    answers = [await ask("hl_nothing"), await ask(retracted), await ask(highlight, "org_of_somebody_else")]
    assert [(answer.status_code, answer.json()["code"]) for answer in answers] == [(404, "highlight_not_found")] * 3
    assert len({answer.text for answer in answers}) == 1, "a foreign highlight looks like one that never was"


async def test_a_run_by_another_calibration_is_not_judged_by_this_one(service: Any, highlight: str, ask: Any) -> None:
    await change(service, "UPDATE runs SET calibration_version = -1 WHERE organization_id = $1", service.organization)
    answer = await ask(highlight)
    assert (answer.status_code, answer.json()["code"]) == (409, "calibration_gone")
