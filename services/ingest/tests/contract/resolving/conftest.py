"""Sites on loopback, and the resolver that asks them: its processes load the libraries once for all tests here."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import dataclass

import httpx
import pytest
import pytest_asyncio

from tldr_ingest.adapters.resolving.findings import Found
from tldr_ingest.adapters.resolving.resolver_process import ProcessSourceResolver, resolving_processes
from tldr_outbound import AddressPolicy
from tldr_processes import WorkerProcesses
from tldr_testing.kick_web import KickWeb
from tldr_testing.site_server import SiteServer
from tldr_testing.twitch_web import TwitchWeb
from tldr_testing.youtube_web import YoutubeWeb

NOW_S = 1_795_980_000


@dataclass(slots=True)
class Sites:
    """Three sites, each with its hosts."""

    twitch: TwitchWeb
    youtube: YoutubeWeb
    kick: KickWeb

    @property
    def asked(self) -> int:
        """How many requests reached any of them."""
        servers: tuple[SiteServer, ...] = (self.twitch, self.youtube, self.kick)
        return sum(len(server.asked) for server in servers)

    @property
    def addresses(self) -> dict[str, str]:
        """Where which host is played."""
        return {**self.twitch.sites, **self.youtube.sites, **self.kick.sites}


@pytest.fixture
def sites() -> Iterator[Sites]:
    with TwitchWeb() as twitch, YoutubeWeb() as youtube, KickWeb() as kick:
        yield Sites(twitch, youtube, kick)


@pytest_asyncio.fixture(scope="session")
async def processes(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[WorkerProcesses]:
    """They are started where proxies and passwords are set, and use none."""
    passwords = tmp_path_factory.mktemp("home") / "netrc"
    passwords.write_text("default login alice password secret\n")
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("NETRC", str(passwords))
        for name in ("http_proxy", "https_proxy", "all_proxy"):
            environment.setenv(name, "http://10.0.0.9:1")
            environment.setenv(name.upper(), "http://10.0.0.9:1")
        running = resolving_processes(memory_mb=192)
        await running.run(print, "")
    yield running
    await running.close()


@pytest.fixture
def resolver(processes: WorkerProcesses, sites: Sites) -> ProcessSourceResolver:
    policy = AddressPolicy(allow_loopback=True)
    return ProcessSourceResolver(processes, policy, lambda: NOW_S, sites=sites.addresses)


@pytest.fixture
def look(resolver: ProcessSourceResolver) -> Callable[..., Awaitable[Found]]:
    """`look(address)`: what a page comes to."""

    async def examine(address: str, max_height: int = 720) -> Found:
        return await resolver.examine(address, max_height=max_height)

    return examine


@pytest.fixture
def fetch() -> Callable[[str], Awaitable[str]]:
    """`fetch(address)`: what a reader would be answered."""

    async def text(address: str) -> str:
        async with httpx.AsyncClient(trust_env=False) as client:
            return (await client.get(address)).text

    return text
