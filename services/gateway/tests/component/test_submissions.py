"""Streams as a customer submits and finds them: what is refused, what is made once, and nobody else's."""

import asyncio
import json
from collections.abc import Callable
from typing import Any

import pytest

from tldr_testing import refused


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
        {"source": {"upload_id": "upl_1", "kind": "live"}},
        {"source": {"url": "https://example.com/a.mp4", "kind": "rtmp"}},
        {"source": {"url": "https://example.com/a.mp4"}, "chat": {"kind": "push"}},
        {"source": {"url": "https://example.com/a.m3u8", "kind": "live"}, "chat": {"url": "https://example.com/c"}},
        {"source": {"url": "https://example.com/a.mp4"}, "chat": {"url": "https://example.com/c", "format": "irc"}},
    ],
)
async def test_what_is_wrong_with_a_submission_is_said(customer: Any, request_body: Any) -> None:
    answer = await customer.http.post(
        "/v1/streams", content=json.dumps(request_body), headers={"content-type": "application/json"}
    )
    assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json"), answer.text


async def test_the_same_key_makes_one_stream_also_when_asked_at_the_same_time(customer: Any) -> None:
    wanted = {"source": {"url": "https://example.com/final.mp4"}, "title": "Once"}
    header = {"idempotency-key": "once"}
    answers = await asyncio.gather(*(customer.http.post("/v1/streams", json=wanted, headers=header) for _ in range(5)))
    made = [answer for answer in answers if answer.status_code == 201]
    assert {answer.status_code for answer in answers} <= {201, 409}
    assert {answer.json()["code"] for answer in answers if answer.status_code == 409} <= {"idempotency_key_in_use"}
    assert len({answer.json()["id"] for answer in made}) == 1
    assert sum("idempotent-replayed" not in answer.headers for answer in made) == 1
    assert {answer.headers["location"] for answer in made} == {f"/v1/streams/{made[0].json()['id']}"}
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


async def test_a_stream_is_renamed_where_it_is_still_what_was_seen(customer: Any, new_customer: Any) -> None:
    made = await customer.submitted(title="Cup final", channel="Ours")
    place = f"/v1/streams/{made['id']}"
    assert made["created_by"].startswith("key_")
    seen = (await customer.http.get(place)).headers["etag"]
    changed = await customer.http.patch(place, json={"title": "Semi final"}, headers={"if-match": seen})
    assert (changed.json()["title"], changed.json()["metadata"]) == ("Semi final", made["metadata"])
    refused(
        await customer.http.patch(place, json={"title": "x"}, headers={"if-match": seen}), 412, "precondition_failed"
    )
    refused(await (await new_customer()).http.patch(place, json={"title": "x"}), 404, "stream_not_found")
    refused(await customer.http.patch(place, json={"state": "failed"}), 422, "invalid_request")
    await customer.submitted(title="Another final")

    async def found(**wanted: str) -> list[str]:
        page = (await customer.http.get("/v1/streams", params=wanted)).raise_for_status().json()
        return [stream["title"] for stream in page["streams"]]

    assert await found(text="final") == ["Another final", "Semi final"]
    assert await found(text="cup") == []
    assert await found(channel="OURS", source_kind="recording", state="pending") == ["Semi final"]
    assert await found(source_kind="live") == []
    assert await found(created_before=made["created_at"]) == []
