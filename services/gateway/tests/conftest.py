"""The gateway on embedded servers, its ports over PostgreSQL and over memory, and what a customer would send."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest
import pytest_asyncio
import uvicorn
from google.protobuf import json_format
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tldr_contracts.ids import OrganizationId, StreamId, new_id
from tldr_contracts.topics import topic_named
from tldr_database import Database, Transaction, provision, set_tenant, upgrade
from tldr_gateway.adapters.organizations_postgres import PostgresKeys, PostgresOrganizations
from tldr_gateway.adapters.streams_postgres import PostgresStreams
from tldr_gateway.adapters.uploads_postgres import PostgresUploads
from tldr_gateway.application.admit_stream import AdmitStream
from tldr_gateway.application.change_stream import ChangeStream
from tldr_gateway.application.errors import EmailTaken
from tldr_gateway.application.follow_stream import FollowStream
from tldr_gateway.application.ports import HistoryEntry, Upload
from tldr_gateway.application.record_transition import RecordTransition
from tldr_gateway.bootstrap import DEFINITION
from tldr_gateway.domain.account import Organization, User
from tldr_gateway.domain.api_key import ApiKey
from tldr_gateway.domain.source import Source, SourceKind, UploadedObject
from tldr_gateway.domain.stream import State, Transition
from tldr_gateway.domain.submission import Profile, Stream
from tldr_mesh.servers import Servers
from tldr_testing.hosting import Hosted, Hosting

SAMPLES = Path(__file__).parents[3] / "proto/samples"
GAP = {"modality": "MODALITY_CHAT", "range": {"start_ms": 0, "end_ms": 4000}, "code": "late", "reason": "It was late."}
ENDPOINT = {
    "id": "whe_1",
    "url": "https://example.com/hook",
    "description": "",
    "types": [],
    "enabled": True,
    "created_at": "2026-11-23T12:00:00Z",
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
}
NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


@dataclass
class FixedClock:
    """A clock that moves when it is told to."""

    time: datetime = NOW

    def now(self) -> datetime:
        return self.time

    def pass_by(self, **time: float) -> None:
        self.time += timedelta(**time)


@dataclass
class MemoryStreams:
    """Streams in a dictionary; nobody else is there to lock out."""

    rows: dict[str, Stream] = field(default_factory=dict)
    heard: dict[str, datetime] = field(default_factory=dict)
    marks: dict[str, int] = field(default_factory=dict)
    entries: dict[str, list[HistoryEntry]] = field(default_factory=dict)

    async def add(self, stream: Stream) -> None:
        self.rows[stream.id] = stream
        self.heard[stream.id] = stream.created_at

    async def get(self, stream: StreamId) -> Stream | None:
        return self.rows.get(stream)

    async def lock(self, stream: StreamId) -> Stream | None:
        return self.rows.get(stream)

    async def save(self, stream: Stream) -> None:
        self.rows[stream.id] = stream
        self.heard[stream.id] = stream.updated_at

    async def moved(self, stream: StreamId, at: datetime) -> None:
        if stream in self.rows:
            self.heard[stream] = max(at, self.heard[stream])

    async def progressed(self, stream: StreamId, *, mark: int, at: datetime) -> None:
        self.marks[stream], self.heard[stream] = mark, at

    async def still_since(self, stream: StreamId, since: datetime) -> bool:
        return stream in self.rows and self.heard[stream] <= since

    async def record(
        self, stream: StreamId, transition: Transition, *, attempt: int, at: datetime, detail: str
    ) -> None:
        entries = self.entries.setdefault(stream, [])
        entries.append(HistoryEntry(len(entries) + 1, at, transition, attempt, detail))

    async def history(self, stream: StreamId, *, after: int, limit: int) -> Sequence[HistoryEntry]:
        return [entry for entry in self.entries.get(stream, []) if entry.number > after][:limit]

    async def delete(self, stream: StreamId) -> None:
        self.rows.pop(stream, None)
        self.entries.pop(stream, None)

    async def active(self) -> int:
        return sum(not stream.state.terminal for stream in self.rows.values())

    async def page(self, *, state: State | None, before: str | None, limit: int) -> Sequence[Stream]:
        wanted = (stream for stream in self.rows.values() if state in {None, stream.state})
        ordered = sorted(wanted, key=lambda stream: stream.id, reverse=True)
        return [stream for stream in ordered if before is None or stream.id < before][:limit]


@dataclass
class MemoryUploads:
    """Uploads and how many streams use them."""

    rows: dict[str, Upload] = field(default_factory=dict)
    uses: dict[str, int] = field(default_factory=dict)

    async def add(self, upload: Upload) -> None:
        self.rows[upload.id] = upload

    async def use(self, upload: str) -> Upload | None:
        if upload in self.rows:
            self.uses[upload] = self.uses.get(upload, 0) + 1
        return self.rows.get(upload)

    async def release(self, ids: Sequence[str]) -> None:
        for upload in ids:
            self.uses[upload] -= 1


@dataclass
class MemoryOrganizations:
    """Organizations and the addresses of their owners."""

    rows: dict[str, Organization] = field(default_factory=dict)
    emails: set[str] = field(default_factory=set)

    async def add(self, organization: Organization, owner: User) -> None:
        if owner.email in self.emails:
            raise EmailTaken
        self.rows[organization.id] = organization
        self.emails.add(owner.email)

    async def get(self, organization: OrganizationId) -> Organization:
        return self.rows[organization]

    async def lock(self, organization: OrganizationId) -> Organization:
        return self.rows[organization]


@dataclass
class MemoryKeys:
    """Keys in a dictionary."""

    rows: dict[str, ApiKey] = field(default_factory=dict)

    async def add(self, key: ApiKey) -> None:
        self.rows[key.id] = key

    async def all(self) -> Sequence[ApiKey]:
        kept = (key for key in self.rows.values() if key.revoked_at is None)
        return sorted(kept, key=lambda key: key.id, reverse=True)

    async def revoke(self, key: str, at: datetime) -> bool:
        if key not in self.rows or self.rows[key].revoked_at:
            return False
        self.rows[key] = replace(self.rows[key], revoked_at=at)
        return True


@dataclass
class Said:
    """Keeps what is announced and what is written into the books."""

    facts: list[tuple[str, Any]] = field(default_factory=list)
    audited: list[tuple[str, str]] = field(default_factory=list)
    used: dict[str, int] = field(default_factory=dict)

    def __getattr__(self, fact: str) -> Any:
        async def announce(subject: Any) -> None:
            self.facts.append((fact, subject))

        return announce

    async def audit(self, *, actor: str, action: str, subject: str, at: datetime) -> None:
        self.audited.append((action, subject))

    async def use(self, stream: StreamId, *, media_ms: int, at: datetime) -> None:
        self.used.setdefault(stream, media_ms)

    @property
    def kinds(self) -> list[str]:
        return [kind for kind, _ in self.facts]


@dataclass
class Ports:
    """The ports of one organization, over one technology."""

    organization: OrganizationId
    streams: Any = field(default_factory=MemoryStreams)
    uploads: Any = field(default_factory=MemoryUploads)
    organizations: Any = field(default_factory=MemoryOrganizations)
    keys: Any = field(default_factory=MemoryKeys)
    said: Said = field(default_factory=Said)
    clock: FixedClock = field(default_factory=FixedClock)
    transaction: Transaction | None = None

    async def open(self) -> None:
        """Register the organization."""
        owner = User(new_id("usr"), self.organization, f"{uuid4().hex}@example.com", "owner", NOW)
        await self.organizations.add(Organization(self.organization, "Example", "free", 1, NOW), owner)

    async def register(self, email: str) -> None:
        """Register another organization with an owner of this address."""
        other = OrganizationId(new_id("org"))
        if self.transaction is not None:
            await set_tenant(self.transaction, other)
        owner = User(new_id("usr"), other, email, "owner", NOW)
        await self.organizations.add(Organization(other, "Another", "free", 1, NOW), owner)

    def stream(self, **changes: Any) -> Stream:
        """A stream as it was just submitted."""
        stream = Stream(
            id=StreamId(new_id("str")),
            organization=self.organization,
            title="Grand final",
            source=Source(SourceKind.RECORDING, url="https://example.com/final.mp4"),
            chat=None,
            profile=Profile("gaming", 1, {"dimension_set": "gaming", "version": 1}),
            lane=37,
            priority=10,
            state=State.PENDING,
            attempt=1,
            created_at=NOW,
            updated_at=NOW,
        )
        return replace(stream, **changes)

    def upload(self, **changes: Any) -> Upload:
        """An upload of 1000 bytes."""
        name = new_id("upl")
        place = UploadedObject(name, "tldr-org", f"uploads/{name}/media", 1000, "video/mp4")
        return replace(Upload(place, "media", NOW, NOW + timedelta(hours=6)), **changes)

    @property
    def admit(self) -> AdmitStream:
        return AdmitStream(self.organizations, self.streams)

    @property
    def change(self) -> ChangeStream:
        record = RecordTransition(self.streams, self.clock)
        return ChangeStream(self.streams, self.uploads, self.said, self.said, record, self.admit, self.clock)

    @property
    def follow(self) -> FollowStream:
        return FollowStream(self.streams, self.said, self.said, RecordTransition(self.streams, self.clock), self.clock)


@pytest.fixture
def memory(organization: str) -> Ports:
    return Ports(OrganizationId(organization))


@pytest_asyncio.fixture(scope="session")
async def database(servers: Servers) -> AsyncIterator[Database]:
    """The gateway's database with nobody at work on it."""
    name = f"gateway_{uuid4().hex[:8]}"
    address = await provision(servers.addresses.postgres, "gateway", "test", database=name)
    await upgrade(address.owner, DEFINITION.migrations)
    opened = Database.connect(address, service_connections=4, system_connections=2)
    yield opened
    await opened.close()


