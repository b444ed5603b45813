"""Types of highlights and processing configs over HTTP: made, changed in versions, deleted, and nobody else's."""

from collections.abc import Callable
from typing import Any

import pytest

from tldr_testing import refused

TYPES, CONFIGS = "/v1/highlight-types", "/v1/processing-configs"
LOUD = {"name": "loud", "title": "Loud", "criteria": {"min_scores": {"noise": 0.5}, "max_duration_ms": 30_000}}
SHORT = {"name": "Short", "max_length_ms": 20_000, "max_per_hour": 4, "fusion": "consensus"}
CHANGES: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    TYPES: (LOUD, {"criteria": {"any_of": {"noise": 0.25}}, "exclusive": True}),
    CONFIGS: (SHORT, {"max_per_hour": None, "merge_gap_ms": 2000}),
}


@pytest.mark.parametrize("path", CHANGES)
async def test_each_is_kept_in_every_version_it_had(customer: Any, path: str) -> None:
    body, change = CHANGES[path]
    answer = await customer.http.post(path, json=body)
    first, tag = answer.json(), answer.headers["etag"]
    assert (answer.status_code, first["version"], first["preset"]) == (201, 1, False)
    one = f"{path}/{first['id']}"
    assert answer.headers["location"] == one
    refused(await customer.http.post(path, json=body), 409, "name_taken")
    second = (await customer.http.patch(one, json=change, headers={"if-match": tag})).json()
    assert second["version"] == 2
    for field, value in change.items():
        wanted = {**first[field], "min_scores": {}, "max_duration_ms": None, **value} if field == "criteria" else value
        assert second[field] == wanted
    refused(
        await customer.http.patch(one, json={"name": "late"}, headers={"if-match": tag}), 412, "precondition_failed"
    )
    assert (await customer.http.get(one)).json() == second
    assert (await customer.http.get(f"{one}/versions")).json()["versions"] == [second, first]
    assert (await customer.http.get(f"{one}/versions/1")).json() == first
    assert (await customer.http.delete(one)).status_code == 204
    assert (await customer.http.get(one)).status_code == 404


async def test_configs_of_presets_can_be_read_and_types_have_none(customer: Any) -> None:
    configs = (await customer.http.get(CONFIGS)).json()["processing_configs"]
    assert [found["id"] for found in configs] == ["corporate", "education", "gaming", "sports"]
    refused(await customer.http.patch(f"{CONFIGS}/gaming", json={"min_score": 0.5}), 409, "preset_read_only")
    assert (await customer.http.get(TYPES)).json() == {"highlight_types": [], "next_cursor": None}


@pytest.mark.parametrize(
    ("path", "body", "field"),
    [
        (TYPES, {**LOUD, "name": "Loud!"}, "name"),
        (TYPES, {**LOUD, "criteria": {"min_scores": {"noise": 1.5}}}, "criteria.min_scores.noise"),
        (
            TYPES,
            {**LOUD, "criteria": {"min_duration_ms": 9000, "max_duration_ms": 8000}},
            "criteria.max_duration_ms",
        ),
        (TYPES, {**LOUD, "cooldown_ms": -1}, "cooldown_ms"),
        (CONFIGS, {**SHORT, "min_length_ms": 30_000}, "max_length_ms"),
        (CONFIGS, {**SHORT, "modalities": []}, "modalities"),
        (CONFIGS, {**SHORT, "fusion": "guess"}, "fusion"),
        (CONFIGS, {**SHORT, "max_highlights": 0}, "max_highlights"),
    ],
)
async def test_what_is_wrong_is_named_by_its_field(customer: Any, path: str, body: Any, field: str) -> None:
    answer = await customer.http.post(path, json=body)
    refused(answer, 422, "invalid_request")
    assert [error["field"] for error in answer.json()["errors"]] == [field]


@pytest.mark.parametrize("path", CHANGES)
async def test_nobody_sees_what_another_organization_has(
    customer: Any, new_customer: Callable[[], Any], path: str
) -> None:
    body, change = CHANGES[path]
    one = f"{path}/{(await customer.http.post(path, json=body)).json()['id']}"
    other = await new_customer()
    for answer in (
        await other.http.get(one),
        await other.http.patch(one, json=change),
        await other.http.delete(one),
        await other.http.get(f"{one}/versions"),
        await other.http.get(f"{one}/versions/1"),
    ):
        assert answer.status_code == 404
    assert (await customer.http.get(one)).json()["version"] == 1
