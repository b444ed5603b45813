"""The reader behaves as a file over servers good and bad."""

from __future__ import annotations

import os
import random
import time
from typing import Any

import pytest

from tldr_outbound import (
    AddressPolicy,
    AddressRefused,
    DeadlineExceeded,
    GuardedOpener,
    GuardedReader,
    ReadingLimits,
    SourceNotFound,
    SourceUnavailable,
    TooManyRedirects,
)

LOOPBACK = AddressPolicy(allow_loopback=True)
LIMITS = ReadingLimits(connect_s=1.0, read_s=0.2, stall_s=0.6, max_redirects=3, attempts=3, backoff_s=0.01)
BODY = random.Random(1).randbytes(3_000_001)


def reader(url: str, **settings: Any) -> GuardedReader:
    return GuardedReader(url, **{"policy": LOOPBACK, "limits": LIMITS, **settings})


def test_it_reads_what_the_server_has(server: Any) -> None:
    server.routes["/a"] = lambda exchange: exchange.answer_range(BODY)
    with reader(server.url("/a")) as source:
        assert source.seekable()
        assert source.size == len(BODY)
        assert source.readall() == BODY
        assert source.read(10) == b""
    assert len(server.seen) == 1


def test_it_reads_any_place_as_a_file_does(server: Any) -> None:
    server.routes["/a"] = lambda exchange: exchange.answer_range(BODY)
    draw = random.Random(2)
    with reader(server.url("/a")) as source:
        for _ in range(60):
            at, size = draw.randrange(len(BODY)), draw.randrange(1, 5000)
            assert source.seek(at) == at
            found = source.read(size)
            assert found == BODY[at : at + len(found)]
            assert found
        assert source.seek(-5, os.SEEK_END) == len(BODY) - 5
        assert source.read(100) == BODY[-5:]
        assert source.tell() == len(BODY)


def test_going_to_and_fro_within_what_was_read_asks_nothing(server: Any) -> None:
    server.routes["/a"] = lambda exchange: exchange.answer_range(BODY)
    with reader(server.url("/a")) as source:
        for at in (0, 400_000, 100, 700_000, 5, 600_000):
            source.seek(at)
            source.read(1000)
    assert len(server.seen) == 1


def test_a_dropped_connection_is_taken_up_where_it_broke(server: Any) -> None:
    server.routes["/a"] = lambda exchange: exchange.answer_range(BODY, drop_after=700_000)
    with reader(server.url("/a")) as source:
        assert source.readall() == BODY
        assert source.failure is None
    # The range asked for again begins where the bytes that arrived end.
    assert len(server.seen) >= 4


def test_every_byte_of_a_dropped_connection_counts(server: Any) -> None:
    server.routes["/a"] = lambda exchange: exchange.answer_range(BODY[:200_000], drop_after=9_000)
    with reader(server.url("/a")) as source:
        assert source.readall() == BODY[:200_000]
    assert len(server.seen) == 23


def test_a_connection_that_always_drops_ends(server: Any) -> None:
    def broken(exchange: Any) -> None:
        exchange.answer_range(BODY, drop_after=1000 if exchange.headers["range"] == "bytes=0-" else 0)

    server.routes["/a"] = broken
    with reader(server.url("/a")) as source:
        with pytest.raises(SourceUnavailable):
            source.read(10)
        assert isinstance(source.failure, SourceUnavailable)


def test_without_ranges_it_reads_onwards_only(server: Any) -> None:
    server.routes["/a"] = lambda exchange: exchange.answer(200, BODY)
    with reader(server.url("/a")) as source:
        assert not source.seekable()
        assert source.readall() == BODY