@pytest_asyncio.fixture(params=["memory", "postgres"])
async def ports(request: pytest.FixtureRequest, organization: str, database: Database) -> AsyncIterator[Ports]:
    """The ports over each technology, bound to a fresh organization that is registered."""
    if request.param == "memory":
        found = Ports(OrganizationId(organization))
        await found.open()
        yield found
        return
    async with database.tenant(organization) as transaction:
        found = Ports(
            OrganizationId(organization),
            PostgresStreams(transaction, organization),
            PostgresUploads(transaction, organization),
            PostgresOrganizations(transaction),
            PostgresKeys(transaction),
            transaction=transaction,
        )
        await found.open()
        yield found


@pytest.fixture
def sample() -> Callable[[str, str], Any]:
    """The golden message of a topic and fact."""

    def read(topic: str, fact: str) -> Any:
        path = SAMPLES / topic / f"{fact}.json"
        return json_format.Parse(path.read_text(encoding="utf-8"), topic_named(topic).message())

    return read


class Neighbours:
    """The other services, as far as the gateway asks them; they answer with golden values, or not at all."""

    def __init__(self) -> None:
        self.answers: dict[str, Any] = {
            "/progress": {
                "read_until_ms": 120_000,
                "ended": True,
                "claimed_duration_ms": 120_000,
                "complete_until_ms": 60_000,
            },
            "/gaps": {"gaps": [GAP]},
            "/scores": {"start_s": 0, "scores": [0.25, None, 0.75]},
            "/highlights": {"highlights": [HIGHLIGHT], "more": True},
            "/clip": {"url": "http://files.example.com/clip.mp4"},
            "/thumbnail": {"url": "http://files.example.com/picture.jpg"},
            "/test": {"message_id": "msg_1"},
            "/deliveries": {"deliveries": []},
        }
        self.asked: list[tuple[str, str, dict[str, str]]] = []
        self.refusal: tuple[int, dict[str, str]] | None = None

    async def answer(self, request: Request) -> Response:
        assert request.headers["authorization"].startswith("Bearer ")
        self.asked.append((request.method, request.url.path, dict(request.query_params)))
        if self.refusal:
            return JSONResponse(self.refusal[1], status_code=self.refusal[0])
        for end, answer in self.answers.items():
            if request.url.path.endswith(end):
                return JSONResponse(answer)
        if "/highlights/" in request.url.path:
            return JSONResponse(HIGHLIGHT)
        if request.method == "DELETE":
            return Response(status_code=204)
        listed = {"endpoints": [ENDPOINT]}
        return JSONResponse(listed if request.method == "GET" else {**ENDPOINT, "secret": "whsec_c2VjcmV0"})


