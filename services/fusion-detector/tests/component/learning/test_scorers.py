"""What an organization may do with its scorers: see, use and remove them, and ask for no more than it may."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tldr_contracts.ids import new_id
from tldr_fusion_detector.adapters.retention_postgres import PostgresRetention


async def test_a_scorer_of_another_calibration_is_neither_used_nor_activated(
    service: Any, talks: Any, asking: Any, scorers: Any
) -> None:
    later = scorers.talk(97)
    async with asking(service.organization) as client:
        scorer = await scorers.trained(client, scorers.wanted(talks))
        address = f"/internal/scorers/{scorer['id']}"
        await client.put(f"{address}/active")
        await service.fetch(
            "UPDATE scorers SET provenance = jsonb_set(provenance, '{libraries,calibration}', '\"0\"')"
            " WHERE scorer_id = $1 RETURNING 1",
            scorer["id"],
        )
        assert (await client.get(address)).json()["active"] is False
        answer = await client.put(f"{address}/active")
        assert (answer.status_code, answer.json()["code"]) == (409, "scorer_outdated")
        await scorers.complete(later)
    assert await scorers.pins(later.stream) == [None]


async def test_a_scorer_that_is_asked_for_by_its_id_is_made_once(
    service: Any, talks: Any, asking: Any, scorers: Any
) -> None:
    wanted = {**scorers.wanted(talks), "id": new_id("scr")}
    async with asking(service.organization) as client:
        first, again = [await scorers.asked(client, wanted) for _ in range(2)]
        assert (first["id"], again) == (wanted["id"], first)
        assert len((await client.get("/internal/scorers")).json()["scorers"]) == 1
        assert len(await service.fetch("SELECT 1 FROM jobs WHERE subject = $1", first["id"])) == 1
        await service.fetch(
            "UPDATE scorers SET state = 'ready', document = '{}' WHERE scorer_id = $1 RETURNING 1", first["id"]
        )
        assert (await client.delete(f"/internal/scorers/{first['id']}")).status_code == 204
        assert (await scorers.asked(client, wanted))["id"] != first["id"]


async def test_another_organization_sees_trains_and_uses_nothing_of_it(
    service: Any, talks: Any, asking: Any, scorers: Any
) -> None:
    async with asking(service.organization) as client:
        scorer = await scorers.trained(client, scorers.wanted(talks))
    address = f"/internal/scorers/{scorer['id']}"
    async with asking(f"{service.organization}_other") as client:
        answers = [
            await client.get(address),
            await client.get(f"{address}/document"),
            await client.put(f"{address}/active"),
            await client.delete(f"{address}/active"),
            await client.delete(address),
        ]
        assert [(one.status_code, one.json()["code"]) for one in answers] == [(404, "scorer_not_found")] * 5
        assert (await client.get("/internal/scorers")).json() == {"scorers": []}
        foreign = await client.post("/internal/scorers", json=scorers.wanted(talks))
        assert (foreign.status_code, foreign.json()["code"]) == (404, "stream_not_found")
    async with asking(service.organization) as client:
        assert (await client.get(address)).json() == scorer
        document = await client.get(f"{address}/document")
    assert document.json()["provenance"] == scorer["provenance"]


async def test_a_removed_scorer_is_kept_for_as_long_as_a_run_refers_to_it(
    service: Any, talks: Any, asking: Any, scorers: Any, broadcast_of: Any
) -> None:
    later = scorers.talk(98)
    async with asking(service.organization) as client:
        scorer = await scorers.trained(client, scorers.wanted(talks))
        await client.put(f"/internal/scorers/{scorer['id']}/active")
        await scorers.complete(later)
        assert (await client.delete(f"/internal/scorers/{scorer['id']}")).status_code == 204
        assert (await client.get(f"/internal/scorers/{scorer['id']}")).status_code == 404
    async with service.open() as work:
        assert await work.scorers.active() is None

    async def kept() -> bool:
        await PostgresRetention(service.database).forget(datetime.now(UTC), timedelta(days=30))
        return bool(await service.fetch("SELECT 1 FROM scorers WHERE scorer_id = $1", scorer["id"]))

    assert await kept()
    await service.tell(broadcast_of(later.stream).decided("deleted"))
    assert not await kept()


async def test_no_more_than_twenty_are_kept_and_a_removed_training_is_cancelled(
    service: Any, talks: Any, asking: Any, scorers: Any
) -> None:
    async with asking(service.organization) as client:
        made = [await scorers.asked(client, scorers.wanted(talks[:1])) for _ in range(20)]
        assert [one["version"] for one in made] == list(range(1, 21))
        full = await client.post("/internal/scorers", json=scorers.wanted(talks[:1]))
        assert (full.status_code, full.json()["code"]) == (409, "too_many_scorers")
        await client.delete(f"/internal/scorers/{made[3]['id']}")
        assert await service.fetch("SELECT 1 FROM jobs WHERE subject = $1 AND state = 'waiting'", made[3]["id"]) == []
        assert (await scorers.asked(client, scorers.wanted(talks[:1])))["version"] == 21


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
async def test_what_is_no_request_is_refused(service: Any, asking: Any, wrong: dict[str, Any]) -> None:
    async with asking(service.organization) as client:
        answer = await client.post("/internal/scorers", json=wrong)
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_request")
