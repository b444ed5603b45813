"""The public API as a customer calls it: keys and scopes, uploads, idempotency, problems, and nobody else's streams."""

import asyncio
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from tldr_testing import eventually
from tldr_testing.hosting import Hosted


def refused(answer: httpx.Response, status: int, code: str) -> None:
    assert answer.headers["content-type"] == "application/problem+json"
    body = answer.json()
    assert (answer.status_code, body["status"], body["code"]) == (status, status, code)
    assert body["type"] == f"urn:tldr:problem:{code}"
    assert body["detail"].endswith(".")


async def test_the_gateway_has_metrics_though_it_has_no_jobs(gateway: Hosted) -> None:
    async with httpx.AsyncClient(base_url=gateway.url, trust_env=False) as client:
        answer = await client.get("/metrics")
    assert answer.status_code == 200
    assert "tldr_outbox_pending" in answer.text
    assert 'tldr_bus_connected{group="gateway.tldr.ingestions.v1"}' in answer.text


async def test_an_organization_registers_and_an_address_once(gateway: Hosted) -> None:
    async with httpx.AsyncClient(base_url=gateway.url, trust_env=False) as http:
        wanted = {"name": "  Example ", "owner": {"email": "Owner@Example.com"}}
        answer = await http.post("/v1/organizations", json=wanted)
        assert answer.status_code == 201
        body = answer.json()
        assert (body["organization"]["name"], body["organization"]["plan"]) == ("Example", "free")
        key = body["api_key"]["key"]
        mine = await http.get("/v1/organization", headers={"authorization": f"Bearer {key}"})
        assert mine.json() == body["organization"]
        wanted["owner"] = {"email": "owner@example.com"}
        refused(await http.post("/v1/organizations", json=wanted), 409, "email_taken")
        wanted = {"name": " \t ", "owner": {"email": "second@example.com"}}
        refused(await http.post("/v1/organizations", json=wanted), 422, "invalid_request")


async def test_a_key_is_kept_as_a_digest_alone(gateway: Hosted, customer: Any) -> None:
    async with gateway.database.tenant(customer.organization) as transaction:
        (row,) = await transaction.exec_driver_sql("SELECT api_keys::text AS whole FROM api_keys")
    secret = customer.key.rpartition("_")[2]
    assert secret not in row.whole
    assert secret not in json.dumps((await customer.http.get("/v1/api-keys")).json())


async def test_every_route_wants_its_scope(gateway: Hosted, customer: Any) -> None:
    async with httpx.AsyncClient(base_url=gateway.url, trust_env=False) as http:
        document = (await http.get("/openapi.json")).json()
        made = await customer.http.post("/v1/api-keys", json={"name": "reader", "scopes": ["webhooks:read"]})
        reader = {"authorization": f"Bearer {made.json()['key']}"}
        asked = 0
        for path, methods in document["paths"].items():
            for method in methods:
                if path == "/v1/organizations":
                    continue
                where = path.replace("{", "").replace("}", "")
                refused(await http.request(method, where), 401, "invalid_api_key")
                answer = await http.request(method, where, headers=reader, json={})
                if not (method == "get" and path.startswith("/v1/webhook-endpoints")):
                    refused(answer, 403, "missing_scope")
                asked += 1
    assert asked > 20


async def test_a_key_works_until_it_is_revoked(gateway: Hosted, customer: Any) -> None:
    made = (await customer.http.post("/v1/api-keys", json={"name": "short", "scopes": ["streams:read"]})).json()
    header = {"authorization": f"Bearer {made['key']}"}
    assert (await customer.http.get("/v1/streams", headers=header)).status_code == 200
    assert (await customer.http.delete(f"/v1/api-keys/{made['id']}")).status_code == 204
    refused(await customer.http.get("/v1/streams", headers=header), 401, "invalid_api_key")
    refused(await customer.http.delete(f"/v1/api-keys/{made['id']}"), 404, "api_key_not_found")
    assert [key["name"] for key in (await customer.http.get("/v1/api-keys")).json()["api_keys"]] == ["first key"]


@pytest.mark.parametrize(
    "expires_at",
    ["2020-01-01T00:00:00Z", "2030-01-01T00:00:00", "9999-12-31T23:59:59-23:59", "0001-01-01T00:00:00+23:59"],
)
async def test_a_key_does_not_end_in_the_past_nor_at_a_time_nobody_knows(customer: Any, expires_at: str) -> None:
    wanted = {"name": "odd", "scopes": ["streams:read"], "expires_at": expires_at}
    answer = await customer.http.post("/v1/api-keys", json=wanted)
    assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json")
    soon = (datetime.now(UTC) + timedelta(days=1)).isoformat()
    assert (await customer.http.post("/v1/api-keys", json={**wanted, "expires_at": soon})).status_code == 201


