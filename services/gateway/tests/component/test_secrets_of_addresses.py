"""A secret in an address is sealed at the door: it is found in no row, message, answer or log."""

from typing import Any

import httpx
import pytest

from tldr.common.v1 import common_pb2
from tldr.highlights.v1 import highlights_pb2
from tldr_contracts.topics import STREAMS
from tldr_secrets import Sealer
from tldr_testing import Hosted, eventually
from tldr_testing.contents import everything_in
from tldr_testing.hosting import SEALING_KEY

SECRETS = ("ann_4711", "secret_4711", "hush_4711")
URL = "https://ann_4711:secret_4711@example.com/final.mp4?token=hush_4711"
ENDPOINT = {"id": "whe_1", "description": "", "types": [], "enabled": True, "created_at": "2026-11-23T12:00:00Z"}


async def test_a_secret_in_an_address_is_found_nowhere(
    customer: Any, gateway: Hosted, capfd: pytest.CaptureFixture[str]
) -> None:
    topic = await gateway.recorder(STREAMS)
    headers = {"idempotency-key": "once"}
    wanted = {"source": {"url": URL}, "chat": {"url": URL}}
    made = await customer.http.post("/v1/streams", json=wanted, headers=headers)
    stream = made.raise_for_status().json()["id"]
    failure = common_pb2.Failure(code="unreadable", reason=f"{URL} could not be read.")
    settled = highlights_pb2.StreamSettled(stream_id=stream, run_id="run_1", attempt=1, failure=failure)
    settled.gaps.add(modality=common_pb2.MODALITY_CHAT, code="lost", reason=f"{URL} was lost.")
    event = highlights_pb2.HighlightEvent(settled=settled)
    await gateway.publish(event, organization=customer.organization, subject=stream)

    async def ended() -> httpx.Response | None:
        found: httpx.Response = await customer.http.get(f"/v1/streams/{stream}")
        return found if found.json()["state"] == "failed" else None

    answer = await eventually(ended)
    assert answer.json()["failure"]["reason"] == "https://example.com/final.mp4?… could not be read."
    told = await topic.until(stream, "failed")
    answers = [made.text, answer.text]
    for path in ("events", "gaps", "runs"):
        answers.append((await customer.http.get(f"/v1/streams/{stream}/{path}")).text)
    rows, log = await everything_in(gateway.database), capfd.readouterr()
    (requested,) = told.of_kind("requested")
    assert Sealer(SEALING_KEY).open(requested.source.address.sealed) == URL
    assert requested.source.address.sealed in rows
    for said in (rows, f"{answers}", f"{log}", f"{[event.message.SerializeToString() for event in told.events]!r}"):
        assert not [secret for secret in SECRETS if secret in said]


async def test_the_address_of_an_endpoint_is_shown_whole_only_to_whom_set_it(
    customer: Any, neighbours: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = {**ENDPOINT, "url": URL}
    monkeypatch.setitem(neighbours.answers, "/endpoints", {"endpoints": [shown], **shown, "secret": "whsec_x"})
    made = await customer.http.post("/v1/webhook-endpoints", json={"url": URL})
    assert made.json()["url"] == URL
    listed = (await customer.http.get("/v1/webhook-endpoints")).json()
    assert [endpoint["url"] for endpoint in listed["endpoints"]] == ["https://example.com/final.mp4?…"]
