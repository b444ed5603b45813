"""What a demuxer may open besides the source itself."""

from __future__ import annotations

from typing import Any

import pytest

from tldr_outbound import AddressPolicy, AddressRefused, GuardedOpener, ReadingLimits, RefusingOpener, SourceNotFound
from tldr_outbound.errors import RequestNotUnderstood

NESTED = [
    "file:///etc/passwd",
    "/etc/passwd",
    "crypto+http://127.0.0.1/k",
    "data:,a",
    "concat:a|b",
    "http://10.0.0.1/a",
]


@pytest.mark.parametrize("url", NESTED)
def test_a_nested_request_to_anything_but_public_http_is_refused(url: str) -> None:
    opener = GuardedOpener(AddressPolicy(allow_loopback=True))
    with pytest.raises(AddressRefused):
        opener(url, 1, {})
    assert isinstance(opener.failure, AddressRefused)


def test_nothing_is_opened_for_writing() -> None:
    with pytest.raises(AddressRefused):
        GuardedOpener(AddressPolicy())("http://example.com/", 2, {})


def test_a_nested_request_reads_through_the_guard(server: Any) -> None:
    server.routes["/a"] = lambda exchange: exchange.answer_range(b"segment")
    server.routes["/b"] = lambda exchange: exchange.answer(404)
    opener = GuardedOpener(AddressPolicy(allow_loopback=True), ReadingLimits(attempts=1))
    with opener(server.url("/a"), 1, {"headers": "ignored"}) as source:
        assert source.read(100) == b"segment"
    assert opener.failure is None
    with pytest.raises(SourceNotFound):
        opener(server.url("/b"), 1, {})
    assert isinstance(opener.failure, SourceNotFound)


def test_a_range_that_is_asked_for_is_all_that_is_read(server: Any) -> None:
    server.routes["/a"] = lambda exchange: exchange.answer_range(b"0123456789")
    opener = GuardedOpener(AddressPolicy(allow_loopback=True))
    with opener(server.url("/a"), 1, {"offset": "2", "end_offset": "5"}) as part:
        assert part.read(100) == b"234"


def test_an_option_that_is_not_understood_is_refused_by_name(server: Any) -> None:
    server.routes["/a"] = lambda exchange: exchange.answer_range(b"0123456789")
    opener = GuardedOpener(AddressPolicy(allow_loopback=True))
    with pytest.raises(RequestNotUnderstood, match="every_other_byte"):
        opener(server.url("/a"), 1, {"user_agent": "ignored", "every_other_byte": "1"})
    assert isinstance(opener.failure, RequestNotUnderstood)


@pytest.mark.parametrize("url", ["http://example.com/a.ts", "file:///etc/passwd"])
def test_an_uploaded_file_leads_nowhere(url: str) -> None:
    with pytest.raises(AddressRefused):
        RefusingOpener()(url, 1, {})


def test_relative_addresses_are_resolved_against_where_redirects_ended(server: Any) -> None:
    server.routes["/a"] = lambda exchange: exchange.redirect("/elsewhere/b")
    server.routes["/elsewhere/b"] = lambda exchange: exchange.answer_range(b"x")
    with GuardedOpener(AddressPolicy(allow_loopback=True))(server.url("/a"), 1, {}) as source:
        assert source.name == server.url("/elsewhere/b")
