"""Feeds over HTTP: what happens to a stream, told once to everybody who watches it, and again to whoever comes back."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import Any

import httpx
import pytest
import pytest_asyncio
from sqlalchemy import text

from tldr.highlights.v1 import highlights_pb2
from tldr.ingestions.v1 import ingestions_pb2
from tldr_bus import Broker
from tldr_client import Client
from tldr_embedded import Servers, ports
from tldr_gateway.bootstrap import DEFINITION
from tldr_service import Definition, ServiceHost
from tldr_testing import eventually, refused
from tldr_testing.hosting import Hosted

STARTED = "2026-01-31T20:00:00Z"


@dataclass
class Viewer:
    """What one viewer was sent: id, name and data of each event."""

    answer: httpx.Response
    events: list[tuple[str, str, Any]] = field(default_factory=list)

    async def until(self, wanted: Callable[[str, Any], bool], limit_s: float = 15.0) -> list[tuple[str, str, Any]]:
        """Read on until an event is wanted; all but progress so far."""
        async with asyncio.timeout(limit_s):
            while not (self.events and wanted(*self.events[-1][1:])):
                self.events.append(await anext(self._reading))
        return self.told

    async def rest(self) -> list[tuple[str, str, Any]]:
        """Read until the feed ends."""
        async with asyncio.timeout(15):
            self.events += [event async for event in self._reading]
        return self.told

    @property
    def told(self) -> list[tuple[str, str, Any]]:
        return [event for event in self.events if event[1] != "progress"]

    def __post_init__(self) -> None:
        self._reading = self._read()

    async def _read(self) -> AsyncIterator[tuple[str, str, Any]]:
        event: dict[str, str] = {}
        async for line in self.answer.aiter_lines():
            name, _, value = line.partition(": ")
            if line:
                event[name] = value
            elif "event" in event:
                yield event.get("id", ""), event["event"], json.loads(event["data"])
                event = {}


@asynccontextmanager
async def watching(http: httpx.AsyncClient, stream: str, after: int | None = None) -> AsyncIterator[Viewer]:
    headers = {} if after is None else {"last-event-id": str(after)}
    path = f"/v1/streams/{stream}/feed"
    async with http.stream("GET", path, headers=headers, timeout=httpx.Timeout(20)) as answer:
        assert answer.status_code == 200, await answer.aread()
        yield Viewer(answer)


def state(name: str) -> Callable[[str, Any], bool]:
    return lambda kind, data: kind == "state" and data["state"] == name


def kind(name: str) -> Callable[[str, Any], bool]:
    return lambda seen, _: seen == name


@dataclass
class Mesh:
    """What the other services report of a stream."""

    gateway: Hosted
    customer: Any
    sample: Callable[[str, str], Any]

    async def tell(self, event: Any, stream: str) -> None:
        await self.gateway.publish(event, organization=self.customer.organization, subject=stream, lane=3)

    async def started(self, stream: str) -> None:
        began = ingestions_pb2.IngestionStarted(stream_id=stream, attempt=1)
        await self.tell(ingestions_pb2.IngestionEvent(started=began), stream)

    async def gap(self, stream: str) -> None:
        event = self.sample("tldr.ingestions.v1", "gap_found")
        event.gap_found.stream_id = stream
        await self.tell(event, stream)

    async def highlight(self, stream: str, fact: str) -> None:
        event = self.sample("tldr.highlights.v1", fact)
        said = getattr(event, fact)
        (said if fact == "withdrawn" else said.highlight).stream_id = stream
        await self.tell(event, stream)

    async def settled(self, stream: str) -> None:
        event = self.sample("tldr.highlights.v1", "settled")
        event.settled.MergeFrom(highlights_pb2.StreamSettled(stream_id=stream))
        await self.tell(event, stream)


@pytest.fixture
def mesh(gateway: Hosted, customer: Any, neighbours: Any, sample: Callable[[str, str], Any]) -> Mesh:
    return Mesh(gateway, customer, sample)


def reads_nothing(infrastructure: Any) -> Any:
    """A gateway that answers requests only: beside the other one it would share its consumer groups."""
    return replace(DEFINITION.build(infrastructure), subscriptions=())


@dataclass
class Second:
    """Another instance of the gateway on the same database."""

    servers: Servers
    gateway: Hosted
    host: ServiceHost | None = None
    port: int = field(default_factory=lambda: ports.choose(1)[0])

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def start(self) -> None:
        now = self.servers.addresses
        settings = self.gateway.settings.model_copy(update={"http_port": self.port})
        definition = Definition(DEFINITION.name, DEFINITION.migrations, reads_nothing)
        self.host = ServiceHost(definition, settings, lambda: Broker(now.kafka, now.idempotent))
        await self.host.start()

    async def stop(self) -> None:
        if self.host:
            await self.host.stop()


@pytest_asyncio.fixture
async def second(servers: Servers, gateway: Hosted) -> AsyncIterator[Second]:
    found = Second(servers, gateway)
    await found.start()
    yield found
    await found.stop()


async def test_a_feed_tells_a_streams_life_and_ends_with_it(customer: Any, mesh: Mesh) -> None:
    stream = (await customer.submitted())["id"]
    async with watching(customer.http, stream) as viewer:
        assert viewer.answer.headers["content-type"] == "text/event-stream; charset=utf-8"
        assert viewer.answer.headers["cache-control"] == "no-store"
        assert viewer.answer.headers["x-accel-buffering"] == "no"
        await viewer.until(state("pending"))
        await mesh.started(stream)
        await viewer.until(state("processing"))
        await mesh.gap(stream)
        await viewer.until(kind("gap"))
        for fact in ("detected", "revised", "ready", "failed", "withdrawn"):
            await mesh.highlight(stream, fact)
        await viewer.until(kind("highlight.withdrawn"))
        await mesh.settled(stream)
        told = await viewer.rest()
    assert [(id, kind, data.get("state")) for id, kind, data in told if "highlight" not in kind] == [
        ("1", "state", "pending"),
        ("2", "state", "processing"),
        ("3", "gap", None),
        ("9", "state", "completed"),
    ]
    named = {kind.removeprefix("highlight."): data for _, kind, data in told if "highlight" in kind}
    assert list(named) == ["detected", "revised", "ready", "failed", "withdrawn"]
    assert named["detected"]["state"] in {"provisional", "final"}
    assert named["ready"]["clip_path"] == f"/v1/highlights/{named['ready']['id']}/clip"
    assert named["failed"]["failure"]["code"]
    gap = next(data for _, kind, data in told if kind == "gap")
    assert (gap["modality"], gap["start_ms"], gap["end_ms"], gap["code"]) == (
        "video",
        170_000,
        180_000,
        "source_truncated",
    )
    assert any(kind == "progress" and data["analysed_until_ms"] == 60_000 for _, kind, data in viewer.events)
    assert told[-1][2]["highlight_count"] == 2


async def test_whoever_comes_back_is_told_what_was_missed_and_nothing_twice(customer: Any, mesh: Mesh) -> None:
    stream = (await customer.submitted())["id"]
    async with watching(customer.http, stream) as viewer:
        await viewer.until(state("pending"))
        await mesh.started(stream)
        (*_, (last, _, _)) = await viewer.until(state("processing"))
    await mesh.gap(stream)
    async with watching(customer.http, stream, after=int(last)) as viewer:
        await viewer.until(kind("gap"))
        await mesh.highlight(stream, "detected")
        told = await viewer.until(kind("highlight.detected"))
        assert [(id, kind) for id, kind, _ in told] == [("3", "gap"), ("4", "highlight.detected")]
        await mesh.settled(stream)
        assert (await viewer.rest())[-1][:2] == ("5", "state")
    async with watching(customer.http, stream, after=0) as viewer:
        assert [id for id, _, _ in await viewer.rest()] == ["1", "2", "3", "4", "5"]
    path = f"/v1/streams/{stream}/feed"
    done = await customer.http.get(path, params={"last_event_id": "5"})
    assert (done.status_code, done.content) == (204, b"")
    async with watching(customer.http, stream) as viewer:
        assert [(id, data["state"]) for id, _, data in await viewer.rest()] == [("5", "completed")]
    refused(await customer.http.get(path, headers={"last-event-id": "abc"}), 422, "invalid_request")


async def test_a_live_source_is_told_of_as_it_waits_comes_goes_and_ends(customer: Any, mesh: Mesh) -> None:
    made = await customer.http.post("/v1/streams", json={"source": {"kind": "rtmp"}})
    stream = made.json()["id"]
    async with watching(customer.http, stream, after=0) as viewer:
        for fact in ("waiting", "started", "interrupted", "resumed", "ended"):
            event = mesh.sample("tldr.ingestions.v1", fact)
            getattr(event, fact).stream_id = stream
            await mesh.tell(event, stream)
        told = await viewer.until(state("ended"))
    states = ["pending", "waiting", "processing", "live", "interrupted", "resumed", "ended"]
    assert [data["state"] for _, _, data in told] == states
    interrupted = told[4][2]
    assert (interrupted["at_ms"], interrupted["failure"]["code"]) == (170_000, "source_stalled")


async def test_viewers_at_two_instances_are_told_the_same(customer: Any, mesh: Mesh, second: Second) -> None:
    stream = (await customer.submitted())["id"]
    async with AsyncExitStack() as parts:
        elsewhere = await parts.enter_async_context(
            httpx.AsyncClient(base_url=second.url, headers=customer.http.headers, trust_env=False)
        )
        viewers = [
            await parts.enter_async_context(watching(http, stream, after=0)) for http in (customer.http, elsewhere)
        ]
        for viewer in viewers:
            await viewer.until(state("pending"))
        await mesh.started(stream)
        await mesh.gap(stream)
        first, other = [await viewer.until(kind("gap")) for viewer in viewers]
    assert first == other


async def test_a_restart_in_the_middle_of_a_feed_loses_nothing(customer: Any, mesh: Mesh, second: Second) -> None:
    stream = (await customer.submitted())["id"]
    headers = customer.http.headers
    async with httpx.AsyncClient(base_url=second.url, headers=headers, trust_env=False) as http:
        async with watching(http, stream) as viewer:
            await viewer.until(state("pending"))
            stopping = asyncio.create_task(second.stop())
            told = await viewer.rest()
            await stopping
        assert (told[-1][1], told[-1][2]["code"]) == ("reconnect", "server_stops")
        last = max(int(id) for id, _, _ in told if id)
    await mesh.started(stream)
    await mesh.gap(stream)

    async def kept() -> bool:
        async with mesh.gateway.database.tenant(customer.organization) as transaction:
            query = text("SELECT 1 FROM feed_events WHERE stream_id = :stream AND kind = 'gap'")
            return bool(list(await transaction.execute(query, {"stream": stream})))

    await eventually(kept)
    await second.start()
    async with (
        httpx.AsyncClient(base_url=second.url, headers=headers, trust_env=False) as http,
        watching(http, stream, after=last) as viewer,
    ):
        told = await viewer.until(kind("gap"))
    assert [(id, kind) for id, kind, _ in told] == [("2", "state"), ("3", "gap")]


async def test_a_hundred_viewers_cost_one_connection_to_the_database_and_one_question(
    gateway: Hosted, customer: Any, mesh: Mesh
) -> None:
    async with gateway.database.system() as transaction:
        plan = text("UPDATE organizations SET plan = 'business' WHERE organization_id = :who")
        await transaction.execute(plan, {"who": customer.organization})
    stream = (await customer.submitted())["id"]
    limits = httpx.Limits(max_connections=None)
    async with (
        httpx.AsyncClient(base_url=gateway.url, headers=customer.http.headers, trust_env=False, limits=limits) as http,
        AsyncExitStack() as parts,
    ):
        viewers = [await parts.enter_async_context(watching(http, stream)) for _ in range(100)]
        await asyncio.gather(*(viewer.until(kind("progress")) for viewer in viewers))
        await mesh.gap(stream)
        told = await asyncio.gather(*(viewer.until(kind("gap")) for viewer in viewers))
        async with gateway.database.system() as transaction:
            query = text(
                "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'tldr-feeds' AND datname = current_database()"
            )
            listening = (await transaction.execute(query)).scalar_one()
    assert listening == 1
    assert len({json.dumps(events) for events in told}) == 1


async def test_a_plan_lets_so_many_watch(customer: Any, mesh: Mesh) -> None:
    stream = (await customer.submitted())["id"]
    async with AsyncExitStack() as parts:
        viewers = [await parts.enter_async_context(watching(customer.http, stream)) for _ in range(20)]
        for viewer in viewers:
            await viewer.until(state("pending"))
        answer = await customer.http.get(f"/v1/streams/{stream}/feed")
        refused(answer, 429, "too_many_viewers")

    async def room() -> bool:
        async with watching(customer.http, stream) as viewer:
            return bool(await viewer.until(state("pending")))

    await eventually(room)


async def test_a_feed_is_its_organizations_alone(gateway: Hosted, new_customer: Callable[[], Any]) -> None:
    mine, other = await new_customer(), await new_customer()
    stream = (await mine.submitted())["id"]
    refused(await other.http.get(f"/v1/streams/{stream}/feed"), 404, "stream_not_found")
    async with httpx.AsyncClient(base_url=gateway.url, trust_env=False) as nobody:
        refused(await nobody.get(f"/v1/streams/{stream}/feed"), 401, "invalid_api_key")
    whole = text("SELECT data FROM feed_events WHERE stream_id = :stream")
    async with gateway.database.tenant(other.organization) as transaction:
        assert not list(await transaction.execute(whole, {"stream": stream}))
    async with gateway.database.tenant(mine.organization) as transaction:
        assert list(await transaction.execute(whole, {"stream": stream}))


async def test_a_deleted_stream_ends_its_feed(customer: Any, mesh: Mesh) -> None:
    stream = (await customer.submitted())["id"]
    async with watching(customer.http, stream) as viewer:
        await viewer.until(state("pending"))
        await customer.http.delete(f"/v1/streams/{stream}")
        assert (await viewer.rest())[-1][2]["state"] == "deleted"


async def test_a_slow_viewer_is_cut_off_and_reads_the_rest_when_they_come_back(
    gateway: Hosted, customer: Any, mesh: Mesh
) -> None:
    stream = (await customer.submitted())["id"]
    # More than the buffers of the connection and the viewer's queue hold together.
    many = text("""
        WITH told AS (UPDATE streams SET feed_number = 801 WHERE stream_id = :stream), news AS (
            INSERT INTO feed_events (stream_id, number, organization_id, at, kind, data)
            SELECT :stream, number, :who, now(), 'gap', jsonb_build_object('reason', repeat('x', 20000))
            FROM generate_series(2, 801) AS number
        )
        SELECT pg_notify('tldr_feed', :stream)""")
    async with watching(customer.http, stream) as slow:
        await slow.until(state("pending"))
        async with gateway.database.system() as transaction:
            await transaction.execute(many, {"stream": stream, "who": customer.organization})
        # What is told to who joined last was handed out to everybody; meanwhile the slow one reads nothing.
        async with watching(customer.http, stream) as last:
            assert (await last.until(state("pending")))[-1][0] == "801"
            await mesh.gap(stream)
            assert (await last.until(kind("gap")))[-1][0] == "802"
        told = await slow.rest()
    assert (told[-1][1], told[-1][2]["code"]) == ("reconnect", "too_slow")
    seen = [int(id) for id, _, _ in told if id]
    assert seen == list(range(1, len(seen) + 1))
    assert len(seen) < 802
    async with Client(gateway.url, customer.key) as client:
        rest: list[int] = []
        async for event in client.feed(stream, after=seen[-1]):
            rest += [event.id] if event.id else []
            if event.id == 802:
                break
    assert rest == list(range(len(seen) + 1, 803))
