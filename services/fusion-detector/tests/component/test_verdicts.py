"""What customers say of highlights is kept, and makes the confidence of later ones better."""

from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pytest

from tldr_fusion_detector.adapters.learning.verdicts_postgres import PostgresVerdicts
from tldr_fusion_detector.adapters.retention_postgres import PostgresRetention
from tldr_fusion_detector.application.learning.verdict import Opinion, Verdict

SET = "gaming"


@pytest.fixture
async def found(service: Any, stream: str, broadcast_of: Any) -> list[Any]:
    """The highlights of a completed run."""
    return await detected(service, broadcast_of(stream))


async def detected(service: Any, broadcast: Any) -> list[Any]:
    await service.tell(*broadcast.whole())
    await service.advance(broadcast.stream)
    *highlights, _ = await service.published(broadcast.stream)
    return list(highlights)


async def test_what_is_said_of_a_highlight_is_told_in_its_streams_lane(
    service: Any, found: list[Any], asking: Any, stream: str
) -> None:
    address = f"/internal/highlights/{found[0].highlight_id}/verdict"
    async with asking(service.organization) as client:
        for verdict in ("accepted", "rejected"):
            await client.put(address, json={"verdict": verdict})
        await client.delete(address)
    told = await service.published(stream)
    judged = told[len(found) + 1 :]
    assert [(one.highlight_id, one.verdict) for one in judged] == [(found[0].highlight_id, n) for n in (1, 2, 0)]
    lanes = await service.fetch("SELECT DISTINCT lane, partition FROM outbox WHERE subject = $1", stream)
    assert len(lanes) == 1, "behind what it is about"


async def test_verdicts_are_listed_page_by_page(service: Any, found: list[Any], asking: Any, stream: str) -> None:
    ids = [one.highlight_id for one in found]
    async with asking(service.organization) as client:
        for number, highlight in enumerate(ids):
            said = {"verdict": "accepted" if number else "rejected"}
            await client.put(f"/internal/highlights/{highlight}/verdict", json=said)
        seen: list[str] = []
        place: dict[str, str] = {}
        for _ in ids:
            page = (await client.get("/internal/verdicts", params={"limit": 1, "stream": stream, **place})).json()
            (one,) = page["verdicts"]
            seen.append(one["highlight_id"])
            place = {"before": one["decided_at"], "before_id": one["highlight_id"]}
        assert (seen, page["more"]) == (ids[::-1], False)
        rejected = (await client.get("/internal/verdicts", params={"verdict": "rejected"})).json()["verdicts"]
        assert [one["highlight_id"] for one in rejected] == ids[:1]
        assert (await client.get("/internal/verdicts", params={"stream": "str_of_others"})).json()["verdicts"] == []


async def waiting(service: Any) -> int:
    return len(
        await service.fetch(
            "SELECT 1 FROM jobs WHERE kind = 'recalibrate' AND key = $1 AND state = 'waiting'", service.organization
        )
    )


async def test_a_verdict_is_kept_changed_and_withdrawn(service: Any, found: list[Any], asking: Any) -> None:
    address = f"/internal/highlights/{found[0].highlight_id}/verdict"
    async with asking(service.organization) as client:
        assert (await client.get(address)).json()["code"] == "verdict_not_found"
        assert await waiting(service) == 0
        assert (await client.put(address, json={"verdict": "accepted"})).status_code == 200
        start = found[0].range.start_ms + 500
        answer = await client.put(address, json={"verdict": "rejected", "start_ms": start})
        assert await waiting(service) == 1, "many verdicts are learned from at once"
        body = answer.json()
        assert (body["verdict"], body["start_ms"], body["end_ms"]) == ("rejected", start, None)
        assert datetime.fromisoformat(body["decided_at"]) > datetime.now(UTC) - timedelta(minutes=5)
        assert (await client.get(address)).json() == body
        await client.put(f"/internal/highlights/{found[1].highlight_id}/verdict", json={"verdict": "accepted"})
        summary = (await client.get("/internal/verdicts/summary")).json()
        assert summary["dimension_sets"] == [
            {"dimension_set": SET, "accepted": 1, "rejected": 1, "recalibration": None}
        ]
        assert (await client.delete(address)).status_code == 204
        assert (await client.delete(address)).json()["code"] == "verdict_not_found"
    (row,) = await service.fetch("SELECT * FROM verdicts WHERE organization_id = $1", service.organization)
    assert (row["score"], row["published"]) == (found[1].score, found[1].confidence)
    assert row["confidence"] == row["published"]


@pytest.mark.parametrize(
    ("wanted", "code"),
    [
        ({"verdict": "great"}, "invalid_request"),
        ({}, "invalid_request"),
        ({"verdict": "accepted", "start_ms": -1}, "invalid_request"),
        ({"verdict": "accepted", "end_ms": 10**12}, "invalid_request"),
        ({"verdict": "accepted", "start_ms": 5000, "end_ms": 5000}, "invalid_range"),
        ({"verdict": "accepted", "end_ms": 0}, "invalid_range"),
        ({"verdict": "accepted", "start_ms": 170_000_000}, "invalid_range"),
    ],
)
async def test_what_is_no_verdict_is_refused(
    service: Any, found: list[Any], asking: Any, wanted: Any, code: str
) -> None:
    async with asking(service.organization) as client:
        answer = await client.put(f"/internal/highlights/{found[0].highlight_id}/verdict", json=wanted)
    assert (answer.status_code, answer.json()["code"]) == (422, code)


