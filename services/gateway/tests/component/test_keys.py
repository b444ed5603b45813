"""Keys as a customer changes and rotates them, and from where they open."""

from typing import Any

import httpx
import pytest

from tldr_testing import Hosted, refused


async def made(customer: Any, **wanted: Any) -> Any:
    body = {"name": "reader", "scopes": ["streams:read"], **wanted}
    return (await customer.http.post("/v1/api-keys", json=body)).raise_for_status().json()


def bearing(key: str, **headers: str) -> dict[str, str]:
    return {"authorization": f"Bearer {key}", **headers}


async def test_keys_are_listed_page_by_page_with_a_preview_and_their_last_use(customer: Any) -> None:
    key = await made(customer)
    assert (await customer.http.get("/v1/streams", headers=bearing(key["key"]))).status_code == 200
    first = (await customer.http.get("/v1/api-keys", params={"limit": 1})).json()
    rest = (await customer.http.get("/v1/api-keys", params={"cursor": first["next_cursor"]})).json()
    (mine,), (maker,) = first["api_keys"], rest["api_keys"]
    assert (mine["id"], mine["created_by"], rest["next_cursor"]) == (key["id"], maker["id"], None)
    assert key["key"].startswith(mine["preview"][:-1])
    assert mine["last_used_at"]
    assert maker["scopes"] == ["admin"]


async def test_a_rotated_key_opens_with_both_secrets_until_both_are_ended(customer: Any) -> None:
    old = await made(customer)
    new = (await customer.http.post(f"/v1/api-keys/{old['id']}/rotate")).json()
    assert (new["id"], new["replaced_secret"]["preview"]) == (old["id"], old["preview"])
    for key in (old, new):
        assert (await customer.http.get("/v1/streams", headers=bearing(key["key"]))).status_code == 200
    again = await customer.http.post(f"/v1/api-keys/{old['id']}/rotate", json={"grace_s": 60})
    refused(again, 409, "rotation_under_way")
    last = (await customer.http.post(f"/v1/api-keys/{old['id']}/rotate", json={"grace_s": 0})).json()
    for key in (old, new):
        refused(await customer.http.get("/v1/streams", headers=bearing(key["key"])), 401, "invalid_api_key")
    assert (await customer.http.get("/v1/streams", headers=bearing(last["key"]))).status_code == 200


async def test_a_key_opens_from_its_networks_and_nobody_says_it_comes_from_there(customer: Any) -> None:
    key = await made(customer, allowed_cidrs=["203.0.113.0/24"])
    for headers in ({}, {"x-forwarded-for": "203.0.113.7"}, {"x-real-ip": "203.0.113.7"}):
        answer = await customer.http.get("/v1/streams", headers=bearing(key["key"], **headers))
        refused(answer, 403, "address_not_allowed")
    where = f"/v1/api-keys/{key['id']}"
    changed = await customer.http.patch(where, json={"allowed_cidrs": ["127.0.0.1"], "name": "near"})
    assert (changed.json()["allowed_cidrs"], changed.json()["name"]) == (["127.0.0.1/32"], "near")
    assert (await customer.http.get("/v1/streams", headers=bearing(key["key"]))).status_code == 200


@pytest.mark.parametrize("cidr", ["203.0.113.7/24", "anywhere", "", "1.2.3.4/33"])
async def test_what_is_no_network_is_refused_by_name(customer: Any, cidr: str) -> None:
    wanted = {"name": "odd", "scopes": ["streams:read"], "allowed_cidrs": [cidr]}
    answer = await customer.http.post("/v1/api-keys", json=wanted)
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "allowed_cidrs.0")


async def test_keys_of_another_organization_are_not_there(gateway: Hosted, customer: Any, new_customer: Any) -> None:
    key, other = await made(customer), await new_customer()
    where = f"/v1/api-keys/{key['id']}"
    for answer in (
        await other.http.patch(where, json={"name": "mine"}),
        await other.http.post(f"{where}/rotate"),
        await other.http.delete(where),
    ):
        refused(answer, 404, "api_key_not_found")
    async with httpx.AsyncClient(base_url=gateway.url, trust_env=False, headers=bearing(key["key"])) as http:
        assert (await http.get("/v1/streams")).status_code == 200


async def test_a_feed_wants_what_it_tells(customer: Any) -> None:
    stream, key = await customer.submitted(), await made(customer)
    answer = await customer.http.get(f"/v1/streams/{stream['id']}/feed", headers=bearing(key["key"]))
    refused(answer, 403, "missing_scope")
