"""Members and invitations, as a customer has them."""

from typing import Any
from uuid import uuid4

from tldr_testing import refused

PASSWORD = "correct horse battery 4711"


async def test_somebody_is_invited_comes_and_may_do_what_the_role_may_until_removed(
    customer: Any, letters: Any
) -> None:
    email, http = f"{uuid4().hex}@example.com", customer.http
    wanted = {"email": email, "role": "admin"}
    made = (await http.post("/v1/invitations", json=wanted)).raise_for_status().json()
    refused(await http.post("/v1/invitations", json=wanted), 409, "member_exists")
    (listed,) = (await http.get("/v1/invitations")).json()["invitations"]
    assert (listed, listed["role"]) == (made, "admin")
    accepted = {"token": await letters.token(email), "password": PASSWORD}
    came = (await http.post("/v1/auth/invitations/accept", json=accepted, timeout=30)).raise_for_status().json()
    refused(await http.post("/v1/auth/invitations/accept", json=accepted, timeout=30), 403, "invalid_email_token")
    login = {"email": email, "password": PASSWORD}
    session = (await http.post("/v1/auth/login", json=login, timeout=30)).raise_for_status().json()
    mine = {"headers": {"authorization": f"Bearer {session['access_token']}"}}
    owner, admin = (await http.get("/v1/members", **mine)).json()["members"]
    assert (owner["role"], admin) == ("owner", came)
    for answer in (
        await http.post("/v1/invitations", json={"email": f"{uuid4().hex}@example.com", "role": "owner"}, **mine),
        await http.patch(f"/v1/members/{came['id']}", json={"role": "owner"}, **mine),
        await http.delete(f"/v1/members/{owner['id']}", **mine),
    ):
        refused(answer, 403, "role_not_yours")
    assert (await http.patch(f"/v1/members/{came['id']}", json={"role": "viewer"})).json()["role"] == "viewer"
    refused(await http.post("/v1/invitations", json=wanted, **mine), 403, "missing_scope")
    assert (await http.delete(f"/v1/members/{came['id']}")).status_code == 204
    refused(await http.get("/v1/members", **mine), 401, "session_ended")
    refused(await http.post("/v1/auth/login", json=login, timeout=30), 401, "invalid_credentials")


async def test_the_last_owner_stays_and_an_invitation_is_taken_back(customer: Any, new_customer: Any) -> None:
    http = customer.http
    (owner,) = (await http.get("/v1/members")).json()["members"]
    refused(await http.delete(f"/v1/members/{owner['id']}"), 409, "last_owner")
    refused(await http.patch(f"/v1/members/{owner['id']}", json={"role": "admin"}), 409, "last_owner")
    wanted = {"email": f"{uuid4().hex}@example.com", "role": "viewer"}
    made = (await http.post("/v1/invitations", json=wanted)).json()
    other = (await new_customer()).http
    refused(await other.delete(f"/v1/invitations/{made['id']}"), 404, "invitation_not_found")
    refused(await other.delete(f"/v1/members/{owner['id']}"), 404, "member_not_found")
    assert (await http.delete(f"/v1/invitations/{made['id']}")).status_code == 204
    assert (await http.get("/v1/invitations")).json()["invitations"] == []


async def test_a_key_for_some_networks_makes_no_member_who_comes_from_everywhere(customer: Any) -> None:
    body = {"name": "near", "scopes": ["admin"], "allowed_cidrs": ["127.0.0.1"]}
    key = (await customer.http.post("/v1/api-keys", json=body)).json()["key"]
    wanted = {"email": f"{uuid4().hex}@example.com", "role": "viewer"}
    near = {"authorization": f"Bearer {key}"}
    refused(await customer.http.post("/v1/invitations", json=wanted, headers=near), 403, "role_not_yours")