async def test_another_organizations_highlight_has_no_verdict_to_give_or_to_see(
    service: Any, found: list[Any], asking: Any
) -> None:
    address = f"/internal/highlights/{found[0].highlight_id}/verdict"
    async with asking(service.organization) as client:
        await client.put(address, json={"verdict": "accepted"})
    async with asking("org_of_somebody_else") as client:
        answers = [
            await client.put(address, json={"verdict": "rejected"}),
            await client.get(address),
            await client.delete(address),
        ]
        assert (await client.get("/internal/verdicts/summary")).json() == {"dimension_sets": []}
    assert [answer.status_code for answer in answers] == [404] * 3
    async with asking(service.organization) as client:
        assert (await client.get(address)).json()["verdict"] == "accepted"


async def test_the_oldest_verdicts_go_when_there_are_too_many(service: Any) -> None:
    for number in range(5):
        async with service.database.tenant(service.organization) as transaction:
            few = PostgresVerdicts(transaction, service.organization, most=3)
            name: Any = f"hl_{service.organization}_{number}"
            await few.put(Verdict(name, "str_1", Opinion.ACCEPTED, None, None, 0.5, 0.6, 0.6, SET))  # type: ignore[arg-type]
    rows = await service.fetch("SELECT highlight_id FROM verdicts WHERE organization_id = $1", service.organization)
    assert {row["highlight_id"][-1] for row in rows} == {"2", "3", "4"}


async def test_a_verdict_outlives_the_signals_but_not_the_customers_word_to_delete(
    service: Any, stream: str, broadcast_of: Any, found: list[Any], asking: Any
) -> None:
    address = f"/internal/highlights/{found[0].highlight_id}/verdict"
    async with asking(service.organization) as client:
        await client.put(address, json={"verdict": "accepted"})
        await service.tell(broadcast_of(stream).decided("completed"))
        await PostgresRetention(service.database).forget(datetime.now(UTC) + timedelta(days=31), timedelta(days=30))
        for table in ("highlights", "evidence"):
            assert await service.fetch(f"SELECT 1 FROM {table} WHERE stream_id = $1", stream) == []
        assert (await client.get(address)).json()["verdict"] == "accepted"
        await service.fetch("DELETE FROM jobs WHERE key = $1", service.organization)
        await service.tell(broadcast_of(stream).decided("deleted"))
        assert (await client.get(address)).status_code == 404
    assert await waiting(service) == 1, "what was learned from it is learned anew"


async def test_later_highlights_are_as_sure_as_verdicts_say_and_score_the_same(
    service: Any, stream: str, broadcast_of: Any, found: list[Any], asking: Any, over_confident: Any
) -> None:
    await over_confident(service.database, service.organization)
    await service.recalibrate()
    async with asking(service.organization) as client:
        (summary,) = (await client.get("/internal/verdicts/summary")).json()["dimension_sets"]
    learned = summary["recalibration"]
    assert (learned["version"], learned["verdicts"]) == (1, 80)
    assert learned["gain"] > 0.1

    later = await detected(service, broadcast_of(f"{stream}_later"))
    assert [one.score for one in later] == [one.score for one in found]
    for before, after in zip(found, later, strict=True):
        odds = np.log(before.confidence / (1 - before.confidence)) * learned["slope"] + learned["intercept"]
        assert after.confidence == pytest.approx(1 / (1 + np.exp(-odds)), abs=1e-9)
        assert after.confidence < before.confidence
    async with asking(service.organization) as client:
        name = later[0].highlight_id
        explained = (await client.get(f"/internal/highlights/{name}/explanation")).json()
        assert (explained["holds"], explained["recalibration"]) == (True, learned)
        await client.put(f"/internal/highlights/{name}/verdict", json={"verdict": "accepted"})
    (row,) = await service.fetch("SELECT confidence FROM verdicts WHERE highlight_id = $1", name)
    assert row["confidence"] == pytest.approx(found[0].confidence, abs=1e-9), "learned from as detection gave it"


async def test_the_same_verdicts_give_no_new_version_and_fewer_put_it_out_of_force(
    service: Any, over_confident: Any
) -> None:
    async def versions() -> list[tuple[int, bool]]:
        mine = "SELECT version, in_force FROM recalibrations WHERE organization_id = $1"
        return [(row["version"], row["in_force"]) for row in await service.fetch(mine, service.organization)]

    await over_confident(service.database, service.organization)
    await service.recalibrate()
    await service.recalibrate()
    assert await versions() == [(1, True)]
    await service.fetch("DELETE FROM verdicts WHERE organization_id = $1", service.organization)
    await service.recalibrate()
    assert await versions() == [(1, False)]
    await over_confident(service.database, service.organization)
    await service.recalibrate()
    assert await versions() == [(2, True)]


async def test_nothing_is_learned_from_another_organizations_verdicts(
    service: Any, stream: str, broadcast_of: Any, found: list[Any], over_confident: Any
) -> None:
    await over_confident(service.database, f"{service.organization}_other")
    await service.recalibrate()
    later = await detected(service, broadcast_of(f"{stream}_later"))
    assert [one.confidence for one in later] == [one.confidence for one in found]
