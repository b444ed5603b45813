"""Organizations and their keys as a customer has them."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from tldr_testing import Hosted, refused


async def test_an_organization_registers_and_an_address_once(gateway: Hosted) -> None:
    async with httpx.AsyncClient(base_url=gateway.url, trust_env=False) as http:
        wanted = {"name": "  Example ", "owner": {"email": "Owner@Example.com"}}
        answer = await http.post("/v1/organizations", json=wanted)
        assert answer.status_code == 201
        body = answer.json()
        assert (body["organization"]["name"], body["organization"]["plan"]) == ("Example", "starter")
        key = body["api_key"]["key"]
        mine = await http.get("/v1/organization", headers={"authorization": f"Bearer {key}"})
        limits = mine.json().pop("limits")
        assert {**mine.json(), "limits": None} == {**body["organization"], "limits": None}
        assert (limits["active_streams"], limits["requests_per_minute"]) == (5, 300)
        wanted["owner"] = {"email": "owner@example.com"}
        refused(await http.post("/v1/organizations", json=wanted), 409, "email_taken")
        wanted = {"name": " \t ", "owner": {"email": "second@example.com"}}
        refused(await http.post("/v1/organizations", json=wanted), 422, "invalid_request")


async def test_a_key_is_kept_as_a_digest_alone(gateway: Hosted, customer: Any) -> None:
    async with gateway.database.tenant(customer.organization) as transaction:
        (row,) = await transaction.exec_driver_sql("SELECT api_keys::text AS whole FROM api_keys")
    secret = customer.key.rpartition("_")[2]
    assert secret not in row.whole
    assert secret not in json.dumps((await customer.http.get("/v1/api-keys")).json())


async def test_a_key_works_until_it_is_revoked(gateway: Hosted, customer: Any) -> None:
    made = (await customer.http.post("/v1/api-keys", json={"name": "short", "scopes": ["streams:read"]})).json()
    header = {"authorization": f"Bearer {made['key']}"}
    assert (await customer.http.get("/v1/streams", headers=header)).status_code == 200
    assert (await customer.http.delete(f"/v1/api-keys/{made['id']}")).status_code == 204
    refused(await customer.http.get("/v1/streams", headers=header), 401, "invalid_api_key")
    refused(await customer.http.delete(f"/v1/api-keys/{made['id']}"), 404, "api_key_not_found")
    assert [key["name"] for key in (await customer.http.get("/v1/api-keys")).json()["api_keys"]] == ["first key"]


@pytest.mark.parametrize(
    "expires_at",
    ["2020-01-01T00:00:00Z", "2030-01-01T00:00:00", "9999-12-31T23:59:59-23:59", "0001-01-01T00:00:00+23:59"],
)
async def test_a_key_does_not_end_in_the_past_nor_at_a_time_nobody_knows(customer: Any, expires_at: str) -> None:
    wanted = {"name": "odd", "scopes": ["streams:read"], "expires_at": expires_at}
    answer = await customer.http.post("/v1/api-keys", json=wanted)
    assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json")
    soon = (datetime.now(UTC) + timedelta(days=1)).isoformat()
    assert (await customer.http.post("/v1/api-keys", json={**wanted, "expires_at": soon})).status_code == 201
