"""Webhook endpoints as a customer sees them; the dispatcher behind them is played."""

from typing import Any

from tldr_testing import refused

ENDPOINT = "/v1/webhook-endpoints/whe_1"


async def test_webhook_endpoints_are_the_dispatchers(customer: Any, neighbours: Any) -> None:
    made = await customer.http.post("/v1/webhook-endpoints", json={"url": "https://example.com/hook"})
    assert (made.status_code, made.json()["secret"]) == (201, "whsec_c2VjcmV0")
    listed = (await customer.http.get("/v1/webhook-endpoints")).json()["endpoints"]
    assert "secret" not in listed[0]
    assert (await customer.http.post(f"{ENDPOINT}/test")).json() == {"message_id": "msg_1"}
    assert (await customer.http.get(f"{ENDPOINT}/deliveries")).json() == {"deliveries": []}
    assert (await customer.http.delete(ENDPOINT)).status_code == 204
    for url in ("ftp://example.com", "not a url", "https://" + "a" * 2100 + ".com"):
        refused(await customer.http.post("/v1/webhook-endpoints", json={"url": url}), 422, "invalid_request")


async def test_an_endpoint_is_changed_as_it_was_seen(customer: Any, neighbours: Any) -> None:
    found = await customer.http.get(ENDPOINT)
    assert found.headers["etag"] == '"0f1e2d3c"'
    assert "tag" not in found.json()
    wish = {"paused": True, "headers": {"Authorization": "Bearer mine"}}
    for tags, asked in ((None, None), ("*", None), ('"0f1e2d3c"', ["0f1e2d3c"]), ('W/"a", "b"', ["b"])):
        headers = {"if-match": tags} if tags else {}
        changed = await customer.http.patch(ENDPOINT, json=wish, headers=headers)
        assert (changed.status_code, changed.json()["paused"]) == (200, True)
        assert neighbours.told["tags"] == asked
        assert neighbours.told["headers"] == wish["headers"]
    neighbours.refusal = (412, {"code": "endpoint_changed", "detail": "The endpoint was changed meanwhile."})
    refused(await customer.http.patch(ENDPOINT, json=wish), 412, "endpoint_changed")


async def test_a_change_that_cannot_be_read_is_refused_by_its_field(customer: Any, neighbours: Any) -> None:
    for wish, field in (
        ({"secret": "mine"}, "secret"),
        ({"enabled": False}, "enabled"),
        ({"paused": "yes"}, "paused"),
        ({"headers": {"x-a": "b" * 1001}}, "headers.x-a"),
    ):
        answer = await customer.http.patch(ENDPOINT, json=wish)
        refused(answer, 422, "invalid_request")
        assert answer.json()["errors"][0]["field"] == field
    assert neighbours.asked == []


async def test_a_secret_is_rotated_with_a_day_of_overlap_unless_asked_otherwise(customer: Any, neighbours: Any) -> None:
    for body, overlap in ((None, 86_400), ({"overlap_s": 0}, 0)):
        rotated = await customer.http.post(f"{ENDPOINT}/rotate", json=body)
        assert (rotated.status_code, rotated.json()["secret"]) == (200, "whsec_b3RoZXI=")
        assert rotated.json()["replaced_secret_until"] == "2026-11-24T12:00:00Z"
        assert neighbours.told == {"overlap_s": overlap}
    refused(await customer.http.post(f"{ENDPOINT}/rotate", json={"overlap_s": 604_801}), 422, "invalid_request")
