"""Chat and signals that customers send: taken, published in the stream's lane, refused where they do not belong."""

from collections.abc import Callable
from typing import Any

from tldr_contracts.topics import INPUTS
from tldr_testing import refused
from tldr_testing.hosting import Hosted

TAKING = {"source": {"kind": "rtmp"}, "chat": {"kind": "push"}, "signals": ["external.kills"]}


async def test_pushed_chat_and_signals_are_published(gateway: Hosted, customer: Any) -> None:
    recorder = await gateway.recorder(INPUTS)
    stream = (await customer.http.post("/v1/streams", json=TAKING)).json()["id"]
    messages = [
        {"id": "1", "at": "2026-01-31T20:15:00.250Z", "author": "ann", "text": "Pog wow", "emotes": ["Pog"]},
        {"id": "2", "offset_ms": 4000, "text": "☃"},
        {"id": "1", "deleted": True},
    ]
    answer = await customer.http.post(f"/v1/streams/{stream}/chat", json={"messages": messages})
    assert (answer.status_code, answer.json()) == (202, {"messages": 2, "deleted": 1})
    samples = [{"name": "kills", "offset_ms": 1000, "value": value} for value in (1, 2.5)]
    answer = await customer.http.post(f"/v1/streams/{stream}/signals", json={"samples": samples})
    assert (answer.status_code, answer.json()) == (202, {"samples": 1, "replaced": 1})
    told = await recorder.until(stream, "signals_pushed")
    (chat,), (signals,) = told.of_kind("chat_pushed"), told.of_kind("signals_pushed")
    assert [(one.id, one.wall_ms, one.stream_ms, one.deleted) for one in chat.messages] == [
        ("1", 1_769_890_500_250, 0, False),
        ("2", 0, 4000, False),
        ("1", 0, 0, True),
    ]
    assert (chat.messages[0].author, list(chat.messages[0].emotes), chat.messages[1].text) == ("ann", ["Pog"], "☃")
    assert chat.received_ms > 1_769_889_600_000
    assert [(one.signal, one.stream_ms, one.value) for one in signals.samples] == [("external.kills", 1000, 2.5)]
    assert len({event.lane for event in told.events}) == 1


async def test_what_does_not_belong_into_a_stream_is_refused(customer: Any, new_customer: Callable[[], Any]) -> None:
    chat, sample = (
        {"messages": [{"id": "1", "offset_ms": 0, "text": "hi"}]},
        {"name": "gold", "offset_ms": 0, "value": 1},
    )
    plain = (await customer.submitted())["id"]
    refused(await customer.http.post(f"/v1/streams/{plain}/chat", json=chat), 409, "chat_not_pushed")
    signals = {"samples": [sample]}
    refused(await customer.http.post(f"/v1/streams/{plain}/signals", json=signals), 409, "signals_not_declared")
    taking = (await customer.http.post("/v1/streams", json=TAKING)).json()["id"]
    path = f"/v1/streams/{taking}/signals"
    undeclared = await customer.http.post(path, json=signals)
    refused(undeclared, 409, "signals_not_declared")
    assert "external.kills" in undeclared.json()["detail"]
    misspelt = {"messages": [{**chat["messages"][0], "badges": ["mod"]}]}
    refused(await customer.http.post(f"/v1/streams/{taking}/chat", json=misspelt), 422, "invalid_request")
    many = {"messages": [{"id": str(number), "offset_ms": 0, "text": "hi"} for number in range(1001)]}
    refused(await customer.http.post(f"/v1/streams/{taking}/chat", json=many), 422, "invalid_request")
    large = {"messages": [{"id": "1", "offset_ms": 0, "text": "x" * 1_048_576}]}
    refused(await customer.http.post(f"/v1/streams/{taking}/chat", json=large), 413, "body_too_large")
    other = await new_customer()
    refused(await other.http.post(f"/v1/streams/{taking}/chat", json=chat), 404, "stream_not_found")
    refused(await other.http.post(path, json=signals), 404, "stream_not_found")
    await customer.http.post(f"/v1/streams/{taking}/cancel")
    refused(await customer.http.post(f"/v1/streams/{taking}/chat", json=chat), 409, "stream_over")


async def test_who_sends_too_fast_is_told_how_long_to_wait(customer: Any) -> None:
    stream = (await customer.http.post("/v1/streams", json=TAKING)).json()["id"]
    chat = {"messages": [{"id": str(number), "offset_ms": 0, "text": "hi"} for number in range(1000)]}
    for _ in range(30):
        answer = await customer.http.post(f"/v1/streams/{stream}/chat", json=chat)
        if answer.status_code != 202:
            break
    refused(answer, 429, "too_fast")
    assert int(answer.headers["retry-after"]) >= 1


async def test_a_key_that_may_only_read_sends_nothing(customer: Any) -> None:
    stream = (await customer.http.post("/v1/streams", json=TAKING)).json()["id"]
    wanted = {"name": "reader", "scopes": ["streams:read"]}
    key = (await customer.http.post("/v1/api-keys", json=wanted)).json()["key"]
    header = {"authorization": f"Bearer {key}"}
    for path, body in (
        ("chat", {"messages": [{"id": "1", "offset_ms": 0, "text": "hi"}]}),
        ("signals", {"samples": [{"name": "kills", "offset_ms": 0, "value": 1}]}),
        ("stream-key", {}),
    ):
        answer = await customer.http.post(f"/v1/streams/{stream}/{path}", json=body, headers=header)
        refused(answer, 403, "missing_scope")