@pytest.mark.parametrize(
    "request_body",
    [
        {},
        {"source": {}},
        {"source": {"url": "https://example.com/a.mp4", "upload_id": "upl_1"}},
        {"source": {"url": "file:///etc/passwd"}},
        {"source": {"url": "https://example.com/a.mp4"}, "title": "nul \x00"},
        {"source": {"url": "https://example.com/a.mp4"}, "channel": "nul \x00"},
        {"source": {"url": "https://example.com/a.mp4"}, "channel": "half a \ud800 pair"},
        {"source": {"url": "https://example.com/a.mp4"}, "channel": "not\u200bseen"},
        {"source": {"url": "https://example.com/a.mp4"}, "channel": "x" * 101},
        {"source": {"url": "https://example.com/a.mp4"}, "channel": "ß" * 51},
        {"source": {"url": "https://example.com/a.mp4"}, "title": "half a \ud800 pair"},
        {"source": {"url": "https://example.com/a.mp4"}, "metadata": {"nul \x00": "x"}},
        {"source": {"url": "https://example.com/a.mp4"}, "metadata": {"half \ud800": "x"}},
        {"source": {"url": "https://example.com/a.mp4"}, "preset": "cooking"},
        {"source": {"url": "https://example.com/a.mp4"}, "processing": {"min_length_ms": 600_000}},
        {"source": {"url": "https://example.com/a.mp4"}, "processing": {"min_score": float("nan")}},
        {"source": {"upload_id": "upl_1"}},
        {"source": {"url": "https://example.com/a.mp4"}, "tilte": "A name"},
        {"source": {"url": "https://example.com/a.mp4", "knid": "recording"}},
        {"source": {"url": "https://example.com/a.mp4", "kind": "live"}},
        {"source": {"url": "https://www.youtube.com/watch?v=x"}},
        {"source": {"url": "https://example.com/a.mp4"}, "chat": {"url": "https://example.com/c", "format": "irc"}},
    ],
)
async def test_what_is_wrong_with_a_submission_is_said(customer: Any, request_body: Any) -> None:
    answer = await customer.http.post(
        "/v1/streams", content=json.dumps(request_body), headers={"content-type": "application/json"}
    )
    assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json"), answer.text


async def test_what_nobody_reads_is_refused_by_name(gateway: Hosted, customer: Any) -> None:
    wanted = {"source": {"url": "https://example.com/a.mp4"}, "chanel": "ours"}
    answer = await customer.http.post("/v1/streams", json=wanted)
    assert [error["field"] for error in answer.json()["errors"]] == ["chanel"]
    answer = await customer.http.get("/v1/streams", params={"sate": "failed"})
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "sate")
    schemas = (await customer.http.get("/openapi.json")).json()["components"]["schemas"]
    bodies = {name: schema for name, schema in schemas.items() if name.endswith("Request")}
    assert len(bodies) >= 10
    assert all(schema["additionalProperties"] is False for schema in bodies.values())


async def test_the_addresses_of_the_api_lead_nowhere_else(customer: Any) -> None:
    answer = await customer.http.get("/v1/streams/", headers={"host": "evil.example"})
    refused(answer, 404, "not_found")
    answer = await customer.http.put("/v1/streams")
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET, POST")


async def test_an_upload_that_is_not_there_yet_or_not_whole_is_not_submitted(customer: Any) -> None:
    wanted = {"kind": "media", "size_bytes": 100}
    upload = (await customer.http.post("/v1/uploads", json=wanted)).json()
    source = {"source": {"upload_id": upload["id"]}}
    refused(await customer.http.post("/v1/streams", json=source), 409, "upload_missing")
    async with httpx.AsyncClient(trust_env=False) as files:
        for content in (b"too short", b"", b"too long" * 100):
            assert (await files.put(upload["url"], content=content)).status_code == 403
    refused(await customer.http.post("/v1/streams", json=source), 409, "upload_missing")
    huge = await customer.http.post("/v1/uploads", json={"kind": "media", "size_bytes": 10**30})
    refused(huge, 413, "upload_too_large")


