"""Highlights are edited, trimmed, deleted and exported, and verdicts listed, as a customer asks for it."""

import csv
import io
from typing import Any

import pytest

from tldr_testing import refused


async def test_a_change_goes_to_the_store_with_the_tag_that_was_seen(customer: Any, neighbours: Any) -> None:
    seen = (await customer.http.get("/v1/highlights/hl_1")).headers["etag"]
    assert seen == '"5eed"'
    held = {"if-match": seen}
    changed = await customer.http.patch(
        "/v1/highlights/hl_1", json={"title": " Header ", "tags": ["cup"]}, headers=held
    )
    assert (changed.status_code, changed.headers["etag"]) == (200, seen)
    assert neighbours.asked[-1] == ("PATCH", "/internal/highlights/hl_1", {"if_match": seen})
    trimmed = await customer.http.post(
        "/v1/highlights/hl_1/trim", json={"start_ms": 1000, "end_ms": 3000}, headers=held
    )
    assert (trimmed.status_code, neighbours.asked[-1][:2]) == (202, ("POST", "/internal/highlights/hl_1/trim"))
    assert (await customer.http.delete("/v1/highlights/hl_1")).status_code == 204
    assert neighbours.asked[-1] == ("DELETE", "/internal/highlights/hl_1", {})
    neighbours.refusal = (412, {"code": "precondition_failed", "detail": "Read it again."})
    refused(await customer.http.patch("/v1/highlights/hl_1", json={}, headers=held), 412, "precondition_failed")


@pytest.mark.parametrize(
    ("method", "path", "wanted"),
    [
        ("PATCH", "", {"title": ""}),
        ("PATCH", "", {"score": 1}),
        ("PATCH", "", {"tags": [" "]}),
        ("POST", "/trim", {"start_ms": 0, "end_ms": 999}),
        ("POST", "/trim", {"start_ms": 0, "end_ms": 600_001}),
        ("POST", "/trim", {"start_ms": "0", "end_ms": 5000}),
    ],
)
async def test_what_is_no_change_is_refused_before_anybody_is_asked(
    customer: Any, neighbours: Any, method: str, path: str, wanted: Any
) -> None:
    answer = await customer.http.request(method, f"/v1/highlights/hl_1{path}", json=wanted)
    refused(answer, 422, "invalid_request")
    assert neighbours.asked == []


async def test_an_export_holds_each_page_and_no_formula(customer: Any, neighbours: Any) -> None:
    (page,) = [neighbours.answers["/highlights"]]
    risky = {**page["highlights"][0], "title": "=HYPERLINK(1)", "tags": ["a", "b"]}
    neighbours.answers["/highlights"] = {"highlights": [risky, page["highlights"][0]], "next": None}
    asked = {"verdict": "none", "stream_id": "str_1"}
    answer = await customer.http.get("/v1/highlights/export", params=asked)
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    first, second = csv.DictReader(io.StringIO(answer.text, newline=""))
    assert (first["title"], first["tags"], first["score"], second["title"]) == (
        "'=HYPERLINK(1)",
        "a, b",
        "0.75",
        "Action picks up",
    )
    assert neighbours.asked[-1][2].items() >= {"verdict": "none", "stream": "str_1", "sort": "created_at"}.items()
    found = (await customer.http.get("/v1/highlights/export", params={**asked, "format": "json"})).json()
    assert [one["title"] for one in found["highlights"]] == ["=HYPERLINK(1)", "Action picks up"]
    neighbours.answers["/highlight-count"] = {"count": 50_001}
    refused(await customer.http.get("/v1/highlights/export"), 422, "export_too_large")


async def test_verdicts_are_listed_by_cursor(customer: Any, neighbours: Any) -> None:
    page = (await customer.http.get("/v1/verdicts", params={"verdict": "accepted"})).json()
    assert page["verdicts"] == [neighbours.answers["/verdict"]]
    asked = {"verdict": "accepted", "cursor": page["next_cursor"]}
    await customer.http.get("/v1/verdicts", params=asked)
    place = {"before": "2026-11-23T12:00:00Z", "before_id": "hl_1"}
    assert neighbours.asked[-1] == ("GET", "/internal/verdicts", {"verdict": "accepted", "limit": "50", **place})
    refused(await customer.http.get("/v1/verdicts", params={"cursor": page["next_cursor"]}), 422, "invalid_cursor")
