"""All seven services on embedded servers, used as a customer would."""

from pathlib import Path

import pytest

from tldr_client import ApiProblem, Client
from tldrctl.demo.broadcast import Broadcast
from tldrctl.playing import plays
from tldrctl.receiver import Receiver
from tldrctl.recording import Outcome, Request, follow, submit


async def test_a_recording_with_chat_becomes_highlights_with_clips_and_verified_webhooks(
    finished: Outcome, receiver: Receiver
) -> None:
    found, count = finished.highlights, len(finished.highlights)
    assert count >= 2
    assert all(one["state"] == "final" and one["title"] and one["reason"] for one in found)
    assert set(finished.clips) == {one["id"] for one in found}
    assert all(plays(finished.clips[one["id"]], one["end_ms"] - one["start_ms"]) for one in found)
    for one in found:
        assert sum(part["amount"] for part in one["contributions"]) == pytest.approx(one["score"], abs=1e-9)

    assert await receiver.wait_for(finished.stream["id"], highlights=count, limit_s=20)
    assert receiver.unverified == 0
    kinds = [message["type"] for message in receiver.messages.values()]
    assert kinds.count("highlight.ready") == count
    assert kinds.count("stream.completed") == 1


async def test_a_stream_shows_its_history(owner: Client, finished: Outcome) -> None:
    history = await owner.call("GET", f"/v1/streams/{finished.stream['id']}/events")
    applied = [(event["before"], event["after"]) for event in history["events"] if event["applied"]]
    assert applied == [("pending", "pending"), ("pending", "processing"), ("processing", "completed")]


async def test_another_organization_sees_nothing(customer: Client, owner: Client, finished: Outcome) -> None:
    stream = f"/v1/streams/{finished.stream['id']}"
    (run, *_) = await owner.runs(finished.stream["id"])
    paths = [stream, f"{stream}/highlights", f"{stream}/gaps", f"{stream}/runs", f"{stream}/runs/{run['id']}"]
    asked: list[tuple[str, str, dict[str, str] | None]] = [("GET", path, None) for path in paths]
    asked += [("POST", f"{stream}/rescores", {})]
    for highlight in (f"/v1/highlights/{found['id']}" for found in finished.highlights):
        await owner.call("PUT", f"{highlight}/verdict", {"verdict": "accepted"})
        asked += [("GET", path, None) for path in (highlight, f"{highlight}/explanation", f"{highlight}/verdict")]
        asked += [("PUT", f"{highlight}/verdict", {"verdict": "rejected"}), ("DELETE", f"{highlight}/verdict", None)]
    for method, path, body in asked:
        with pytest.raises(ApiProblem) as refused:
            await customer.call(method, path, body)
        assert refused.value.status == 404, (method, path)
    assert (await customer.call("GET", "/v1/streams"))["streams"] == []
    assert (await customer.verdicts())["dimension_sets"] == []


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
