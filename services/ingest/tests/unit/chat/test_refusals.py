"""Files that only look like replays, and what reading may take."""

from __future__ import annotations

import gzip
import io
import tracemalloc
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tldr_ingest.adapters.chat.chat_text import unpacked
from tldr_ingest.domain.chat.message import ChatFormat
from tldr_ingest.domain.errors import ChatTooLarge, NotAChatReplay


def test_a_gzip_bomb_is_refused_after_what_a_chat_may_have() -> None:

    with pytest.raises(ChatTooLarge):
        unpacked(io.BytesIO(gzip.compress(bytes(30 << 20))), 4 << 20)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"hello\nworld\n",
        b"name,age\nAnn,3\n",
        b"{}",
        b'{"a": 1}',
        b"[1, 2, 3]",
        b"[[1]]",
        b'"text"',
        b"%PDF-1.7",
        b"\x00\x00\x00\x18ftypmp42" + bytes(1000),
        b'{"comments": 5}',
        b'[{"a": 1}]',
        b"{" * 5000,
        b"[" * 100_000,
        b'{"unfinished": ',
        b"x" * 300_000,
    ],
    ids=range(16),
)
def test_a_file_of_another_kind_is_refused(content: bytes, read: Any) -> None:
    with pytest.raises(NotAChatReplay) as caught:
        read(content)
    assert caught.value.sentence.startswith("The file is not a chat replay: expected ")


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"<!DOCTYPE html><html></html>", "HTML"),
        (b"[0:01:02] Ann: hello\n[0:01:03] Bob: hi\n", "plain text"),
        (b"[2026-01-31 20:00:00 UTC] Ann: hello\n", "plain text"),
        (b"PK\x03\x04rest", "ZIP"),
    ],
)
def test_exports_that_cannot_be_read_are_refused_by_name(content: bytes, kind: str, read: Any) -> None:
    with pytest.raises(NotAChatReplay, match=kind):
        read(content)


def test_a_named_format_that_is_not_the_files_is_refused(read: Any, twitch: Any, comment: Any) -> None:
    with pytest.raises(NotAChatReplay, match="CSV"):
        read(twitch(comment(1, "a")), format=ChatFormat.CSV)
    with pytest.raises(NotAChatReplay, match="TwitchDownloader"):
        read(b"time,text\n1,a\n", format=ChatFormat.TWITCH_DOWNLOADER)


@pytest.mark.parametrize("content", [b'{"video": {"start": 0}, "comments": []}', b"[]", b"time,author,text\n"])
def test_a_replay_in_which_nobody_wrote_can_be_read(content: bytes, read: Any) -> None:
    assert read(content)[0] == []


BOMBS = {
    "endless line": b"time,text\n1," + b"x" * (3 << 20),
    "endless head": b"x" * (3 << 20),
    "endless string": b'[{"message": "' + b"x" * (3 << 20),
    "endless number": b'[{"time_in_seconds": ' + b"1" * (3 << 20),
    "many small values": b'[{"a": [' + b"[]," * (1 << 22),
    "deep": b'{"a": ' * (1 << 20),
    "deep list": b"[" * (2 << 20),
    "endless line of lines": b'{"time_in_seconds": 1, "message": "a"}\n{' + b'"a":' * (2 << 20),
    "open quotes": b"time,text\n" + b'1,"x\n' * 20_000,
}


@pytest.mark.parametrize("bomb", BOMBS)
def test_a_bomb_is_refused_or_read_in_little_memory(bomb: str, read: Any) -> None:
    content = BOMBS[bomb]
    tracemalloc.start()
    try:
        with pytest.raises(NotAChatReplay) if bomb != "open quotes" else _nothing():
            read(content, media_ms=60_000)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < len(content) + (120 << 20)


@contextmanager
def _nothing() -> Iterator[None]:
    yield


def test_memory_does_not_grow_with_the_length_of_a_chat(opened: Any) -> None:
    def peak(rows: int) -> int:
        content = b"time,text\n" + b"".join(b"%d,message\n" % (n // 50) for n in range(rows))
        tracemalloc.start()
        with opened(content) as replay:
            tracemalloc.reset_peak()
            assert sum(1 for _ in replay) == rows
            found = tracemalloc.get_traced_memory()[1] - len(content)
        tracemalloc.stop()
        return found

    assert peak(20_000) < peak(6_000) + (1 << 20)


@settings(max_examples=60, deadline=None)
@given(content=st.binary(max_size=400))
def test_any_bytes_give_messages_or_a_typed_refusal(content: bytes, read: Any) -> None:
    for prefix in (b"", b"[", b'{"comments": [', b"time,text\n", b'{"message": "a"}\n', b"sep=;\ntime;text\n1;"):
        try:
            messages, counts, _ = read(prefix + content, media_ms=60_000)
        except NotAChatReplay:
            continue
        assert len(messages) == counts.messages