@pytest_asyncio.fixture(scope="session")
async def neighbour_server() -> AsyncIterator[tuple[str, Neighbours]]:
    """The address of the neighbours."""
    neighbours = Neighbours()
    app = Starlette(routes=[Route("/{path:path}", neighbours.answer, methods=["GET", "POST", "DELETE"])])
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_config=None, lifespan="off"))
    serving = asyncio.create_task(server._serve())
    while not server.started:
        await asyncio.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    yield f"http://127.0.0.1:{port}", neighbours
    server.should_exit = True
    await serving


@pytest.fixture
def neighbours(neighbour_server: tuple[str, Neighbours]) -> Iterator[Neighbours]:
    found = neighbour_server[1]
    found.asked.clear()
    yield found
    found.refusal = None


@pytest.fixture(scope="session")
def quick_settings() -> Iterator[None]:
    """Sweeps that come around while a test waits."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TLDR_GATEWAY_SWEEP_EVERY_S", "0.2")
        patch.setenv("TLDR_GATEWAY_DEFAULT_PLAN", "free")
        yield


@pytest_asyncio.fixture(scope="session")
async def gateway(
    servers: Servers, neighbour_server: tuple[str, Neighbours], quick_settings: None
) -> AsyncIterator[Hosted]:
    """The one gateway of these tests: two would share a consumer group."""
    async with AsyncExitStack() as parts:
        yield await Hosting(servers, parts)(DEFINITION, service_address=neighbour_server[0])


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
