"""From a detection on the bus to a customer's server, through the two real services between them, while a stream is live."""

import asyncio
import json
import statistics
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from time import monotonic
from typing import Any

import pytest
import pytest_asyncio
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from tldr.common.v1 import common_pb2
from tldr.detections.v1 import detections_pb2
from tldr_contracts.ids import new_id
from tldr_embedded import start
from tldr_highlight_store.bootstrap import DEFINITION as HIGHLIGHT_STORE
from tldr_testing import Hosted, eventually, serving
from tldr_testing.hosting import Hosting, seal_webhooks
from tldr_webhook_dispatcher.bootstrap import DEFINITION as WEBHOOK_DISPATCHER

JOINED_S = 90.0
"""Both services join their groups first."""


@dataclass
class Watching:
    """A customer whose stream is live, and what came to them when."""

    store: Hosted
    organization: str = field(default_factory=lambda: new_id("org"))
    stream: str = field(default_factory=lambda: new_id("str"))
    run: str = field(default_factory=lambda: new_id("run"))
    got: list[tuple[float, str, dict[str, Any]]] = field(default_factory=list)

    async def take(self, request: Request) -> Response:
        said = json.loads(await request.body())
        self.got.append((monotonic(), said["type"], said["data"]))
        return Response()

    async def detect(self, highlight: str, revision: int, *, withdrawn: bool = False) -> float:
        """A revision of a provisional highlight; when it was on the bus."""
        event = detections_pb2.DetectionEvent()
        if withdrawn:
            gone = event.retracted
            gone.stream_id, gone.run_id, gone.highlight_id, gone.revision = self.stream, self.run, highlight, revision
        else:
            event.detected.CopyFrom(
                detections_pb2.HighlightDetected(
                    stream_id=self.stream,
                    run_id=self.run,
                    highlight_id=highlight,
                    revision=revision,
                    state=detections_pb2.DETECTION_STATE_PROVISIONAL,
                    range=common_pb2.TimeRange(start_ms=1000 * revision, end_ms=1000 * revision + 9000),
                    title="Action picks up",
                )
            )
        await self.store.publish(event, organization=self.organization, subject=self.stream, lane=3)
        return monotonic()

    def told(self, highlight: str) -> list[tuple[str, int]]:
        return [(kind, data["revision"]) for _, kind, data in self.got if data["id"] == highlight]


@pytest_asyncio.fixture(scope="module")
async def watching(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Watching]:
    seal_webhooks()
    async with AsyncExitStack() as parts:
        # The tests' one broker has other members in both services' groups.
        servers = await start(tmp_path_factory.mktemp("servers"), progress=lambda _: None)
        parts.push_async_callback(servers.stop)
        hosting = Hosting(servers, parts)
        store, dispatcher = await asyncio.gather(
            hosting(HIGHLIGHT_STORE), hosting(WEBHOOK_DISPATCHER, allow_loopback=True)
        )
        found = Watching(store)
        app = Starlette(routes=[Route("/", found.take, methods=["POST"])])
        url = await parts.enter_async_context(serving(app))
        async with dispatcher.asking(found.organization) as client:
            (await client.post("/internal/endpoints", json={"url": url})).raise_for_status()
        yield found


async def test_a_provisional_highlight_is_told_at_once(watching: Watching) -> None:
    delays = []
    for _ in range(6):
        highlight = new_id("hl")
        at = await watching.detect(highlight, 1)
        await eventually(_told(watching, highlight, 1), every_s=0.005, limit_s=JOINED_S)
        ((came, kind, data),) = [one for one in watching.got if one[2]["id"] == highlight]
        assert (kind, data["state"]) == ("highlight.detected", "provisional")
        delays.append(came - at)
    # The first one waits until both have joined their groups.
    print(
        f"detection to webhook: median {1000 * statistics.median(delays[1:]):.0f} ms, slowest {1000 * max(delays[1:]):.0f} ms"
    )


async def test_revisions_come_in_order_and_nothing_twice(watching: Watching) -> None:
    highlight = new_id("hl")
    for revision in (1, 2, 3):
        await watching.detect(highlight, revision)
    # A retry of the stream finds the same again.
    for revision in (1, 2, 3):
        await watching.detect(highlight, revision)
    await watching.detect(highlight, 4, withdrawn=True)
    await watching.detect(highlight, 4, withdrawn=True)
    await watching.detect(highlight, 5)
    await eventually(_told(watching, highlight, 5))
    assert watching.told(highlight) == [
        ("highlight.detected", 1),
        ("highlight.revised", 2),
        ("highlight.revised", 3),
        ("highlight.withdrawn", 4),
        ("highlight.detected", 5),
    ]


def _told(watching: Watching, highlight: str, count: int) -> Any:
    async def look() -> bool:
        return len(watching.told(highlight)) >= count

    return look
