"""A stream as the mesh sees it: announced on Kafka, moved on by what others report, its end decided here alone."""

from collections.abc import Callable
from typing import Any

import pytest

from tldr.highlights.v1 import highlights_pb2
from tldr.ingestions.v1 import ingestions_pb2
from tldr.streams.v1.streams_pb2 import CHAT_FORMAT_LIVE_CHAT
from tldr_contracts.topics import ORGANIZATIONS, STREAMS
from tldr_testing import eventually
from tldr_testing.hosting import Hosted


def started(stream: str, attempt: int = 1) -> Any:
    fact = ingestions_pb2.IngestionStarted(stream_id=stream, attempt=attempt)
    return ingestions_pb2.IngestionEvent(started=fact)


@pytest.fixture
def settled(sample: Callable[[str, str], Any]) -> Callable[..., Any]:
    def make(stream: str, **changes: Any) -> Any:
        event = sample("tldr.highlights.v1", "settled")
        event.settled.MergeFrom(highlights_pb2.StreamSettled(stream_id=stream, **changes))
        return event

    return make


class Mesh:
    """What the other services do."""

    def __init__(self, gateway: Hosted, customer: Any) -> None:
        self.gateway, self.customer = gateway, customer

    async def tell(self, event: Any, stream: str) -> None:
        await self.gateway.publish(event, organization=self.customer.organization, subject=stream, lane=3)

    async def until(self, stream: str, state: str) -> dict[str, Any]:
        async def look() -> dict[str, Any] | None:
            found: dict[str, Any] = (await self.customer.http.get(f"/v1/streams/{stream}")).json()
            return found if found["state"] == state else None

        return await eventually(look)

    async def history(self, stream: str) -> list[tuple[str, str, bool]]:
        events = (await self.customer.http.get(f"/v1/streams/{stream}/events")).json()["events"]
        return [(event["cause"], event["after"], event["applied"]) for event in events]


@pytest.fixture
def mesh(gateway: Hosted, customer: Any, neighbours: Any) -> Mesh:
    return Mesh(gateway, customer)


async def test_a_recording_is_requested_watched_and_completed(
    gateway: Hosted, customer: Any, mesh: Mesh, settled: Callable[..., Any]
) -> None:
    recorder = await gateway.recorder(STREAMS)
    media = await customer.uploaded(b"a recording")
    chat = await customer.uploaded(b"[]", kind="chat")
    said = {"offset_ms": -500, "format": "live-chat", "media_started_at": "2026-01-31T21:00:00.250+01:00"}
    wanted = {"source": {"upload_id": media}, "chat": {"upload_id": chat, **said}, "preset": "sports"}
    submitted = await customer.submitted(**wanted, title="Derby", channel=" Our Channel ")
    stream = submitted["id"]
    assert submitted["channel"] == "our channel"
    (requested,) = (await recorder.until(stream, "requested")).of_kind("requested")
    assert (requested.title, requested.profile.dimension_set, requested.chat.offset_ms) == ("Derby", "sports", -500)
    assert requested.channel == "our channel"
    assert (requested.chat.format, requested.chat.media_started_at_ms) == (CHAT_FORMAT_LIVE_CHAT, 1_769_889_600_250)
    assert requested.source.upload.size_bytes == len(b"a recording")
    assert await gateway.objects.get(requested.source.upload.bucket, requested.source.upload.key, limit_bytes=100) == (
        b"a recording"
    )
    assert (await recorder.of(stream)).events[0].lane == requested.lane
    await mesh.tell(started(stream), stream)
    working = await mesh.until(stream, "processing")
    assert working["progress"]["stage"] == "analysing"
    assert working["progress"]["share_done"] == 0.5
    assert (working["chat"]["rows"]["unreadable"], working["chat"]["notes"][0]["code"]) == (3, "chat_times_from_trim")
    assert working["chat"]["format"] == "live-chat"
    await mesh.tell(settled(stream), stream)
    done = await mesh.until(stream, "completed")
    assert (done["duration_ms"], done["highlight_count"], done["progress"]["share_done"]) == (180_000, 2, 1.0)
    assert done["chat"] == working["chat"]
    gaps = (await customer.http.get(f"/v1/streams/{stream}/gaps")).json()["gaps"]
    assert [(gap["modality"], gap["start_ms"], gap["end_ms"]) for gap in gaps] == [("chat", 60_000, 70_000)]
    await mesh.tell(settled(stream, attempt=1), stream)
    recorded = await recorder.until(stream, "completed")
    assert [event.kind for event in recorded.events] == ["requested", "started", "completed"]
    assert {event.lane for event in recorded.events} == {requested.lane}
    assert (await mesh.history(stream))[:3] == [
        ("submitted", "pending", True),
        ("work_started", "processing", True),
        ("settled", "completed", True),
    ]


