"""All seven services on embedded servers, used as a customer would."""

import secrets
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from tldr_client import ApiProblem, Client, register
from tldr_mesh.mesh import Mesh, running_mesh
from tldrctl.demo.broadcast import Broadcast
from tldrctl.playing import plays
from tldrctl.receiver import webhook_receiver
from tldrctl.recording import Request, follow, submit


@pytest_asyncio.fixture(scope="session")
async def mesh(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Mesh]:
    """One mesh for all tests here."""
    async with running_mesh(tmp_path_factory.mktemp("mesh"), allow_loopback=True) as running:
        yield running


@pytest_asyncio.fixture
async def customer(mesh: Mesh) -> AsyncIterator[Client]:
    """A client of a fresh organization."""
    made = await register(mesh.url, name="Test", email=f"{secrets.token_hex(8)}@example.com")
    async with Client(mesh.url, made.api_key) as client:
        yield client


async def test_a_recording_with_chat_becomes_highlights_with_clips_and_verified_webhooks(
    customer: Client, broadcast: Broadcast
) -> None:
    async with webhook_receiver() as receiver:
        endpoint = await customer.call("POST", "/v1/webhook-endpoints", {"url": receiver.url})
        stream = await submit(customer, Request(broadcast.video, broadcast.chat))
        seen: list[str] = []
        outcome = await follow(customer, stream, lambda now: seen.append(now["state"]))
        assert outcome.stream["state"] == "completed", outcome.stream["failure"]
        count = len(outcome.highlights)
        assert await receiver.wait_for(endpoint["secret"], stream, highlights=count, limit_s=20)
        messages, unverified = receiver.verified(endpoint["secret"])

    assert len(outcome.highlights) >= 2
    assert all(found["state"] == "final" and found["reason"] for found in outcome.highlights)
    assert set(outcome.clips) == {found["id"] for found in outcome.highlights}
    assert all(plays(outcome.clips[found["id"]], found["end_ms"] - found["start_ms"]) for found in outcome.highlights)
    assert unverified == 0
    kinds = [message["type"] for message in messages.values()]
    assert kinds.count("highlight.ready") == len(outcome.highlights)
    assert kinds.count("stream.completed") == 1
    for found in outcome.highlights:
        assert sum(part["amount"] for part in found["contributions"]) == pytest.approx(found["score"], abs=1e-9)


async def test_a_stream_shows_its_history(customer: Client, broadcast: Broadcast) -> None:
    stream = await submit(customer, Request(broadcast.video, broadcast.chat))
    await follow(customer, stream, lambda _: None)
    history = await customer.call("GET", f"/v1/streams/{stream}/events")
    applied = [(event["before"], event["after"]) for event in history["events"] if event["applied"]]
    assert applied == [("pending", "pending"), ("pending", "processing"), ("processing", "completed")]


async def test_another_organization_sees_nothing(mesh: Mesh, customer: Client, broadcast: Broadcast) -> None:
    stream = await submit(customer, Request(broadcast.video))
    outcome = await follow(customer, stream, lambda _: None)
    stranger_account = await register(mesh.url, name="Other", email=f"{secrets.token_hex(8)}@example.com")
    async with Client(mesh.url, stranger_account.api_key) as stranger:
        paths = [f"/v1/streams/{stream}", f"/v1/streams/{stream}/highlights", f"/v1/streams/{stream}/gaps"]
        paths += [f"/v1/highlights/{found['id']}" for found in outcome.highlights]
        for path in paths:
            with pytest.raises(ApiProblem) as refused:
                await stranger.call("GET", path)
            assert refused.value.status == 404
        assert (await stranger.call("GET", "/v1/streams"))["streams"] == []


async def test_what_is_not_a_recording_fails_with_a_reason(customer: Client, tmp_path: Path) -> None:
    rubbish = tmp_path / "rubbish.mp4"
    rubbish.write_bytes(b"this is not a video\n" * 500)
    stream = await submit(customer, Request(rubbish))
    outcome = await follow(customer, stream, lambda _: None)
    assert outcome.stream["state"] == "failed"
    assert outcome.stream["failure"]["reason"]


async def test_a_chat_of_the_wrong_kind_is_a_gap_and_the_stream_goes_on(
    customer: Client, broadcast: Broadcast, tmp_path: Path
) -> None:
    rubbish = tmp_path / "chat.json"
    rubbish.write_text('{"not": "a chat"}')
    stream = await submit(customer, Request(broadcast.video, rubbish))
    outcome = await follow(customer, stream, lambda _: None)
    assert outcome.stream["state"] == "completed"
    assert [gap["modality"] for gap in outcome.gaps] == ["chat"]
    assert outcome.gaps[0]["reason"]


@pytest.mark.parametrize("address", ["http://169.254.169.254/latest/meta-data", "http://10.0.0.1/video.mp4"])
async def test_an_address_inside_is_refused(customer: Client, address: str) -> None:
    stream = await customer.submit({"source": {"url": address}})
    outcome = await follow(customer, stream["id"], lambda _: None)
    assert outcome.stream["failure"]["code"] == "address_refused"


async def test_a_cancelled_stream_stays_cancelled(customer: Client, broadcast: Broadcast) -> None:
    stream = await submit(customer, Request(broadcast.video, broadcast.chat))
    await customer.call("POST", f"/v1/streams/{stream}/cancel")
    assert (await customer.stream(stream))["state"] == "cancelled"
    later = await submit(customer, Request(broadcast.video))
    assert (await follow(customer, later, lambda _: None)).stream["state"] == "completed"
    assert (await customer.stream(stream))["state"] == "cancelled"