def test_a_server_that_answers_the_whole_range_with_200_has_ranges_if_it_says_so(server: Any) -> None:
    def whole_or_part(exchange: Any) -> None:
        if exchange.headers["range"] == "bytes=0-":
            exchange.answer(200, BODY, accept_ranges="bytes")
        else:
            exchange.answer_range(BODY)

    server.routes["/a"] = whole_or_part
    with reader(server.url("/a")) as source:
        assert source.seekable()
        assert source.size == len(BODY)
        source.seek(-5, os.SEEK_END)
        assert source.read(5) == BODY[-5:]
        source.seek(10)
        assert source.read(10) == BODY[10:20]


def test_a_server_that_sends_ranges_with_200_is_taken_at_its_header(server: Any) -> None:
    def as_whole(exchange: Any) -> None:
        start = int(exchange.headers["range"].removeprefix("bytes=").removesuffix("-"))
        exchange.answer(200, BODY[start:], content_range=f"bytes {start}-{len(BODY) - 1}/{len(BODY)}")

    server.routes["/a"] = as_whole
    with reader(server.url("/a")) as source:
        assert source.seekable()
        source.seek(2_500_000)
        assert source.read(5) == BODY[2_500_000:2_500_005]
        source.seek(-5, os.SEEK_END)
        assert source.read(5) == BODY[-5:]


def test_without_ranges_a_dropped_connection_is_an_error(server: Any) -> None:
    def broken(exchange: Any) -> None:
        exchange.send_response(200)
        exchange.send_header("content-length", str(len(BODY)))
        exchange.end_headers()
        exchange.wfile.write(BODY[:1_000_000])
        exchange.close_connection = True

    server.routes["/a"] = broken
    with reader(server.url("/a")) as source:
        assert source.read(100) == BODY[:100]
        with pytest.raises(SourceUnavailable):
            source.readall()
        with pytest.raises(SourceUnavailable):
            source.read(100)


def test_an_empty_resource_is_empty(server: Any) -> None:
    server.routes["/a"] = lambda exchange: exchange.answer_range(b"")
    with reader(server.url("/a")) as source:
        assert source.size == 0
        assert source.read(10) == b""


@pytest.mark.parametrize("status", [401, 403, 404, 410])
def test_what_is_not_there_is_said_at_once(server: Any, status: int) -> None:
    server.routes["/a"] = lambda exchange: exchange.answer(status)
    with pytest.raises(SourceNotFound) as caught:
        reader(server.url("/a"))
    assert caught.value.status == status
    assert len(server.seen) == 1


def test_an_overloaded_server_is_asked_again(server: Any) -> None:
    def recovering(exchange: Any) -> None:
        if len(server.seen) < 3:
            exchange.answer(503)
        else:
            exchange.answer_range(BODY)

    server.routes["/a"] = recovering
    with reader(server.url("/a")) as source:
        assert source.read(4) == BODY[:4]


def test_a_server_that_never_answers_is_given_up(server: Any) -> None:
    server.routes["/a"] = lambda exchange: exchange.hang()
    began = time.monotonic()
    with pytest.raises(DeadlineExceeded):
        reader(server.url("/a"))
    assert time.monotonic() - began < 5


def test_a_server_that_drips_bytes_is_given_up(server: Any) -> None:
    def drip(exchange: Any) -> None:
        exchange.send_response(200)
        exchange.send_header("content-length", "100000")
        exchange.end_headers()
        while not server.stopping.wait(0.02):
            exchange.wfile.write(b".")
            exchange.wfile.flush()

    server.routes["/a"] = drip
    with reader(server.url("/a")) as source, pytest.raises(DeadlineExceeded):
        source.read(10)