async def test_a_stream_whose_services_are_silent_says_that_figures_are_missing(
    customer: Any, mesh: Mesh, neighbours: Any, settled: Callable[..., Any]
) -> None:
    media, chat = await customer.uploaded(), await customer.uploaded(b"[]", kind="chat")
    stream = (await customer.submitted(source={"upload_id": media}, chat={"upload_id": chat}))["id"]
    await mesh.tell(started(stream), stream)
    whole = await mesh.until(stream, "processing")
    assert (whole["progress"]["incomplete"], whole["progress"]["share_done"]) == (False, 0.5)
    neighbours.refusal = (500, {})
    lacking = await mesh.until(stream, "processing")
    assert (lacking["progress"]["incomplete"], lacking["progress"]["share_done"], lacking["chat"]) == (True, None, None)
    await mesh.tell(settled(stream), stream)
    done = await mesh.until(stream, "completed")
    assert (done["progress"]["incomplete"], done["progress"]["share_done"], done["chat"]) == (True, 1.0, None)


async def test_a_failed_stream_says_why_and_is_retried(
    gateway: Hosted, customer: Any, mesh: Mesh, settled: Callable[..., Any]
) -> None:
    recorder = await gateway.recorder(STREAMS)
    stream = (await customer.submitted())["id"]
    why = {"code": "source_not_found", "reason": "The address answers 404."}
    await mesh.tell(settled(stream, outcome=highlights_pb2.RUN_OUTCOME_FAILED, failure=why), stream)
    assert (await mesh.until(stream, "failed"))["failure"] == why
    again = (await customer.http.post(f"/v1/streams/{stream}/retry")).json()
    assert (again["state"], again["attempt"], again["failure"]) == ("processing", 2, None)
    await mesh.tell(settled(stream), stream)  # the first attempt once more, late
    await mesh.tell(settled(stream, attempt=2), stream)
    await mesh.until(stream, "completed")
    assert [cause for cause, _, applied in await mesh.history(stream) if not applied] == ["settled"]
    recorded = await recorder.until(stream, "completed")
    assert [event.kind for event in recorded.events] == ["requested", "failed", "retried", "completed"]


async def test_a_stream_deleted_while_it_runs_stays_deleted(
    gateway: Hosted, customer: Any, mesh: Mesh, settled: Callable[..., Any]
) -> None:
    recorder = await gateway.recorder(STREAMS)
    stream = (await customer.submitted())["id"]
    await mesh.tell(started(stream), stream)
    await mesh.until(stream, "processing")
    assert (await customer.http.post(f"/v1/streams/{stream}/stop")).json()["state"] == "processing"
    assert (await customer.http.delete(f"/v1/streams/{stream}")).status_code == 204
    await mesh.tell(settled(stream), stream)
    # A later stream in the same lane is handled, so the late outcome was as well.
    after = (await customer.submitted())["id"]
    await mesh.tell(settled(after), after)
    await mesh.until(after, "completed")
    assert (await customer.http.get(f"/v1/streams/{stream}")).status_code == 404
    kinds = [event.kind for event in (await recorder.until(stream, "deleted")).events]
    assert kinds == ["requested", "started", "stopped", "deleted"]


async def test_a_cancelled_stream_is_announced_at_once(gateway: Hosted, customer: Any, mesh: Mesh) -> None:
    recorder = await gateway.recorder(STREAMS)
    stream = (await customer.submitted())["id"]
    assert (await customer.http.post(f"/v1/streams/{stream}/cancel")).json()["state"] == "cancelled"
    await recorder.until(stream, "cancelled")
    await mesh.tell(started(stream), stream)

    async def refused() -> bool:
        return ("work_started", "cancelled", False) in await mesh.history(stream)

    await eventually(refused)


async def test_a_new_organization_is_announced(gateway: Hosted, new_customer: Callable[[], Any]) -> None:
    recorder = await gateway.recorder(ORGANIZATIONS)
    made = await new_customer()
    (changed,) = (await recorder.until(made.organization, "changed")).of_kind("changed")
    assert (changed.version, changed.plan) == (1, "starter")
    assert (changed.segment_retention_days, changed.dvr_minutes) == (1, 120)
