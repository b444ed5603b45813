"""What other services answer, as a customer of this one sees it."""

from typing import Any

import pytest

from tldr_testing import refused


async def test_highlights_come_from_their_service_with_addresses_of_this_one(customer: Any, neighbours: Any) -> None:
    stream = (await customer.submitted())["id"]
    page = (await customer.http.get(f"/v1/streams/{stream}/highlights")).json()
    (highlight,) = page["highlights"]
    assert (highlight["clip_url"], highlight["thumbnail_url"]) == ("/v1/highlights/hl_1/clip", None)
    again = await customer.http.get(f"/v1/streams/{stream}/highlights", params={"cursor": page["next_cursor"]})
    assert again.status_code == 200
    in_order = {"stream": stream, "sort": "start_ms", "descending": "false", "limit": "50"}
    assert neighbours.asked[-1][1:] == (
        "/internal/highlights",
        {**in_order, "after_value": "40000", "after_id": "hl_1"},
    )
    clip = await customer.http.get("/v1/highlights/hl_1/clip")
    assert (clip.status_code, clip.headers["location"]) == (307, "http://files.example.com/clip.mp4")


async def test_a_cursor_leads_on_in_its_own_list_alone(new_customer: Any, neighbours: Any) -> None:
    one, other = await new_customer(), await new_customer()
    asked = {"type": ["goal", "save"], "verdict": "none", "sort": "-score", "limit": 5}
    cursor = (await one.http.get("/v1/highlights", params=asked)).json()["next_cursor"]
    assert (await one.http.get("/v1/highlights", params={**asked, "limit": 9, "cursor": cursor})).status_code == 200
    assert neighbours.asked[-1][2]["after_value"] == "40000"
    changed: list[tuple[Any, dict[str, Any]]] = [
        (one, {**asked, "sort": "score"}),
        (one, {**asked, "type": ["goal"]}),
        (other, asked),
    ]
    for who, wanted in changed:
        refused(await who.http.get("/v1/highlights", params={**wanted, "cursor": cursor}), 422, "invalid_cursor")
    refused(await one.http.get("/v1/highlights", params={"cursor": "OTk5"}), 422, "invalid_cursor")


@pytest.mark.parametrize(
    "wrong",
    [
        {"min_confidence": "2"},
        {"max_duration_ms": "-1"},
        {"created_after": "yesterday"},
        {"state": "retracted"},
        {"sort": "title"},
        {"limit": "101"},
        {"tagg": "cup"},
        {"text": "\x00"},
    ],
)
async def test_a_filter_that_is_none_is_refused_by_name(customer: Any, neighbours: Any, wrong: dict[str, str]) -> None:
    answer = await customer.http.get("/v1/highlights", params=wrong)
    refused(answer, 422, "invalid_request")
    assert [error["field"] for error in answer.json()["errors"]] == list(wrong)
    assert neighbours.asked == []


async def test_gaps_and_scores_of_a_running_stream_are_asked_for(customer: Any, neighbours: Any) -> None:
    stream = (await customer.submitted())["id"]
    gaps = (await customer.http.get(f"/v1/streams/{stream}/gaps")).json()["gaps"]
    assert gaps == [{"modality": "chat", "start_ms": 0, "end_ms": 4000, "code": "late", "reason": "It was late."}]
    scores = (await customer.http.get(f"/v1/streams/{stream}/scores")).json()
    assert scores == {"start_s": 0, "scores": [0.25, None, 0.75]}
    newest = (await customer.http.get(f"/v1/streams/{stream}/scores", params={"last_s": 2})).json()
    assert newest == {"start_s": 1, "scores": [None, 0.75]}


async def test_a_clip_of_what_may_still_change_is_asked_for(customer: Any, neighbours: Any) -> None:
    answer = await customer.http.post("/v1/highlights/hl_1/clip")
    assert (answer.status_code, answer.json()["state"], answer.json()["clip_url"]) == (202, "provisional", None)
    assert neighbours.asked[-1][:2] == ("POST", "/internal/highlights/hl_1/clip")
    neighbours.refusal = (409, {"code": "highlight_withdrawn", "detail": "The highlight was taken back."})
    refused(await customer.http.post("/v1/highlights/hl_1/clip"), 409, "highlight_withdrawn")


async def test_a_neighbours_problem_is_passed_on_but_not_one_between_services(customer: Any, neighbours: Any) -> None:
    neighbours.refusal = (404, {"code": "highlight_not_found", "detail": "There is no highlight of this id."})
    refused(await customer.http.get("/v1/highlights/hl_1"), 404, "highlight_not_found")
    for status in (401, 403, 500):
        neighbours.refusal = (status, {"code": "invalid_token", "detail": "Send a valid internal token."})
        refused(await customer.http.get("/v1/highlights/hl_1"), 503, "temporarily_unavailable")


async def test_an_id_is_an_id_and_never_a_way_into_another_address(customer: Any, neighbours: Any) -> None:
    for odd in ("%00", "..%2Forganization", "hl_1%3Flimit=1", "hl_1%23x", "x" * 65):
        answer = await customer.http.get(f"/v1/highlights/{odd}")
        assert answer.status_code in {404, 422}
        assert answer.headers["content-type"] == "application/problem+json"
    assert neighbours.asked == []


async def test_a_neighbour_that_failed_a_few_times_is_not_asked_and_others_are(gateways: Any, neighbours: Any) -> None:
    client = gateways.clients[0]
    _, client.headers = await gateways.registers("paused")
    neighbours.refusal = (503, {"code": "temporarily_unavailable", "detail": "The database is away."})
    for _ in range(5):
        refused(await client.get("/v1/highlights/hl_1"), 503, "temporarily_unavailable")
    neighbours.refusal = None
    neighbours.asked.clear()
    answer = await client.get("/v1/highlights/hl_1")
    refused(answer, 503, "temporarily_unavailable")
    assert (neighbours.asked, 1 <= int(answer.headers["retry-after"]) <= 5) == ([], True)
    assert (await client.get("/v1/webhook-endpoints")).status_code == 200
