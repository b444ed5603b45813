"""Both clients refuse at connect time, on every hop."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import httpx
import pytest

from tldr_outbound import (
    AddressPolicy,
    AddressRefused,
    DeadlineExceeded,
    OutboundLimits,
    ResponseTooLarge,
    SourceUnavailable,
    TooManyRedirects,
    exchange,
    guarded_async_client,
    guarded_client,
    resolve_by_system,
)

LOOPBACK = AddressPolicy(allow_loopback=True)
LIMITS = OutboundLimits(connect_s=1.0, read_s=0.3, total_s=1.0, max_redirects=3, max_bytes=1000)


class Rebinding:
    """Answers with another address each time, as a hostile name server does."""

    def __init__(self, *answers: str) -> None:
        self.answers = list(answers)
        self.asked: list[str] = []

    def __call__(self, host: str, port: int) -> Sequence[str]:
        self.asked.append(host)
        return [self.answers.pop(0)] if self.answers else []


async def _blocking(url: str, policy: AddressPolicy, resolver: Any = resolve_by_system) -> int:
    def run() -> int:
        with guarded_client(policy, LIMITS, resolver=resolver) as client:
            return client.get(url).status_code

    return await asyncio.to_thread(run)


async def _asynchronous(url: str, policy: AddressPolicy, resolver: Any = resolve_by_system) -> int:
    async with guarded_async_client(policy, LIMITS, resolver=resolver) as client:
        return (await client.get(url)).status_code


Fetch = Callable[..., Awaitable[int]]


@pytest.fixture(params=[_blocking, _asynchronous])
def fetch(request: pytest.FixtureRequest) -> Fetch:
    chosen: Fetch = request.param
    return chosen


async def test_an_allowed_address_is_opened(server: Any, fetch: Fetch) -> None:
    server.routes["/a"] = lambda exchange: exchange.answer(200, b"hello")
    assert await fetch(server.url("/a"), LOOPBACK) == 200


async def test_a_name_that_resolves_to_loopback_is_refused(server: Any, fetch: Fetch) -> None:
    with pytest.raises(AddressRefused):
        await fetch(f"http://localhost:{server.port}/a", AddressPolicy())
    assert server.seen == []


@pytest.mark.parametrize("host", ["2130706433", "0x7f000001", "127.1"])
async def test_a_number_in_an_odd_notation_is_refused(server: Any, fetch: Fetch, host: str) -> None:
    with pytest.raises((AddressRefused, httpx.HTTPError)):
        await fetch(f"http://{host}:{server.port}/a", AddressPolicy())
    assert server.seen == []


@pytest.mark.parametrize("target", ["http://169.254.169.254/latest", "http://10.0.0.1/", "http://[::ffff:7f00:1]/"])
async def test_a_redirect_to_a_refused_address_is_refused(server: Any, fetch: Fetch, target: str) -> None:
    server.routes["/a"] = lambda exchange: exchange.redirect(target)
    with pytest.raises(AddressRefused):
        await fetch(server.url("/a"), LOOPBACK)


async def test_a_redirect_to_a_file_is_refused(server: Any, fetch: Fetch) -> None:
    server.routes["/a"] = lambda exchange: exchange.redirect("file:///etc/passwd")
    with pytest.raises((AddressRefused, httpx.UnsupportedProtocol)):
        await fetch(server.url("/a"), LOOPBACK)


async def test_a_name_that_changes_its_address_after_the_check_is_refused(server: Any, fetch: Fetch) -> None:
    server.routes["/a"] = lambda exchange: exchange.redirect(f"http://rebound.test:{server.port}/b")
    resolver = Rebinding("127.0.0.1", "10.0.0.1")
    with pytest.raises(AddressRefused):
        await fetch(f"http://rebound.test.:{server.port}/a", LOOPBACK, resolver)
    assert len(resolver.asked) == 2
    assert [path for path, _, _ in server.seen] == ["/a"]


async def test_the_connection_goes_to_the_address_that_was_checked(server: Any, fetch: Fetch) -> None:
    server.routes["/a"] = lambda exchange: exchange.answer(200)
    resolver = Rebinding("127.0.0.1", "169.254.169.254")
    assert await fetch(f"http://media.test:{server.port}/a", LOOPBACK, resolver) == 200
    assert resolver.asked == ["media.test"]
    assert server.seen[0][2] == f"media.test:{server.port}"


async def test_a_circle_of_redirects_ends(server: Any, fetch: Fetch) -> None:
    server.routes["/a"] = lambda exchange: exchange.redirect("/a")
    with pytest.raises(httpx.TooManyRedirects):
        await fetch(server.url("/a"), LOOPBACK)
    assert len(server.seen) == LIMITS.max_redirects + 1


async def test_a_proxy_in_the_environment_is_ignored(
    server: Any, fetch: Fetch, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.routes["/a"] = lambda exchange: exchange.answer(200)
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    assert await fetch(server.url("/a"), LOOPBACK) == 200


async def test_an_exchange_says_what_the_server_said(server: Any) -> None:
    server.routes["/hook"] = lambda exchange: exchange.answer(500, b"no")
    async with guarded_async_client(LOOPBACK, LIMITS) as client:
        answer = await exchange(client, "POST", server.url("/hook"), content=b"{}", limits=LIMITS)
    assert (answer.status, answer.body, answer.truncated) == (500, b"no", False)


async def test_a_long_answer_is_refused_or_cut(server: Any) -> None:
    server.routes["/long"] = lambda exchange: exchange.answer(200, b"x" * 5000)
    async with guarded_async_client(LOOPBACK, LIMITS) as client:
        with pytest.raises(ResponseTooLarge):
            await exchange(client, "GET", server.url("/long"), limits=LIMITS)
        cut = await exchange(client, "GET", server.url("/long"), limits=LIMITS, cut_body=True)
    assert (len(cut.body), cut.truncated) == (1000, True)


async def test_a_server_that_drips_bytes_is_cut_off(server: Any) -> None:
    def drip(request: Any) -> None:
        request.send_response(200)
        request.end_headers()
        while not server.stopping.wait(0.05):
            request.wfile.write(b".")
            request.wfile.flush()

    server.routes["/drip"] = drip
    async with guarded_async_client(LOOPBACK, LIMITS) as client:
        began = time.monotonic()
        with pytest.raises(DeadlineExceeded):
            await exchange(client, "GET", server.url("/drip"), limits=LIMITS)
    assert time.monotonic() - began < 3


async def test_failures_of_an_exchange_have_codes(server: Any) -> None:
    server.routes["/circle"] = lambda exchange: exchange.redirect("/circle")
    server.routes["/hang"] = lambda exchange: exchange.hang()
    async with guarded_async_client(LOOPBACK, LIMITS) as client:
        for url, kind in (
            (server.url("/circle"), TooManyRedirects),
            (server.url("/hang"), DeadlineExceeded),
            ("http://127.0.0.1:1/", SourceUnavailable),
            ("http://10.0.0.1/", AddressRefused),
        ):
            with pytest.raises(kind):
                await exchange(client, "GET", url, limits=LIMITS)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_a_redirect_that_is_not_followed_is_an_answer(server: Any, status: int) -> None:
    server.routes["/a"] = lambda exchange: exchange.answer(status, b"moved", location="/b")
    async with guarded_async_client(LOOPBACK, LIMITS, follow_redirects=False) as client:
        answer = await exchange(client, "POST", server.url("/a"), content=b"{}", limits=LIMITS, cut_body=True)
    assert (answer.status, answer.body) == (status, b"")


async def test_where_a_name_leads_is_not_told(fetch: Fetch) -> None:
    with pytest.raises(AddressRefused) as refused:
        await fetch("http://intern.example/a", AddressPolicy(), Rebinding("10.20.30.40"))
    assert "10.20.30.40" not in str(refused.value)
    assert "intern.example leads to an address that is not public" in str(refused.value)