async def test_the_same_key_makes_one_stream_also_when_asked_at_the_same_time(customer: Any) -> None:
    wanted = {"source": {"url": "https://example.com/final.mp4"}, "title": "Once"}
    header = {"idempotency-key": "once"}
    answers = await asyncio.gather(*(customer.http.post("/v1/streams", json=wanted, headers=header) for _ in range(5)))
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.json()["id"] for answer in answers}) == 1
    assert sum("idempotent-replayed" in answer.headers for answer in answers) == 4
    assert {answer.headers["location"] for answer in answers} == {f"/v1/streams/{answers[0].json()['id']}"}
    assert len((await customer.http.get("/v1/streams")).json()["streams"]) == 1
    other = await customer.http.post("/v1/streams", json={**wanted, "title": "Twice"}, headers=header)
    refused(other, 422, "idempotency_key_reused")


async def test_a_refused_request_does_not_use_up_its_key(customer: Any) -> None:
    header = {"idempotency-key": "again"}
    wanted = {"source": {"url": "https://example.com/final.mp4"}, "preset": "cooking"}
    refused(await customer.http.post("/v1/streams", json=wanted, headers=header), 422, "unknown_preset")
    wanted["preset"] = "sports"
    assert (await customer.http.post("/v1/streams", json=wanted, headers=header)).status_code == 201


async def test_two_requests_never_share_the_last_place_of_a_plan(customer: Any) -> None:
    wanted = {"source": {"url": "https://example.com/final.mp4"}}
    answers = await asyncio.gather(*(customer.http.post("/v1/streams", json=wanted) for _ in range(9)))
    assert sorted(answer.status_code for answer in answers) == [201] * 5 + [429] * 4
    refused(await customer.http.post("/v1/streams", json=wanted), 429, "too_many_streams")


async def test_streams_and_history_are_read_in_pages(customer: Any) -> None:
    made = [(await customer.submitted(title=str(number)))["id"] for number in range(3)]
    first = (await customer.http.get("/v1/streams", params={"limit": 2})).json()
    cursor = first["next_cursor"]
    rest = (await customer.http.get("/v1/streams", params={"limit": 2, "cursor": cursor})).json()
    assert [stream["id"] for stream in (*first["streams"], *rest["streams"])] == made[::-1]
    assert rest["next_cursor"] is None
    for _ in range(2):
        refused(await customer.http.post(f"/v1/streams/{made[0]}/retry"), 409, "not_possible_now")
    path = f"/v1/streams/{made[0]}/events"
    page = (await customer.http.get(path, params={"limit": 2})).json()
    last = (await customer.http.get(path, params={"cursor": page["next_cursor"]})).json()
    events = [*page["events"], *last["events"]]
    assert [(event["cause"], event["applied"]) for event in events] == [
        ("submitted", True),
        ("retry_asked", False),
        ("retry_asked", False),
    ]
    assert last["next_cursor"] is None


async def test_another_organizations_stream_is_not_there(new_customer: Callable[[], Any]) -> None:
    mine, other = await new_customer(), await new_customer()
    stream = (await mine.submitted())["id"]
    upload = await mine.uploaded()
    path = f"/v1/streams/{stream}"
    for method, where in (
        ("GET", path),
        ("GET", f"{path}/events"),
        ("GET", f"{path}/gaps"),
        ("GET", f"{path}/scores"),
        ("GET", f"{path}/highlights"),
        ("POST", f"{path}/stop"),
        ("POST", f"{path}/cancel"),
        ("POST", f"{path}/retry"),
        ("DELETE", path),
    ):
        refused(await other.http.request(method, where), 404, "stream_not_found")
    taken = await other.http.post("/v1/streams", json={"source": {"upload_id": upload}})
    refused(taken, 422, "upload_not_found")
    assert (await other.http.get("/v1/streams")).json()["streams"] == []
    assert (await mine.http.get(path)).json()["state"] == "pending"


async def test_an_id_is_an_id_and_never_a_way_into_another_address(customer: Any, neighbours: Any) -> None:
    for odd in ("%00", "..%2Forganization", "hl_1%3Flimit=1", "hl_1%23x", "x" * 65):
        answer = await customer.http.get(f"/v1/highlights/{odd}")
        assert answer.status_code in {404, 422}
        assert answer.headers["content-type"] == "application/problem+json"
    assert neighbours.asked == []


async def test_presets_are_shown_with_their_dimensions(customer: Any) -> None:
    presets = (await customer.http.get("/v1/presets")).json()["presets"]
    assert [preset["name"] for preset in presets] == ["corporate", "education", "gaming", "sports"]
    for preset in presets:
        assert sum(dimension["weight"] for dimension in preset["dimensions"]) == pytest.approx(1)
        assert preset["types"]


