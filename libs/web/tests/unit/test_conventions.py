"""What holds for every answer, whatever route it is of."""

import asyncio
from collections.abc import AsyncIterator

import httpx
import pytest
from fastapi import APIRouter, FastAPI, Request
from fastapi.responses import StreamingResponse
from prometheus_client import CollectorRegistry

from tldr_telemetry import valid_traceparent
from tldr_web import Problem, answer_with, application
from tldr_web.conventions import Conventions

TRACE = "0af7651916cd43dd8448eb211c80319c"


def routes() -> APIRouter:
    router = APIRouter()

    @router.get("/things")
    async def things(request: Request) -> dict[str, int]:
        answer_with(request, ratelimit='"requests";r=1;t=2')
        return {"things": 3}

    @router.get("/refused")
    async def refused(request: Request) -> None:
        answer_with(request, ratelimit='"requests";r=0;t=2')
        raise Problem(409, "thing_exists", "Choose another size.")

    @router.get("/broken")
    async def broken() -> None:
        raise RuntimeError("a secret")

    @router.get("/endless")
    async def endless() -> StreamingResponse:
        async def parts() -> AsyncIterator[bytes]:
            while True:
                yield b"more"
                await asyncio.sleep(0)

        return StreamingResponse(parts())

    return router


def app() -> FastAPI:
    async def nothing() -> None:
        return

    async def checks() -> dict[str, bool]:
        return {}

    return application("store", [routes()], ready=checks, metrics=CollectorRegistry(), refresh=nothing)


@pytest.fixture
async def http() -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app()), base_url="http://store") as client:
        yield client


@pytest.mark.parametrize("path", ["/things", "/refused", "/broken", "/nowhere", "/health/live"])
async def test_every_answer_has_the_headers_of_all(http: httpx.AsyncClient, path: str) -> None:
    headers = (await http.get(path)).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["strict-transport-security"].startswith("max-age=")
    assert "default-src 'none'" in headers["content-security-policy"]
    assert headers["cache-control"] == "no-store"
    assert headers["x-request-id"].startswith("req_")
    assert valid_traceparent(headers["traceparent"])


@pytest.mark.parametrize("path", ["/refused", "/broken", "/nowhere"])
async def test_a_problem_names_its_request(http: httpx.AsyncClient, path: str) -> None:
    answer = await http.get(path, headers={"x-request-id": "of-the-customer.7"})
    assert answer.headers["x-request-id"] == answer.json()["request_id"] == "of-the-customer.7"


@pytest.mark.parametrize("said", ["short", "x" * 129, "with spaces in it", 'quoted"quoted"'])
async def test_a_request_id_that_could_confuse_a_log_is_replaced(http: httpx.AsyncClient, said: str) -> None:
    assert (await http.get("/things", headers={"x-request-id": said})).headers["x-request-id"].startswith("req_")


async def test_an_answer_continues_the_trace_of_its_request(http: httpx.AsyncClient) -> None:
    answer = await http.get("/things", headers={"traceparent": f"00-{TRACE}-b7ad6b7169203331-01"})
    assert answer.headers["traceparent"].split("-")[1] == TRACE
    answer = await http.get("/things", headers={"traceparent": "nonsense"})
    assert TRACE not in answer.headers["traceparent"]


async def test_what_a_route_adds_is_on_its_refusals_too(http: httpx.AsyncClient) -> None:
    assert (await http.get("/things")).headers["ratelimit"] == '"requests";r=1;t=2'
    assert (await http.get("/refused")).headers["ratelimit"] == '"requests";r=0;t=2'


async def test_head_is_a_get_without_its_body(http: httpx.AsyncClient) -> None:
    answer, whole = await http.head("/things"), await http.get("/things")
    assert (answer.status_code, answer.content) == (200, b"")
    assert answer.headers["content-length"] == whole.headers["content-length"]
    assert (await http.head("/refused")).status_code == 409


async def test_head_of_what_has_no_end_ends(http: httpx.AsyncClient) -> None:
    async with asyncio.timeout(5):
        assert (await http.head("/endless")).status_code == 200


async def test_what_takes_too_long_is_answered_all_the_same() -> None:
    never = asyncio.Event()

    async def waits(scope: object, receive: object, send: object) -> None:
        await never.wait()

    transport = httpx.ASGITransport(Conventions(waits, longest_s=0.01))
    async with httpx.AsyncClient(transport=transport, base_url="http://store") as client:
        answer = await client.get("/")
    assert (answer.status_code, answer.json()["code"]) == (504, "request_timeout")


async def test_no_page_loads_scripts_from_elsewhere(http: httpx.AsyncClient) -> None:
    for page in ("/docs", "/redoc"):
        assert (await http.get(page)).status_code == 404


async def test_the_document_names_each_status_by_itself(http: httpx.AsyncClient) -> None:
    document = (await http.get("/openapi.json")).json()
    responses = document["paths"]["/things"]["get"]["responses"]
    assert {"200", "422", "500", "503"} <= responses.keys()
    assert "default" not in responses
    assert document["components"]["schemas"]["Problem"]["properties"]["limit"]
