"""Logging in, going on, and out again."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import httpx
import pytest_asyncio
from sqlalchemy import text

from tldr_testing import Hosted, eventually, refused

PASSWORD = "correct horse battery 4711"


@dataclass(frozen=True, slots=True)
class Owner:
    """The owner of an organization that registered by itself."""

    organization: str
    key: str
    email: str
    http: httpx.AsyncClient

    async def post(self, path: str, **body: Any) -> httpx.Response:
        return await self.http.post(f"/v1/auth{path}", json=body)

    async def logged_in(self, password: str = PASSWORD) -> Any:
        return (await self.post("/login", email=self.email, password=password)).raise_for_status().json()

    async def status_with(self, access_token: str) -> int:
        answer = await self.http.get("/v1/organization", headers={"authorization": f"Bearer {access_token}"})
        return answer.status_code

    async def audited(self, action: str) -> list[Any]:
        header = {"authorization": f"Bearer {self.key}"}
        answer = await self.http.get("/v1/audit-events", params={"action": action}, headers=header)
        found: list[Any] = answer.json()["audit_events"]
        return found


@pytest_asyncio.fixture
async def owner(gateway: Hosted, letters: Any) -> AsyncIterator[Owner]:
    async with httpx.AsyncClient(base_url=gateway.url, trust_env=False, timeout=30) as http:
        email = f"{uuid4().hex}@example.com"
        wanted = {"organization": "Example", "email": email, "password": PASSWORD}
        (await http.post("/v1/auth/register", json=wanted)).raise_for_status()
        token = await letters.token(email)
        made = (await http.post("/v1/auth/register/confirm", json={"token": token})).json()
        yield Owner(made["organization"]["id"], made["api_key"]["key"], email, http)


async def test_a_session_goes_on_until_a_token_is_used_again(owner: Owner) -> None:
    first = await owner.logged_in()
    assert first["member"]["role"] == "owner"
    assert await owner.status_with(first["access_token"]) == 200
    second = (await owner.post("/refresh", refresh_token=first["refresh_token"])).raise_for_status().json()
    assert await owner.status_with(second["access_token"]) == 200
    refused(await owner.post("/refresh", refresh_token=first["refresh_token"]), 401, "session_ended")
    refused(await owner.post("/refresh", refresh_token=second["refresh_token"]), 401, "session_ended")
    assert await owner.status_with(second["access_token"]) == 401
    (told,) = await owner.audited("session.token_reused")
    assert (told["actor"], told["address"]) == (first["member"]["id"], "127.0.0.1")


async def test_whoever_logs_out_is_out_at_once_and_other_sessions_go_on(owner: Owner) -> None:
    here, elsewhere = await owner.logged_in(), await owner.logged_in()
    assert (await owner.post("/logout", refresh_token=here["refresh_token"])).status_code == 204
    assert (await owner.post("/logout", refresh_token="tldr_rt_none")).status_code == 204
    assert await owner.status_with(here["access_token"]) == 401
    assert await owner.status_with(elsewhere["access_token"]) == 200


async def test_wrong_passwords_are_told_apart_from_nobody_by_nobody_and_written_down(owner: Owner) -> None:
    wrong = await owner.post("/login", email=owner.email, password="not the password")
    nobody = await owner.post("/login", email=f"{uuid4().hex}@example.com", password="not the password")
    refused(wrong, 401, "invalid_credentials")
    told = [(one.status_code, {**one.json(), "request_id": ""}) for one in (wrong, nobody)]
    assert told[0] == told[1]

    async def written() -> list[Any]:
        return await owner.audited("login.refused")

    assert (await eventually(written))[0]["address"] == "127.0.0.1"


async def test_whoever_forgot_the_password_chooses_another_and_is_logged_out_everywhere(
    owner: Owner, letters: Any
) -> None:
    before = await owner.logged_in()
    for email in (owner.email, f"{uuid4().hex}@example.com"):
        answer = await owner.post("/password-reset", email=email)
        assert (answer.status_code, "letter" in answer.text) == (202, True)
    token = await letters.token(owner.email, count=2)
    assert (await owner.post("/password-reset/confirm", token=token, password="quite another one")).status_code == 204
    assert await owner.status_with(before["access_token"]) == 401
    refused(await owner.post("/login", email=owner.email, password=PASSWORD), 401, "invalid_credentials")
    await owner.logged_in("quite another one")
    again = await owner.post("/password-reset/confirm", token=token, password="quite another one")
    refused(again, 403, "invalid_email_token")


async def test_an_organization_that_an_operator_registered_gets_a_password_by_a_letter(
    customer: Any, gateway: Hosted, letters: Any
) -> None:
    async with gateway.database.tenant(customer.organization) as transaction:
        (row,) = await transaction.execute(text("SELECT email FROM users"))
    await customer.http.post("/v1/auth/password-reset", json={"email": row.email})
    chosen = {"token": await letters.token(row.email), "password": PASSWORD}
    assert (await customer.http.post("/v1/auth/password-reset/confirm", json=chosen, timeout=30)).status_code == 204


async def test_what_is_no_token_of_ours_opens_nothing(owner: Owner) -> None:
    session = await owner.logged_in()
    head, body, signature = session["access_token"].split(".")
    for forged in (f"{head}.{body}.{signature[::-1]}", f"{head}.{body}.", "a.b.c", f"e30.{body}."):
        assert await owner.status_with(forged) == 401


async def test_a_browser_needs_its_cookie_and_for_changes_a_token_besides(owner: Owner) -> None:
    made = await owner.post("/session", email=owner.email, password=PASSWORD)
    token, header = made.json()["csrf_token"], made.headers["set-cookie"].lower()
    assert ("httponly" in header, "samesite=strict" in header) == (True, True)
    assert (await owner.http.get("/v1/auth/session")).json()["csrf_token"] == token
    key = {"name": "made in a browser", "scopes": ["streams:read"]}
    for forged in ({}, {"x-csrf-token": token[::-1]}):
        refused(await owner.http.post("/v1/api-keys", json=key, headers=forged), 403, "csrf_token_missing")
    right = {"x-csrf-token": token}
    assert (await owner.http.post("/v1/api-keys", json=key, headers=right)).status_code == 201
    cookie = {"cookie": f"tldr_session={owner.http.cookies['tldr_session']}"}
    assert (await owner.http.delete("/v1/auth/session", headers=right)).status_code == 204
    refused(await owner.http.get("/v1/organization", headers=cookie), 401, "session_ended")