async def test_highlights_come_from_their_service_with_addresses_of_this_one(customer: Any, neighbours: Any) -> None:
    stream = (await customer.submitted())["id"]
    page = (await customer.http.get(f"/v1/streams/{stream}/highlights")).json()
    (highlight,) = page["highlights"]
    assert (highlight["clip_url"], highlight["thumbnail_url"]) == ("/v1/highlights/hl_1/clip", None)
    again = await customer.http.get(f"/v1/streams/{stream}/highlights", params={"cursor": page["next_cursor"]})
    assert again.status_code == 200
    assert neighbours.asked[-1][2] == {"limit": "50", "after_ms": "40000", "after_id": "hl_1"}
    clip = await customer.http.get("/v1/highlights/hl_1/clip")
    assert (clip.status_code, clip.headers["location"]) == (307, "http://files.example.com/clip.mp4")
    bad = await customer.http.get(f"/v1/streams/{stream}/highlights", params={"cursor": "OTk5"})
    refused(bad, 422, "invalid_cursor")


async def test_gaps_and_scores_of_a_running_stream_are_asked_for(customer: Any, neighbours: Any) -> None:
    stream = (await customer.submitted())["id"]
    gaps = (await customer.http.get(f"/v1/streams/{stream}/gaps")).json()["gaps"]
    assert gaps == [{"modality": "chat", "start_ms": 0, "end_ms": 4000, "code": "late", "reason": "It was late."}]
    scores = (await customer.http.get(f"/v1/streams/{stream}/scores")).json()
    assert scores == {"start_s": 0, "scores": [0.25, None, 0.75]}


async def test_a_neighbours_problem_is_passed_on_but_not_one_between_services(customer: Any, neighbours: Any) -> None:
    neighbours.refusal = (404, {"code": "highlight_not_found", "detail": "There is no highlight of this id."})
    refused(await customer.http.get("/v1/highlights/hl_1"), 404, "highlight_not_found")
    for status in (401, 403, 500):
        neighbours.refusal = (status, {"code": "invalid_token", "detail": "Send a valid internal token."})
        refused(await customer.http.get("/v1/highlights/hl_1"), 503, "temporarily_unavailable")


async def test_webhook_endpoints_are_the_dispatchers(customer: Any, neighbours: Any) -> None:
    made = await customer.http.post("/v1/webhook-endpoints", json={"url": "https://example.com/hook"})
    assert (made.status_code, made.json()["secret"]) == (201, "whsec_c2VjcmV0")
    listed = (await customer.http.get("/v1/webhook-endpoints")).json()["endpoints"]
    assert "secret" not in listed[0]
    assert (await customer.http.post("/v1/webhook-endpoints/whe_1/test")).json() == {"message_id": "msg_1"}
    assert (await customer.http.get("/v1/webhook-endpoints/whe_1/deliveries")).json() == {"deliveries": []}
    assert (await customer.http.delete("/v1/webhook-endpoints/whe_1")).status_code == 204
    for url in ("ftp://example.com", "not a url", "https://" + "a" * 2100 + ".com"):
        refused(await customer.http.post("/v1/webhook-endpoints", json={"url": url}), 422, "invalid_request")


async def test_uploads_go_when_nothing_uses_them_any_longer(gateway: Hosted, customer: Any) -> None:
    kept, left, gone = [await customer.uploaded(kind.encode()) for kind in ("kept", "left", "gone")]
    await customer.submitted(source={"upload_id": kept})
    stream = (await customer.submitted(source={"upload_id": gone}))["id"]
    assert (await customer.http.delete(f"/v1/streams/{stream}")).status_code == 204
    # Eight days later, as the database sees it.
    async with gateway.database.tenant(customer.organization) as transaction:
        await transaction.exec_driver_sql("UPDATE uploads SET expires_at = expires_at - interval '8 days'")

    async def names() -> set[str]:
        async with gateway.database.tenant(customer.organization) as transaction:
            return {row.upload_id for row in await transaction.exec_driver_sql("SELECT upload_id FROM uploads")}

    async def only_the_used_one() -> bool:
        return await names() == {kept}

    await eventually(only_the_used_one)
    refused(await customer.http.post("/v1/streams", json={"source": {"upload_id": left}}), 422, "upload_not_found")
    assert (await customer.http.post("/v1/streams", json={"source": {"upload_id": kept}})).status_code == 201