def test_a_resource_that_changes_while_it_is_read_is_an_error(server: Any) -> None:
    def changing(exchange: Any) -> None:
        exchange.answer_range(BODY if len(server.seen) == 1 else BODY[:-7])

    server.routes["/a"] = changing
    with reader(server.url("/a")) as source:
        source.seek(2_900_000)
        with pytest.raises(SourceUnavailable):
            source.read(10)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({"etag": '"1"', "last_modified": "then"}, {"etag": '"2"', "last_modified": "then"}),
        ({"etag": '""', "last_modified": "then"}, {"etag": '""', "last_modified": "now"}),
        ({"last_modified": "then"}, {"last_modified": "now"}),
    ],
)
def test_another_version_of_the_same_size_is_never_mixed_in(
    server: Any, before: dict[str, str], after: dict[str, str]
) -> None:
    versions = iter([before])
    server.routes["/a"] = lambda exchange: exchange.answer_range(BODY, **next(versions, after))
    with reader(server.url("/a")) as source:
        source.read(100)
        source.seek(2_500_000)
        with pytest.raises(SourceUnavailable, match="changed"):
            source.read(100)


def test_one_version_may_say_another_time_as_long_as_its_tag_stays(server: Any) -> None:
    times = iter(["then"])
    server.routes["/a"] = lambda exchange: exchange.answer_range(BODY, etag='"1"', last_modified=next(times, "now"))
    with reader(server.url("/a")) as source:
        assert source.seek(2_500_000) == 2_500_000
        assert source.read(100) == BODY[2_500_000:2_500_100]


@pytest.mark.parametrize("target", ["http://10.0.0.1/a", "http://169.254.169.254/", "http://0.0.0.0/"])
def test_a_redirect_to_a_refused_address_is_refused(server: Any, target: str) -> None:
    server.routes["/a"] = lambda exchange: exchange.redirect(target)
    with pytest.raises(AddressRefused):
        reader(server.url("/a"))


def test_redirects_end(server: Any) -> None:
    server.routes["/a"] = lambda exchange: exchange.redirect("/a")
    with pytest.raises(TooManyRedirects):
        reader(server.url("/a"))


def test_a_redirect_is_followed(server: Any) -> None:
    server.routes["/a"] = lambda exchange: exchange.redirect("/b")
    server.routes["/b"] = lambda exchange: exchange.answer_range(BODY)
    with reader(server.url("/a")) as source:
        assert source.read(10) == BODY[:10]


def test_the_body_of_a_redirect_is_not_read(server: Any) -> None:
    def flood(exchange: Any) -> None:
        exchange.send_response(302)
        exchange.send_header("location", "/b")
        exchange.end_headers()
        while not server.stopping.is_set():
            exchange.wfile.write(bytes(1 << 16))

    server.routes["/a"] = flood
    server.routes["/b"] = lambda exchange: exchange.answer_range(BODY)
    with reader(server.url("/a")) as source:
        assert source.read(10) == BODY[:10]


def test_a_name_that_is_rebound_between_two_reads_is_refused(server: Any) -> None:
    server.routes["/a"] = lambda exchange: exchange.answer_range(BODY)
    answers = ["127.0.0.1", "192.168.0.1"]
    url = f"http://media.test:{server.port}/a"
    with reader(url, resolver=lambda host, port: [answers.pop(0)]) as source:
        source.read(10)
        source.seek(2_900_000)
        with pytest.raises(AddressRefused):
            source.read(10)
        assert isinstance(source.failure, AddressRefused)


def test_headers_of_a_player_go_with_each_request(server: Any) -> None:
    seen: list[tuple[str, str | None]] = []

    def answer(exchange: Any) -> None:
        seen.append((exchange.headers["user-agent"], exchange.headers["referer"]))
        exchange.answer_range(BODY)

    server.routes["/a"] = answer
    player = {"user-agent": "a player", "referer": "https://player.example"}
    with reader(server.url("/a"), headers=player) as source:
        source.seek(2_500_000)
        source.read(10)
    with GuardedOpener(LOOPBACK, LIMITS, headers=player)(server.url("/a"), 0, {}) as nested:
        nested.read(10)
    with reader(server.url("/a")) as plain:
        plain.read(10)
    assert seen == [("a player", "https://player.example")] * 3 + [("tldr-highlights", None)]
