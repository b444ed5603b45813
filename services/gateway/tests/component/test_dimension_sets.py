"""Dimension sets over HTTP: made, changed in versions, cloned, deleted; presets are there to read."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from tldr.organizations.v1 import organizations_pb2
from tldr_contracts.topics import ORGANIZATIONS
from tldr_testing import Hosted, refused

PATH = "/v1/dimension-sets"
NOISE = {"name": "noise", "weight": 3, "signals": [{"signal": "audio.loudness", "weight": 1}]}
CHATTER = {"name": "chatter", "weight": 1, "signals": [{"signal": "chat.rate", "weight": 0.5}]}
LOUD = {"name": "loud", "title": "Loud", "criteria": {"min_scores": {"noise": 0.5}}}
WANTED = {"name": "Ours", "dimensions": [NOISE, CHATTER], "types": [LOUD]}


async def made(customer: Any, **changes: Any) -> dict[str, Any]:
    answer = await customer.http.post(PATH, json={**WANTED, **changes})
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    assert answer.headers["location"] == f"{PATH}/{found['id']}"
    assert answer.headers["etag"] == (await customer.http.get(answer.headers["location"])).headers["etag"]
    return found


async def test_a_set_is_kept_in_every_version_it_had(customer: Any) -> None:
    first = await made(customer)
    assert [dimension["weight"] for dimension in first["dimensions"]] == [0.75, 0.25]
    assert (first["version"], first["preset"], first["based_on"], first["not_scored_yet"]) == (1, False, None, [])
    path = f"{PATH}/{first['id']}"
    wit = {"name": "wit", "kind": "model", "weight": 1, "prompt": "How witty is this?"}
    tag = (await customer.http.get(path)).headers["etag"]
    answer = await customer.http.patch(path, json={"dimensions": [NOISE, wit]}, headers={"if-match": tag})
    second = answer.json()
    assert (answer.status_code, second["version"], answer.headers["etag"] != tag) == (200, 2, True)
    assert (second["types"], second["not_scored_yet"]) == (first["types"], ["wit"])
    again = await customer.http.patch(path, json={"name": "Ours", "description": ""})
    assert again.json() == second, "what changes nothing is no version"
    assert (await customer.http.get(path)).json() == second
    versions = (await customer.http.get(f"{path}/versions", params={"limit": 1})).json()
    assert (versions["versions"], versions["next_cursor"]) == ([second], 2)
    older = (await customer.http.get(f"{path}/versions", params={"cursor": 2})).json()
    assert (older["versions"], older["next_cursor"]) == ([first], None)
    one = await customer.http.get(f"{path}/versions/1")
    assert (one.json(), one.headers["etag"]) == (first, tag)
    refused(await customer.http.get(f"{path}/versions/3"), 404, "version_not_found")


async def test_a_change_of_what_the_caller_did_not_see_is_refused(customer: Any) -> None:
    path = f"{PATH}/{(await made(customer))['id']}"
    first = (await customer.http.get(path)).headers["etag"]
    changed = await customer.http.patch(path, json={"description": "Louder."})
    assert changed.json()["version"] == 2
    second = changed.headers["etag"]
    for stale in (first, f"W/{second}", '"other"', ""):
        answer = await customer.http.patch(path, json={"name": "Late"}, headers={"if-match": stale})
        refused(answer, 412, "precondition_failed")
        assert answer.headers["etag"] == second
    refused(await customer.http.delete(path, headers={"if-match": first}), 412, "precondition_failed")
    both = {"if-match": f"{first}, {second}"}
    assert (await customer.http.patch(path, json={"name": "Mine"}, headers=both)).is_success
    assert (await customer.http.delete(path, headers={"if-match": "*"})).status_code == 204
    refused(await customer.http.get(path), 404, "dimension_set_not_found")
    refused(await customer.http.get(f"{path}/versions/1"), 404, "dimension_set_not_found")


async def test_of_two_changes_of_one_version_at_a_time_one_is_made(customer: Any) -> None:
    path = f"{PATH}/{(await made(customer))['id']}"
    seen = {"if-match": (await customer.http.get(path)).headers["etag"]}
    changes = [customer.http.patch(path, json={"description": word}, headers=seen) for word in ("a", "b", "c")]
    answers = await asyncio.gather(*changes)
    assert sorted(answer.status_code for answer in answers) == [200, 412, 412]
    assert (await customer.http.get(path)).json()["version"] == 2


async def test_presets_can_be_read_and_cloned_and_not_changed(customer: Any) -> None:
    own = (await made(customer))["id"]
    whole = (await customer.http.get(PATH)).json()
    ids = [found["id"] for found in whole["dimension_sets"]]
    assert ids == [own, "corporate", "education", "gaming", "sports"]
    seen, cursor = [], None
    while True:
        params = {"limit": 2, **({"cursor": cursor} if cursor else {})}
        page = (await customer.http.get(PATH, params=params)).json()
        seen += [found["id"] for found in page["dimension_sets"]]
        if not (cursor := page["next_cursor"]):
            break
    assert seen == ids
    preset = (await customer.http.get(f"{PATH}/sports")).json()
    assert (preset["preset"], preset["created_at"]) == (True, None)
    assert (await customer.http.get(f"{PATH}/sports/versions/{preset['version']}")).json() == preset
    refused(await customer.http.patch(f"{PATH}/sports", json={"name": "x"}), 409, "preset_read_only")
    refused(await customer.http.delete(f"{PATH}/sports"), 409, "preset_read_only")
    answer = await customer.http.post(f"{PATH}/sports/clone")
    clone = answer.json()
    assert (answer.status_code, clone["name"], clone["version"], clone["preset"]) == (201, "Copy of sports", 1, False)
    same = ("dimensions", "types", "based_on", "description")
    assert {name: clone[name] for name in same} == {name: preset[name] for name in same}
    refused(await customer.http.post(f"{PATH}/sports/clone"), 409, "name_taken")
    second = await customer.http.post(f"{PATH}/{clone['id']}/clone", json={"name": "Third", "version": 1})
    assert (second.json()["name"], second.json()["based_on"]) == ("Third", "sports")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"dimensions": []}, "dimensions"),
        ({"dimensions": [{**NOISE, "name": f"d{number}"} for number in range(21)]}, "dimensions"),
        ({"dimensions": [NOISE, {**CHATTER, "weight": -1}]}, "dimensions.1.weight"),
        ({"dimensions": [{**NOISE, "wieght": 1}]}, "dimensions.0.wieght"),
        ({"dimensions": [{**NOISE, "kind": "guess"}]}, "dimensions.0.kind"),
        (
            {"dimensions": [{**NOISE, "signals": [{"signal": "audio.lound", "weight": 1}]}]},
            "dimensions.0.signals.0.signal",
        ),
        ({"types": [{**LOUD, "criteria": {"min_scores": {"smell": 0.5}}}]}, "types.0.criteria.min_scores.smell"),
    ],
)
async def test_what_is_wrong_is_named_by_its_field(customer: Any, changes: dict[str, Any], field: str) -> None:
    answer = await customer.http.post(PATH, json={**WANTED, **changes})
    refused(answer, 422, "invalid_request")
    assert [error["field"] for error in answer.json()["errors"]] == [field]


async def test_a_set_is_made_once_for_each_key_and_named_once(customer: Any) -> None:
    keyed = {"idempotency-key": "again"}
    answers = [await customer.http.post(PATH, json=WANTED, headers=keyed) for _ in range(2)]
    assert answers[0].json() == answers[1].json()
    assert answers[1].headers["idempotent-replayed"] == "true"
    refused(await customer.http.post(PATH, json=WANTED), 409, "name_taken")
    clone, keyed = f"{PATH}/{answers[0].json()['id']}/clone", {"idempotency-key": "copy"}
    copy = (await customer.http.post(clone, headers=keyed)).json()
    assert (await customer.http.delete(clone.removesuffix("/clone"))).status_code == 204
    assert (await customer.http.post(clone, headers=keyed)).json() == copy


async def test_a_change_travels_with_the_whole_organization(gateway: Hosted, new_customer: Callable[[], Any]) -> None:
    recorder = await gateway.recorder(ORGANIZATIONS)
    customer = await new_customer()
    found = (await made(customer))["id"]
    await customer.http.patch(f"{PATH}/{found}", json={"name": "Yours"})
    await customer.http.delete(f"{PATH}/{found}")
    whole = await recorder.until(customer.organization, "changed", count=4)
    said = [
        (event.version, [(one.configuration_id, one.kind, one.version, one.name) for one in event.configurations])
        for event in whole.of_kind("changed")
    ]
    kind = organizations_pb2.CONFIGURATION_KIND_DIMENSION_SET
    assert said == [(1, []), (2, [(found, kind, 1, "Ours")]), (3, [(found, kind, 2, "Yours")]), (4, [])]


async def test_nobody_sees_another_organizations_sets(customer: Any, new_customer: Callable[[], Any]) -> None:
    mine, other = (await made(customer))["id"], await new_customer()
    path = f"{PATH}/{mine}"
    for answer in (
        await other.http.get(path),
        await other.http.patch(path, json={"name": "x"}),
        await other.http.delete(path),
        await other.http.get(f"{path}/versions"),
        await other.http.post(f"{path}/clone"),
    ):
        refused(answer, 404, "dimension_set_not_found")
    listed = (await other.http.get(PATH)).json()["dimension_sets"]
    assert mine not in [found["id"] for found in listed]
    assert (await customer.http.get(path)).json()["version"] == 1
