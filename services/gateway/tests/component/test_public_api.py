"""The public API as a whole: its figures, its addresses, what it refuses by name, its presets."""

from typing import Any

import httpx
import pytest

from tldr_contracts.webhooks import WEBHOOK_TYPES
from tldr_testing import Hosted, refused


async def test_the_gateway_has_metrics_though_it_has_no_jobs(gateway: Hosted) -> None:
    async with httpx.AsyncClient(base_url=gateway.url, trust_env=False) as client:
        answer = await client.get("/metrics")
    assert answer.status_code == 200
    assert "tldr_outbox_pending" in answer.text
    assert 'tldr_bus_connected{group="gateway.tldr.ingestions.v1"}' in answer.text


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
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET, HEAD, POST")


async def test_presets_are_shown_with_their_dimensions(customer: Any) -> None:
    presets = (await customer.http.get("/v1/presets")).json()["presets"]
    assert [preset["name"] for preset in presets] == ["corporate", "education", "gaming", "sports"]
    for preset in presets:
        assert sum(dimension["weight"] for dimension in preset["dimensions"]) == pytest.approx(1)
        assert preset["types"]


async def test_the_document_describes_each_webhook(customer: Any) -> None:
    document = (await customer.http.get("/openapi.json")).json()
    schemas = document["components"]["schemas"]
    kinds = {}
    for name, webhook in document["webhooks"].items():
        message = webhook["post"]["requestBody"]["content"]["application/json"]["schema"]["$ref"].rpartition("/")[2]
        kinds[name] = schemas[message]["properties"]["type"]["const"]
    assert kinds == {name: name for name in WEBHOOK_TYPES}
    assert schemas["EndpointRequest"]["properties"]["types"]["items"]["enum"] == list(WEBHOOK_TYPES)
    assert (await customer.http.post("/highlight.ready", json={})).status_code == 404, "receivers answer those"
