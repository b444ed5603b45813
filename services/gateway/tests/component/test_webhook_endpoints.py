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
    assert (await customer.http.delete(ENDPOINT)).status_code == 204
    for url in ("ftp://example.com", "not a url", "https://" + "a" * 2100 + ".com"):
        refused(await customer.http.post("/v1/webhook-endpoints", json={"url": url}), 422, "invalid_request")


async def test_an_endpoint_is_changed_as_it_was_seen(customer: Any, neighbours: Any) -> None:
    found = await customer.http.get(ENDPOINT)
    assert found.headers["etag"] == '"0f1e2d3c"'
    assert "etag" not in found.json()
    wish = {"paused": True, "headers": {"Authorization": "Bearer mine"}}
    for headers in ({}, {"if-match": "*"}, {"if-match": '"0f1e2d3c"'}, {"if-match": 'W/"a", "b"'}):
        changed = await customer.http.patch(ENDPOINT, json=wish, headers=headers)
        assert (changed.status_code, changed.json()["paused"]) == (200, True)
        assert neighbours.told == wish
        assert neighbours.asked[-1][2] == {name.replace("-", "_"): value for name, value in headers.items()}
    neighbours.refusal = (412, {"code": "precondition_failed", "detail": "It was changed since you read it."})
    refused(await customer.http.patch(ENDPOINT, json=wish), 412, "precondition_failed")


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


async def test_deliveries_are_asked_for_by_state_type_and_time_page_by_page(customer: Any, neighbours: Any) -> None:
    wanted = {"state": "abandoned", "type": "webhook.test", "since": "2026-11-22T00:00:00+01:00", "limit": "1"}
    page = (await customer.http.get(f"{ENDPOINT}/deliveries", params=wanted)).json()
    assert page["deliveries"][0]["state"] == "abandoned"
    assert neighbours.asked[-1] == ("GET", "/internal/endpoints/whe_1/deliveries", wanted)
    neighbours.answers["/deliveries"] = {"deliveries": [], "more": False}
    last = await customer.http.get(f"{ENDPOINT}/deliveries", params={**wanted, "cursor": page["next_cursor"]})
    assert last.json() == {"deliveries": [], "next_cursor": None}
    assert neighbours.asked[-1][2] == {**wanted, "before": "msg_1"}
    for cursor, filters in ((page["next_cursor"], {}), ("msg_1", wanted)):
        params = {**filters, "cursor": cursor}
        refused(await customer.http.get(f"{ENDPOINT}/deliveries", params=params), 422, "invalid_cursor")
    other = await customer.http.get(
        "/v1/webhook-endpoints/whe_2/deliveries", params={**wanted, "cursor": page["next_cursor"]}
    )
    refused(other, 422, "invalid_cursor")
    for bad in (
        {"state": "lost"},
        {"since": "yesterday"},
        {"since": "1700000000"},
        {"cursor": "x" * 601},
        {"limit": "101"},
    ):
        refused(await customer.http.get(f"{ENDPOINT}/deliveries", params=bad), 422, "invalid_request")


async def test_a_message_is_shown_with_what_it_says(customer: Any, neighbours: Any) -> None:
    found = (await customer.http.get(f"{ENDPOINT}/messages/msg_1")).json()
    assert (found["payload"]["type"], found["attempts"][0]["status"]) == ("webhook.test", 500)
    neighbours.refusal = (404, {"code": "message_not_found", "detail": "There is no such message."})
    refused(await customer.http.get(f"{ENDPOINT}/messages/msg_2"), 404, "message_not_found")


async def test_a_message_is_sent_again(customer: Any, neighbours: Any) -> None:
    neighbours.answers["/redeliver"] = {"message_id": "msg_1"}
    answer = await customer.http.post(f"{ENDPOINT}/messages/msg_1/redeliver")
    assert (answer.status_code, answer.json()) == (202, {"message_id": "msg_1"})
    assert neighbours.asked == [("POST", "/internal/endpoints/whe_1/messages/msg_1/redeliver", {})]
    neighbours.refusal = (409, {"code": "message_pending", "detail": "The message is still being delivered."})
    refused(await customer.http.post(f"{ENDPOINT}/messages/msg_1/redeliver"), 409, "message_pending")


async def test_what_was_not_delivered_is_sent_again_since_a_time(customer: Any, neighbours: Any) -> None:
    neighbours.answers["/recover"] = {"messages": 17}
    answer = await customer.http.post(f"{ENDPOINT}/recover", json={"since": "2026-11-22T00:00:00+01:00"})
    assert (answer.status_code, answer.json()) == (202, {"messages": 17})
    assert neighbours.told == {"since": "2026-11-22T00:00:00+01:00"}
    for bad in ({}, {"since": "yesterday"}, {"since": 1_700_000_000}, {"since": "2026-11-22T00:00:00"}, {"until": "x"}):
        refused(await customer.http.post(f"{ENDPOINT}/recover", json=bad), 422, "invalid_request")
    neighbours.refusal = (422, {"code": "since_too_old", "detail": "Messages are kept for 30 days."})
    answer = await customer.http.post(f"{ENDPOINT}/recover", json={"since": "2026-01-01T00:00:00Z"})
    refused(answer, 422, "since_too_old")


async def test_statistics_are_of_a_month_at_most(customer: Any, neighbours: Any) -> None:
    found = await customer.http.get(f"{ENDPOINT}/statistics")
    assert found.json() == neighbours.answers["/statistics"]
    assert neighbours.asked == [("GET", "/internal/endpoints/whe_1/statistics", {"days": "7"})]
    for days in ("0", "31", "all"):
        refused(await customer.http.get(f"{ENDPOINT}/statistics", params={"days": days}), 422, "invalid_request")
