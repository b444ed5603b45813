"""Registering by oneself: a letter proves the address, and no answer tells who has an account."""

from collections.abc import AsyncIterator
from typing import Any
from uuid import uuid4

import httpx
import pytest
import pytest_asyncio
from sqlalchemy import text

from tldr_testing import Hosted, refused

PASSWORD = "correct horse battery 4711"


@pytest.fixture
def email() -> str:
    return f"{uuid4().hex}@example.com"


@pytest_asyncio.fixture
async def http(gateway: Hosted) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=gateway.url, trust_env=False, timeout=30) as http:
        yield http


def wanted(address: str, **changes: Any) -> dict[str, Any]:
    return {"organization": "Example", "email": address, "password": PASSWORD, **changes}


async def test_an_organization_comes_to_be_with_the_token_of_the_letter_once(
    gateway: Hosted, http: httpx.AsyncClient, letters: Any, email: str
) -> None:
    asked = await http.post("/v1/auth/register", json=wanted(email.upper()))
    assert asked.status_code == 202
    token = await letters.token(email)
    made = await http.post("/v1/auth/register/confirm", json={"token": token})
    assert made.status_code == 201
    key = made.json()["api_key"]["key"]
    mine = await http.get("/v1/organization", headers={"authorization": f"Bearer {key}"})
    assert mine.json()["name"] == "Example"
    refused(await http.post("/v1/auth/register/confirm", json={"token": token}), 403, "invalid_email_token")
    async with gateway.database.system() as transaction:
        query = text("SELECT password FROM users WHERE email = :email")
        (row,) = await transaction.execute(query, {"email": email})
        left = await transaction.execute(text("SELECT 1 FROM email_proofs WHERE email = :email"), {"email": email})
        assert list(left) == []
    assert row.password.startswith("$argon2id$")


async def test_an_answer_does_not_tell_who_has_an_account(http: httpx.AsyncClient, letters: Any, email: str) -> None:
    body = {"name": "Example", "owner": {"email": email}}
    assert (await http.post("/v1/organizations", json=body)).status_code == 201
    known = await http.post("/v1/auth/register", json=wanted(email))
    unknown = await http.post("/v1/auth/register", json=wanted(f"{uuid4().hex}@example.com"))
    assert (known.status_code, known.json()) == (unknown.status_code, unknown.json()) == (202, unknown.json())
    (letter,) = await letters.to(email)
    assert "log in" in letter
    assert "tldr_ep_" not in letter


async def test_of_two_who_register_one_address_the_second_learns_it_after_the_proof(
    http: httpx.AsyncClient, letters: Any, email: str
) -> None:
    for count in (1, 2):
        await http.post("/v1/auth/register", json=wanted(email))
        await letters.to(email, count=count)
    first, second = [one.split("tldr_ep_")[1][:43] for one in await letters.to(email, count=2)]
    assert (await http.post("/v1/auth/register/confirm", json={"token": f"tldr_ep_{second}"})).status_code == 201
    late = await http.post("/v1/auth/register/confirm", json={"token": f"tldr_ep_{first}"})
    refused(late, 409, "email_taken")


async def test_letters_to_one_address_are_limited_whoever_has_it(http: httpx.AsyncClient, email: str) -> None:
    for _ in range(5):
        assert (await http.post("/v1/auth/register", json=wanted(email))).status_code == 202
    answer = await http.post("/v1/auth/register", json=wanted(email))
    refused(answer, 429, "too_many_attempts")
    assert 0 < int(answer.headers["retry-after"]) <= 3600


@pytest.mark.parametrize(
    ("field", "value"), [("password", "short"), ("email", "nobody"), ("organization", " "), ("plan", "business")]
)
async def test_what_is_wrong_is_refused_by_name_and_not_repeated(
    http: httpx.AsyncClient, email: str, field: str, value: str
) -> None:
    answer = await http.post("/v1/auth/register", json=wanted(email, **{field: value}))
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, field)
    assert PASSWORD not in answer.text
