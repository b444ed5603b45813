"""MediaMTX asks who may publish, in the form in which it does, and is told no more than that."""

from collections.abc import Collection
from hashlib import sha256
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from tldr_contracts.ids import StreamId
from tldr_ingest.adapters.push.read_back import ReadBack
from tldr_ingest.application.push.admit_publisher import AdmitPublisher
from tldr_ingest.domain.push.attempts import WrongKeys
from tldr_ingest.entrypoints.rtmp_auth import rtmp_auth

KEY, SECRET = "live_5ecret", "of-the-hook"


class Keys:
    async def stream_of(self, digest: bytes) -> StreamId | None:
        return StreamId("str_1") if digest == sha256(KEY.encode()).digest() else None

    async def valid(self, digests: Collection[bytes]) -> Collection[bytes]:
        return digests

    async def open_streams(self, streams: Collection[StreamId]) -> Collection[StreamId]:
        return streams


def asking(secret: str = SECRET, shown: str | None = SECRET, at_once: int = 10) -> httpx.AsyncClient:
    app = FastAPI()
    app.include_router(rtmp_auth(AdmitPublisher(Keys(), WrongKeys(at_once)), secret))
    auth = ("mediamtx", shown) if shown is not None else None
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://ingest", auth=auth)


def question(**changes: Any) -> dict[str, Any]:
    """As MediaMTX 1.20 sends it for an encoder that publishes by RTMP."""
    usual = {
        "user": "",
        "password": "",
        "token": "",
        "ip": "192.0.2.1",
        "action": "publish",
        "path": "live/str_1",
        "protocol": "rtmp",
        "id": "5a1f3f1e-8d9e-4d0a-9a43-3ee6b7d1c1a0",
        "query": f"key={KEY}",
        "userAgent": "FMLE/3.0",
    }
    return {**usual, **changes}


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({}, 200),
        ({"query": "", "password": KEY, "protocol": "srt"}, 200),
        ({"query": "", "token": KEY, "protocol": "webrtc"}, 200),
        ({"query": "key=live_guess"}, 401),
        ({"query": ""}, 401),
        ({"path": "live/str_2"}, 401),
        ({"path": f"live/{KEY}", "query": ""}, 401),
        ({"path": f"live/{KEY}"}, 401),
        ({"path": "str_1"}, 401),
        ({"path": "live/"}, 401),
        ({"action": "read"}, 401),
        ({"action": "read", "password": KEY}, 401),
        ({"action": "read", "protocol": "hls", "user": "ingest", "password": SECRET, "query": ""}, 200),
        ({"action": "api", "password": SECRET}, 401),
        ({"path": "x" * 2000}, 422),
    ],
)
async def test_only_the_key_lets_a_publisher_in_and_only_we_read(changes: dict[str, str], status: int) -> None:
    async with asking() as client:
        answer = await client.post("/internal/rtmp/auth", json=question(**changes))
    assert answer.status_code == status
    assert KEY not in answer.text


@pytest.mark.parametrize(("secret", "shown"), [(SECRET, "wrong"), ("", ""), (SECRET, "")])
async def test_who_does_not_know_the_secret_is_told_nothing(secret: str, shown: str) -> None:
    async with asking(secret, shown) as client:
        assert (await client.post("/internal/rtmp/auth", json=question())).status_code == 401


@pytest.mark.parametrize("authorization", ["", "Bearer x", "Basic", "Basic ///", "Basic /w=="])
async def test_what_is_no_password_is_none(authorization: str) -> None:
    async with asking(shown=None) as client:
        headers = {"authorization": authorization}
        assert (await client.post("/internal/rtmp/auth", json=question(), headers=headers)).status_code == 401


async def test_guesses_are_limited_by_the_address_that_mediamtx_names() -> None:
    async with asking(at_once=2) as client:
        for number in range(3):
            await client.post("/internal/rtmp/auth", json=question(query=f"key=guess{number}"))
        assert (await client.post("/internal/rtmp/auth", json=question())).status_code == 401
        other = question(ip="192.0.2.2")
        assert (await client.post("/internal/rtmp/auth", json=other)).status_code == 200


def test_a_pushed_stream_is_read_back_where_the_template_says() -> None:
    assert ReadBack("").playlist(StreamId("str_1")) is None
    back = ReadBack("http://ingest:secret@mediamtx:8888/live/{stream}/index.m3u8")
    assert back.playlist(StreamId("str_1")) == "http://ingest:secret@mediamtx:8888/live/str_1/index.m3u8"
    assert "secret" not in repr(back)
