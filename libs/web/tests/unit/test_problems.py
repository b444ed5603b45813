"""Errors over HTTP are problems that tell the caller what to do."""

from collections.abc import AsyncIterator
from typing import Annotated

import httpx
import pytest_asyncio
from fastapi import APIRouter, Depends
from prometheus_client import CollectorRegistry
from pydantic import BaseModel

from tldr_web import InternalAccess, InternalTokens, Problem, application, known_parameters

SECRET = "of thirty-two characters or more"
TOKENS = InternalTokens(SECRET)


class Thing(BaseModel):
    size: int


def routes() -> APIRouter:
    router = APIRouter()
    access = InternalAccess(TOKENS, "store")

    @router.post("/things")
    async def add(thing: Thing) -> None:
        raise Problem(409, "thing_exists", "Choose another size.")

    @router.get("/broken")
    async def broken() -> None:
        raise RuntimeError("postgresql://role:secret@host/database")

    @router.get("/things")
    async def things(limit: int = 1) -> int:
        return limit

    @router.get("/mine")
    async def mine(organization: Annotated[str, Depends(access)]) -> str:
        return organization

    return router


async def _nothing() -> None:
    return


async def _no_checks() -> dict[str, bool]:
    return {"database": False}


@pytest_asyncio.fixture
async def http() -> AsyncIterator[httpx.AsyncClient]:
    checked = [Depends(known_parameters)]
    app = application(
        "store", [routes()], ready=_no_checks, metrics=CollectorRegistry(), refresh=_nothing, dependencies=checked
    )
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://store") as client:
        yield client


async def test_a_problem_has_its_media_type_its_code_and_a_sentence(http: httpx.AsyncClient) -> None:
    answer = await http.post("/things", json={"size": 1})
    assert answer.status_code == 409
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["code"] == "thing_exists"
    assert answer.json()["detail"] == "Choose another size."


async def test_a_wrong_field_is_named(http: httpx.AsyncClient) -> None:
    answer = await http.post("/things", json={"size": "large"})
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == "size"


async def test_an_unexpected_error_shows_nothing_of_itself(http: httpx.AsyncClient) -> None:
    answer = await http.get("/broken")
    assert answer.status_code == 500
    assert answer.json()["code"] == "internal_error"
    assert "secret" not in answer.text


async def test_an_unknown_address_is_a_problem_too(http: httpx.AsyncClient) -> None:
    assert (await http.get("/nowhere")).json()["code"] == "not_found"


async def test_a_body_that_is_too_large_is_refused_before_it_is_read(http: httpx.AsyncClient) -> None:
    answer = await http.post("/things", content=b"x" * ((1 << 20) + 1))
    assert answer.status_code == 413


async def test_a_token_speaks_for_one_organization_to_one_service(http: httpx.AsyncClient) -> None:
    good = {"authorization": f"Bearer {TOKENS.sign('gateway', 'store', 'org_1')}"}
    assert (await http.get("/mine", headers=good)).json() == "org_1"
    elsewhere = {"authorization": f"Bearer {TOKENS.sign('gateway', 'ingest', 'org_1')}"}
    assert (await http.get("/mine", headers=elsewhere)).status_code == 401
    forged = {"authorization": f"Bearer {InternalTokens('x' * 32).sign('gateway', 'store', 'org_1')}"}
    assert (await http.get("/mine", headers=forged)).status_code == 401
    assert (await http.get("/mine")).status_code == 401


async def test_a_service_whose_parts_are_down_says_it_is_not_ready(http: httpx.AsyncClient) -> None:
    assert (await http.get("/health/live")).status_code == 200
    assert (await http.get("/health/ready")).status_code == 503


async def test_a_trailing_slash_leads_nowhere_and_least_of_all_to_the_name_in_the_request(
    http: httpx.AsyncClient,
) -> None:
    answer = await http.get("/things/", headers={"host": "evil.example"})
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    assert "location" not in answer.headers


async def test_a_refused_method_is_answered_with_all_that_are_taken(http: httpx.AsyncClient) -> None:
    answer = await http.delete("/things")
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET, HEAD, POST")


async def test_a_parameter_that_nobody_reads_is_refused_by_name(http: httpx.AsyncClient) -> None:
    assert (await http.get("/things?limit=2")).json() == 2
    answer = await http.get("/things?limti=2&limit=1")
    assert answer.status_code == 422
    assert [error["field"] for error in answer.json()["errors"]] == ["limti"]
