"""Chat files, written and read."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from tldr_ingest.adapters.chat.replay import ChatReplay, read_replay
from tldr_ingest.adapters.chat.spool import chat_spool
from tldr_ingest.domain.chat.message import ChatFormat, ChatMessage
from tldr_ingest.domain.chat.report import ChatCounts


@contextmanager
def _open(content: bytes | str, format: ChatFormat | None = None, **how: Any) -> Iterator[ChatReplay]:
    file = io.BytesIO(content.encode() if isinstance(content, str) else content)
    with chat_spool() as spool:
        yield read_replay(file, spool, format=format, **how)


def _read(content: bytes | str, **how: Any) -> tuple[list[ChatMessage], ChatCounts, list[str]]:
    with _open(content, **how) as replay:
        return list(replay), replay.counts, [note.code for note in replay.notes]


def _times(content: bytes | str, **how: Any) -> list[int]:
    return [message.at_ms for message in _read(content, **how)[0]]


def _twitch(*comments: Any, video: Any = None, first: dict[str, Any] | None = None) -> bytes:
    root = {**(first or {}), "FileInfo": {"Version": {"Major": 1}}, "streamer": {"name": "a"}}
    video = {"start": 0.0} if video is None else video
    return json.dumps({**root, "video": video, "comments": list(comments), "embeddedData": {"firstParty": []}}).encode()


def _comment(at: Any, body: str, author: str | None = "Ann", emotes: tuple[str, ...] = ()) -> dict[str, Any]:
    fragments = [{"text": word, "emoticon": {"emoticon_id": "1"} if word in emotes else None} for word in body.split()]
    return {
        "_id": "x",
        "content_offset_seconds": at,
        "commenter": author and {"display_name": author, "name": author.lower()},
        "message": {"body": body, "fragments": fragments, "user_badges": []},
    }


@pytest.fixture(scope="session")
def opened() -> Any:
    return _open


@pytest.fixture(scope="session")
def read() -> Any:
    return _read


@pytest.fixture(scope="session")
def times_of() -> Any:
    return _times


@pytest.fixture(scope="session")
def twitch() -> Any:
    return _twitch


@pytest.fixture(scope="session")
def comment() -> Any:
    return _comment
