"""The feed of events as a customer reads it; the dispatcher behind it is played."""

from typing import Any

from tldr_testing import refused

MESSAGE = "msg_0199c2ca11227a4b8c5d6e7f80910213"


async def test_events_are_read_on_from_where_an_answer_ended(customer: Any, neighbours: Any) -> None:
    first = (await customer.http.get("/v1/events")).json()
    assert first["events"] == neighbours.answers["/internal/events"]["events"]
    assert first["has_more"]
    assert neighbours.asked[-1] == ("GET", "/internal/events", {"limit": "100"})
    neighbours.answers["/internal/events"] = {"events": [], "after": 7, "more": False}
    last = await customer.http.get("/v1/events", params={"after": first["next_cursor"], "limit": 50})
    assert (last.json()["events"], last.json()["has_more"]) == ([], False)
    assert neighbours.asked[-1][2] == {"after": "7", "limit": "50"}


async def test_events_are_read_on_from_a_webhook_that_came(customer: Any, neighbours: Any) -> None:
    assert (await customer.http.get("/v1/events", params={"after": MESSAGE})).status_code == 200
    assert neighbours.asked[-1][2] == {"after_message": MESSAGE, "limit": "100"}
    for status, code in ((404, "event_not_found"), (410, "events_forgotten")):
        neighbours.refusal = (status, {"code": code, "detail": "It is not kept any more."})
        refused(await customer.http.get("/v1/events", params={"after": MESSAGE}), status, code)


async def test_a_cursor_is_nobody_elses_and_nothing_made_up(customer: Any, new_customer: Any, neighbours: Any) -> None:
    other = await new_customer()
    cursor = (await customer.http.get("/v1/events")).json()["next_cursor"]
    neighbours.asked.clear()
    refused(await other.http.get("/v1/events", params={"after": cursor}), 422, "invalid_cursor")
    for bad in ("7", "msg_1", cursor[:-4]):
        refused(await customer.http.get("/v1/events", params={"after": bad}), 422, "invalid_cursor")
    for wrong in ({"limit": 501}, {"limit": 0}, {"after": "a" * 601}, {"before": "x"}):
        refused(await customer.http.get("/v1/events", params=wrong), 422, "invalid_request")
    assert neighbours.asked == []
