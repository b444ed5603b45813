"""A feed is read across lost connections: each event once, in order, until the stream has ended."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest

from tldr_client import ApiProblem, Client, FeedEvent
from tldr_client import feed as module

Answer = Callable[[], httpx.Response]


def told(id: int | None, kind: str, **data: Any) -> bytes:
    number = f"id: {id}\n" if id is not None else ""
    return f"{number}event: {kind}\ndata: {json.dumps(data)}\n\n".encode()


class Breaking(httpx.AsyncByteStream):
    """Sends something, then the connection is lost."""

    def __init__(self, parts: Sequence[bytes], *, breaks: bool) -> None:
        self.parts, self.breaks = parts, breaks

    async def __aiter__(self) -> Any:
        for part in self.parts:
            yield part
        if self.breaks:
            raise httpx.ReadError("connection lost")


def stream(*parts: bytes, breaks: bool = False) -> Answer:
    return lambda: httpx.Response(200, stream=Breaking(parts, breaks=breaks))


def problem(status: int) -> Answer:
    return lambda: httpx.Response(status, json={"code": "said_no", "detail": "No."})


@dataclass
class Api:
    """Answers one after the other; keeps after which event it was asked."""

    answers: list[Answer]
    asked: list[str | None] = field(default_factory=list)

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request.headers.get("last-event-id"))
        return self.answers[min(len(self.asked), len(self.answers)) - 1]()


async def read(api: Api, **options: Any) -> list[FeedEvent]:
    async with Client("http://api.example.com", "key") as client:
        client._http = httpx.AsyncClient(base_url="http://api.example.com", transport=httpx.MockTransport(api))
        return [event async for event in client.feed("str_1", **options)]


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_FIRST_WAIT_S", 0.001)
    monkeypatch.setattr(module, "_LONGEST_WAIT_S", 0.001)


DONE = told(4, "state", state="completed")


async def test_events_are_read_until_the_stream_has_ended() -> None:
    api = Api([stream(b": still here\n\n", told(3, "gap", code="late"), told(None, "progress", read_until_ms=1), DONE)])
    assert await read(api) == [
        FeedEvent("gap", {"code": "late"}, 3),
        FeedEvent("progress", {"read_until_ms": 1}),
        FeedEvent("state", {"state": "completed"}, 4),
    ]
    assert api.asked == [None]


async def test_a_lost_connection_goes_on_behind_the_last_event() -> None:
    api = Api(
        [
            stream(told(1, "gap"), told(2, "gap"), b"id: 3\nevent: ga", breaks=True),
            problem(503),
            stream(told(3, "gap"), told(None, "reconnect", code="too_slow")),
            stream(),
            stream(DONE),
        ]
    )
    assert [event.id for event in await read(api)] == [1, 2, 3, 4]
    assert api.asked == [None, "2", "2", "3", "3"]


async def test_what_was_seen_before_is_said_at_once() -> None:
    api = Api([stream(DONE)])
    assert [event.id for event in await read(api, after=3)] == [4]
    assert api.asked == ["3"]


async def test_a_stream_whose_feed_was_seen_to_its_end_tells_nothing() -> None:
    assert await read(Api([lambda: httpx.Response(204)]), after=4) == []


async def test_a_refusal_is_raised_and_an_api_that_stays_away_is_not_waited_for_for_ever() -> None:
    with pytest.raises(ApiProblem, match="said_no"):
        await read(Api([problem(404)]))
    api = Api([problem(503)])
    with pytest.raises(ApiProblem):
        await read(api, patience_s=0.02)
    assert len(api.asked) > 1


async def test_pushes_are_sent_in_calls_that_the_api_takes() -> None:
    sent: list[int] = []

    def take(request: httpx.Request) -> httpx.Response:
        sent.append(len(json.loads(request.content)["messages"]))
        return httpx.Response(202, json={"messages": sent[-1], "deleted": 0})

    async with Client("http://api.example.com", "key") as client:
        client._http = httpx.AsyncClient(base_url="http://api.example.com", transport=httpx.MockTransport(take))
        await client.push_chat("str_1", [{"id": str(number)} for number in range(1201)])
        await client.push_chat("str_1", [])
    assert sent == [500, 500, 201]


async def test_a_live_stream_is_an_address_or_an_encoder() -> None:
    asked: list[Any] = []

    def take(request: httpx.Request) -> httpx.Response:
        asked.append(json.loads(request.content))
        return httpx.Response(201, json={"id": "str_1", "path": "/v1/streams/str_1/playlist.m3u8?token=t"})

    async with Client("http://api.example.com", "key") as client:
        client._http = httpx.AsyncClient(base_url="http://api.example.com", transport=httpx.MockTransport(take))
        await client.submit_live("https://example.com/a.m3u8", source={"from_start": True}, chat={"kind": "push"})
        await client.submit_live(title="OBS")
        url = await client.playlist_url("str_1", expires_in_s=60)
    assert asked == [
        {"source": {"kind": "live", "url": "https://example.com/a.m3u8", "from_start": True}, "chat": {"kind": "push"}},
        {"source": {"kind": "rtmp"}, "title": "OBS"},
        {"expires_in_s": 60},
    ]
    assert url == "http://api.example.com/v1/streams/str_1/playlist.m3u8?token=t"
