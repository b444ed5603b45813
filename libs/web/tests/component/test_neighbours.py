"""Questions to a neighbour that hangs, breaks off or says it cannot."""

import asyncio
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import httpx
import pytest
import pytest_asyncio

from tldr_web import InternalClient, InternalTokens, UpstreamUnavailable

_SECRET = "a secret of thirty-two characters"
_OK = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}"


@dataclass
class Service:
    """Answers with these bytes, or not at all."""

    answer: bytes = _OK
    hangs: bool = False
    asked: int = 0
    url: str = ""
    ended: asyncio.Event = field(default_factory=asyncio.Event)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while await reader.readuntil(b"\r\n\r\n"):
                self.asked += 1
                if self.hangs:
                    await self.ended.wait()
                writer.write(self.answer)
        except asyncio.IncompleteReadError:
            pass
        finally:
            writer.close()


@pytest_asyncio.fixture
async def services() -> AsyncIterator[tuple[Service, Service]]:
    """Two of them."""
    found = Service(), Service()
    servers = []
    for service in found:
        server = await asyncio.start_server(service.serve, "127.0.0.1", 0)
        service.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        servers.append(server)
    yield found
    for service, server in zip(found, servers, strict=True):
        service.ended.set()
        server.close()


@pytest_asyncio.fixture
async def client(services: tuple[Service, Service]) -> AsyncIterator[InternalClient]:
    addresses = {"one": services[0], "other": services[1]}
    made = InternalClient("test", InternalTokens(_SECRET), lambda name: addresses[name].url)
    yield made
    await made.close()


async def ask(client: InternalClient, service: str = "one", answer_s: float = 5.0) -> httpx.Response:
    return await client.request(service, "org_1", "GET", "/", answer_s=answer_s)


async def test_once_a_neighbour_hung_a_few_times_nobody_waits_for_it_and_others_are_asked(
    client: InternalClient, services: tuple[Service, Service]
) -> None:
    one, _ = services
    one.hangs = True
    many = await asyncio.gather(*(ask(client, answer_s=0.2) for _ in range(5)), return_exceptions=True)
    assert [type(answer) for answer in many] == [UpstreamUnavailable] * 5
    begun, asked = time.monotonic(), one.asked
    with pytest.raises(UpstreamUnavailable) as unavailable:
        await ask(client, answer_s=30)
    assert time.monotonic() - begun < 1
    assert (one.asked, 0 < unavailable.value.retry_after_s <= 5) == (asked, True)
    assert (await ask(client, "other")).status_code == 200


@pytest.mark.parametrize("status", [b"502 Bad Gateway", b"503 Service Unavailable", b"504 Gateway Timeout"])
async def test_who_says_that_it_cannot_is_not_asked_either(
    client: InternalClient, services: tuple[Service, Service], status: bytes
) -> None:
    services[0].answer = b"HTTP/1.1 " + status + b"\r\ncontent-length: 0\r\n\r\n"
    for _ in range(8):
        with pytest.raises(UpstreamUnavailable):
            await ask(client)
    assert services[0].asked == 5


async def test_an_error_about_one_question_keeps_nobody_from_asking(
    client: InternalClient, services: tuple[Service, Service]
) -> None:
    services[0].answer = b"HTTP/1.1 500 Internal Server Error\r\ncontent-length: 0\r\n\r\n"
    for _ in range(8):
        with pytest.raises(UpstreamUnavailable):
            await ask(client)
    services[0].answer = _OK
    assert (await ask(client)).status_code == 200


async def test_an_answer_that_trickles_is_not_waited_for(
    client: InternalClient, services: tuple[Service, Service]
) -> None:
    services[0].answer = b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{"
    with pytest.raises(UpstreamUnavailable):
        await ask(client, answer_s=0.2)
