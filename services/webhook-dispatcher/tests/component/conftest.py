"""The dispatcher on embedded servers, a receiver on this machine, and customers who ask through the gateway."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
import pytest_asyncio
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from tldr_contracts.ids import new_id
from tldr_embedded import Servers
from tldr_testing import Hosted, serving
from tldr_testing.hosting import Hosting, seal_webhooks
from tldr_webhook_dispatcher.bootstrap import DEFINITION


@dataclass(frozen=True, slots=True)
class Delivered:
    """What a receiver was sent: the path, the query, the headers and the exact bytes."""

    path: str
    query: str
    headers: dict[str, str]
    body: bytes


class Receiver:
    """A customer's server. What it answers is told for each path; 200 without. `None` is no answer at all."""

    def __init__(self) -> None:
        self.url = ""
        self.got: list[Delivered] = []
        self.answers: dict[str, list[int | None]] = {}
        self.stopped = asyncio.Event()

    async def take(self, request: Request) -> Response:
        path = request.url.path
        self.got.append(Delivered(path, request.url.query, dict(request.headers), await request.body()))
        answers = self.answers.get(path, [])
        status = (answers.pop(0) if len(answers) > 1 else answers[0]) if answers else 200
        if status is None:
            await self.stopped.wait()
        return Response("thank you", status_code=status or 500)

    def at(self, path: str) -> list[Delivered]:
        return [delivered for delivered in self.got if delivered.path == path]


@pytest_asyncio.fixture(scope="session")
async def receiver() -> AsyncIterator[Receiver]:
    found = Receiver()
    app = Starlette(routes=[Route("/{path:path}", found.take, methods=["POST"])])
    async with serving(app) as url:
        found.url = url
        yield found
        found.stopped.set()


@pytest_asyncio.fixture(scope="session")
async def dispatcher(servers: Servers) -> AsyncIterator[Hosted]:
    """The one dispatcher of these tests: two would share a consumer group. Its receivers may be on this machine."""
    seal_webhooks()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TLDR_WEBHOOK_DISPATCHER_DELAYS_S", "[0.2, 0.2, 3600]")
        patch.setenv("TLDR_WEBHOOK_DISPATCHER_TIMEOUT_S", "1.5")
        patch.setenv("TLDR_WEBHOOK_DISPATCHER_DELIVERIES_AT_ONCE", "4")
        async with AsyncExitStack() as parts:
            yield await Hosting(servers, parts)(DEFINITION, allow_loopback=True)


@dataclass(frozen=True, slots=True)
class Customer:
    """An organization that asks through the gateway, and hears at the receiver."""

    organization: str
    dispatcher: Hosted
    receiver: Receiver
    http: httpx.AsyncClient

    async def listens(self, path: str, *, types: Sequence[str] = (), url: str = "") -> dict[str, Any]:
        """A new endpoint with its secret."""
        wanted = {"url": url or f"{self.receiver.url}{path}", "types": list(types)}
        found: dict[str, Any] = (await self.http.post("/internal/endpoints", json=wanted)).raise_for_status().json()
        return found

    async def tests(self, endpoint: str) -> str:
        """Ask for a test message; its id."""
        answer = await self.http.post(f"/internal/endpoints/{endpoint}/test")
        return str(answer.raise_for_status().json()["message_id"])

    async def log(self, endpoint: str) -> list[dict[str, Any]]:
        """The delivery log of an endpoint, newest first."""
        answer = await self.http.get(f"/internal/endpoints/{endpoint}/deliveries")
        found: list[dict[str, Any]] = answer.raise_for_status().json()["deliveries"]
        return found


@pytest_asyncio.fixture
async def new_customer(dispatcher: Hosted, receiver: Receiver) -> AsyncIterator[Callable[[], Any]]:
    async with AsyncExitStack() as parts:

        async def make() -> Customer:
            organization = new_id("org")
            http = await parts.enter_async_context(dispatcher.asking(organization))
            return Customer(organization, dispatcher, receiver, http)

        yield make


@pytest_asyncio.fixture
async def customer(new_customer: Callable[[], Any]) -> Customer:
    found: Customer = await new_customer()
    return found
