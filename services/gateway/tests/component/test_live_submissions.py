"""Live sources over the API: submitted, shown, and a stream key that is shown once."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import text

from tldr.common.v1.common_pb2 import Failure
from tldr.ingestions.v1 import ingestions_pb2
from tldr_contracts.topics import STREAMS
from tldr_gateway.domain.streams.stream_key import digest_of
from tldr_testing import eventually, refused
from tldr_testing.hosting import Hosted

RTMP = {"source": {"kind": "rtmp"}}
LIVE = {"source": {"kind": "live", "url": "https://example.com/live.m3u8"}}


async def _rows(gateway: Hosted) -> str:
    """Everything the gateway keeps that a key could have slipped into, as one text."""
    tables = ("streams", "stream_history", "idempotency", "audit_log", "feed_events", "outbox")
    async with gateway.database.system() as transaction:
        kept = [
            row.row
            for table in tables
            for row in await transaction.execute(text(f"SELECT row_to_json(t)::text AS row FROM {table} AS t"))
        ]
    return "\n".join(kept)


async def test_a_stream_key_is_shown_in_one_answer_and_nowhere_kept_in_clear(gateway: Hosted, customer: Any) -> None:
    recorder = await gateway.recorder(STREAMS)
    header = {"idempotency-key": "push"}
    first = await customer.http.post("/v1/streams", json=RTMP, headers=header)
    assert first.status_code == 201
    shown = first.json()
    key = shown["ingest"]["stream_key"]
    assert shown["ingest"]["url"] == "rtmp://127.0.0.1:1935/live"
    again = await customer.http.post("/v1/streams", json=RTMP, headers=header)
    assert again.headers["idempotent-replayed"] == "true"
    assert again.json() == shown
    (requested,) = (await recorder.until(shown["id"], "requested")).of_kind("requested")
    assert requested.source.push.key_digest.hex() == digest_of(key)
    assert requested.source.live.wait_until_live_ms == 86_400_000
    listed = await customer.http.get("/v1/streams")
    seen = await customer.http.get(f"/v1/streams/{shown['id']}")
    history = await customer.http.get(f"/v1/streams/{shown['id']}/events")
    assert seen.json()["ingest"] == {"url": shown["ingest"]["url"], "stream_key": None, "note": None}
    assert key not in listed.text + seen.text + history.text
    assert key not in await _rows(gateway)
    (await customer.http.post(f"/v1/streams/{shown['id']}/stream-key")).raise_for_status()
    later = (await customer.http.post("/v1/streams", json=RTMP, headers=header)).json()
    assert (later["id"], later["ingest"]["stream_key"]) == (shown["id"], None)
    assert f"/v1/streams/{shown['id']}/stream-key" in later["ingest"]["note"]


async def test_a_rotated_key_is_shown_once_and_announced(gateway: Hosted, customer: Any) -> None:
    recorder = await gateway.recorder(STREAMS)
    made = (await customer.http.post("/v1/streams", json=RTMP)).json()
    rotated = (await customer.http.post(f"/v1/streams/{made['id']}/stream-key")).raise_for_status().json()
    assert rotated["stream_key"] != made["ingest"]["stream_key"]
    (said,) = (await recorder.until(made["id"], "key_rotated")).of_kind("key_rotated")
    assert said.key_digest.hex() == digest_of(rotated["stream_key"])
    assert rotated["stream_key"] not in await _rows(gateway)
    read = (await customer.http.post("/v1/streams", json=LIVE)).json()
    assert read["ingest"] is None
    refused(await customer.http.post(f"/v1/streams/{read['id']}/stream-key"), 409, "no_stream_key")


async def test_another_organization_neither_sees_nor_rotates_a_key(new_customer: Callable[[], Any]) -> None:
    mine, other = await new_customer(), await new_customer()
    stream = (await mine.http.post("/v1/streams", json=RTMP)).json()["id"]
    refused(await other.http.post(f"/v1/streams/{stream}/stream-key"), 404, "stream_not_found")
    refused(await other.http.get(f"/v1/streams/{stream}"), 404, "stream_not_found")


async def test_live_sources_are_limited_by_the_plan(customer: Any) -> None:
    too_long = {"source": {**LIVE["source"], "max_length_s": 86_400}}
    refused(await customer.http.post("/v1/streams", json=too_long), 422, "too_long_for_plan")
    other = {"source": {**LIVE["source"], "url": "https://example.com/other.m3u8"}}
    assert (await customer.http.post("/v1/streams", json=LIVE)).status_code == 201
    refused(await customer.http.post("/v1/streams", json=LIVE), 409, "source_followed")
    assert (await customer.http.post("/v1/streams", json=other)).status_code == 201
    refused(await customer.http.post("/v1/streams", json=RTMP), 429, "too_many_live_streams")
    replay = {**LIVE, "chat": {"url": "https://example.com/chat.csv"}}
    refused(await customer.http.post("/v1/streams", json=replay), 422, "chat_not_live")
    await customer.submitted()


async def test_a_stream_says_how_its_live_source_is(gateway: Hosted, customer: Any, neighbours: Any) -> None:
    recorder = await gateway.recorder(STREAMS)
    made = (await customer.http.post("/v1/streams", json={**LIVE, "signals": ["external.kills"]})).json()
    stream = made["id"]
    assert (made["live"], made["signals"]) == (None, ["external.kills"])

    async def tell(**event: Any) -> None:
        message = ingestions_pb2.IngestionEvent(**event)
        await gateway.publish(message, organization=customer.organization, subject=stream, lane=3)

    async def until(state: str) -> dict[str, Any]:
        async def look() -> dict[str, Any] | None:
            found: dict[str, Any] = (await customer.http.get(f"/v1/streams/{stream}")).json()
            return found if found["live"] and found["live"]["state"] == state else None

        return await eventually(look)

    clock = {"wall_zero_ms": 1_769_889_600_000, "uncertainty_ms": 250, "last_segment_at_ms": 1_769_889_690_000}
    figures = {"state": "live", "lag_s": 4.5, "reconnects": 1, **clock}
    neighbours.answers["/progress"] = {**neighbours.answers["/progress"], "live": figures, "ended": False}
    offline = Failure(code="source_not_live", reason="It is not live.")
    waiting = ingestions_pb2.SourceWaiting(stream_id=stream, attempt=1, reason=offline, until_ms=4_000_000_000_000)
    await tell(waiting=waiting)
    seen = await until("waiting")
    assert (seen["state"], seen["progress"]["stage"], seen["live"]["reason"]["code"]) == (
        "pending",
        "waiting",
        "source_not_live",
    )
    began = ingestions_pb2.IngestionStarted(stream_id=stream, attempt=1, live=True, wall_zero_ms=1_769_889_600_000)
    await tell(started=began)
    seen = await until("live")
    assert (seen["state"], seen["progress"]["stage"], seen["progress"]["share_done"]) == ("processing", "live", None)
    assert (seen["live"]["edge_lag_s"], seen["live"]["reconnects"], seen["live"]["uncertainty_ms"]) == (4.5, 1, 250)
    assert seen["live"]["wall_zero"] == "2026-01-31T20:00:00Z"
    stalled = Failure(code="source_stalled", reason="GET (https://ann:secret@example.com/a?token=hush) says nothing.")
    await tell(interrupted=ingestions_pb2.SourceInterrupted(stream_id=stream, at_ms=60_000, reason=stalled))
    seen = await until("interrupted")
    assert seen["live"]["reason"]["code"] == "source_stalled"
    assert "secret" not in str(seen)
    await tell(resumed=ingestions_pb2.SourceResumed(stream_id=stream, at_ms=90_000))
    await until("live")
    await tell(ended=ingestions_pb2.IngestionEnded(stream_id=stream, attempt=1, duration_ms=120_000))
    await until("ended")
    told = await recorder.until(stream, "input_ended")
    kinds = [event.kind for event in told.events]
    assert kinds == ["requested", "started", "live", "interrupted", "resumed", "input_ended"]
