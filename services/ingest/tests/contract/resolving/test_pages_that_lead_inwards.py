"""Whatever a page or an answer names is opened by the guard or not at all."""

import subprocess
import sys
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

import pytest

from tldr_ingest.adapters.resolving.findings import Found
from tldr_ingest.adapters.resolving.resolver_process import ProcessSourceResolver
from tldr_ingest.adapters.resolving.sealed import Sealed
from tldr_ingest.adapters.resolving.task import PageTask, resolve_page
from tldr_ingest.application.ports import ReadingFailed
from tldr_ingest.domain.resolving.pages import page_of
from tldr_outbound import AddressPolicy
from tldr_processes import WorkerProcesses
from tldr_testing.kick_web import KickChannel
from tldr_testing.twitch_web import Channel
from tldr_testing.youtube_web import VideoState, YoutubeVideo

Look = Callable[..., Awaitable[Found]]
TWITCH, YOUTUBE, KICK = "https://www.twitch.tv/alice", "https://youtu.be/live_______", "https://kick.com/alice"


@pytest.fixture(autouse=True)
def shown(sites: Any) -> None:
    sites.twitch.add(Channel("alice"))
    sites.youtube.add(YoutubeVideo("live_______"), YoutubeVideo("recorded___", VideoState.RECORDED))
    sites.kick.add(KickChannel("alice"))


def _nothing(_: Any) -> None:
    """The address itself leads inwards."""


def _answer_of_twitch(sites: Any) -> None:
    sites.twitch.playlists_at = "https://10.0.0.1"


def _redirect_of_twitch(sites: Any) -> None:
    sites.twitch.redirects["/gql"] = "https://192.168.1.1/gql"


def _page_of_youtube(sites: Any) -> None:
    sites.youtube.redirects["/watch"] = "http://169.254.169.254/latest/meta-data"


def _answer_of_youtube(sites: Any) -> None:
    sites.youtube.playlists_at = "https://[fd00::1]"


def _playlist_of_youtube(sites: Any) -> None:
    sites.youtube.media_at = "https://10.0.0.1"


def _name_of_youtube(sites: Any) -> None:
    sites.youtube.playlists_at = "https://metadata.google.internal"


def _scheme_of_youtube(sites: Any) -> None:
    sites.youtube.redirects["/watch"] = "file:///etc/passwd"


def _answer_of_kick(sites: Any) -> None:
    sites.kick.playlists_at = "https://100.64.0.1"


@pytest.mark.parametrize(
    ("lead", "address"),
    [
        (_answer_of_twitch, TWITCH),
        (_redirect_of_twitch, TWITCH),
        (_page_of_youtube, YOUTUBE),
        (_answer_of_youtube, YOUTUBE),
        (_playlist_of_youtube, YOUTUBE),
        (_playlist_of_youtube, "https://youtu.be/recorded___"),
        (_name_of_youtube, YOUTUBE),
        (_answer_of_kick, KICK),
        (_nothing, "http://10.0.0.1/live.m3u8"),
        (_nothing, "hls://http://10.0.0.1/live.m3u8"),
        (_nothing, "httpstream://http://10.0.0.1/live.m3u8"),
        (_nothing, "file:///etc/passwd"),
    ],
)
async def test_no_step_leads_inwards(look: Look, sites: Any, lead: Callable[[Any], None], address: str) -> None:
    lead(sites)
    with pytest.raises(ReadingFailed) as caught:
        await look(address)
    assert (caught.value.failure.code, caught.value.passing) == ("address_refused", False)


async def test_a_page_that_leads_to_a_file_is_no_answer(look: Look, sites: Any) -> None:
    _scheme_of_youtube(sites)
    with pytest.raises(ReadingFailed) as caught:
        await look(YOUTUBE)
    assert caught.value.failure.code in ("address_refused", "resolver_broken")


@pytest.mark.parametrize("address", [TWITCH, YOUTUBE, KICK])
async def test_a_site_is_asked_under_the_policy_of_the_service(
    resolver: ProcessSourceResolver, sites: Any, address: str
) -> None:
    with pytest.raises(ReadingFailed) as caught:
        await replace(resolver, policy=AddressPolicy()).resolve(address, max_height=720)
    assert caught.value.failure.code == "address_refused"
    assert sites.asked == 0


async def test_an_address_that_is_no_page_is_its_own_answer(look: Look, sites: Any) -> None:
    found = await look("https://example.com/live.m3u8?token=x")
    assert (found.source.url, found.source.live) == ("https://example.com/live.m3u8?token=x", True)
    assert sites.asked == 0


async def test_nothing_of_this_machine_is_sent_to_any_site(look: Look, sites: Any) -> None:
    for address in (TWITCH, YOUTUBE, KICK):
        await look(address)
    asked = [*sites.twitch.asked, *sites.youtube.asked, *sites.kick.asked]
    assert not [request.path for request in asked if request.headers.keys() & {"authorization", "cookie"}]
    assert {request.headers["accept-encoding"] for request in asked} == {"identity"}


_AFTERWARDS = "[*work(task)] and __import__('subprocess').run(['/bin/true'])"


async def test_a_process_that_looks_at_a_page_is_sealed(processes: WorkerProcesses, sites: Any) -> None:
    page = page_of(TWITCH)
    assert page is not None
    task = PageTask(page, AddressPolicy(), 720, 0)
    with pytest.raises(Sealed, match="a program was to be started"):
        await processes.run(eval, _AFTERWARDS, {"work": resolve_page, "task": task})


_ATTEMPTS = """
import os, socket, subprocess, sys
from tldr_ingest.adapters.resolving.sealed import Sealed, seal, through_the_door
seal(programs=("/bin/true",) if "true" in sys.argv else ())
attempts = {
    "popen": lambda: subprocess.run(["/bin/echo"]),
    "permitted": lambda: subprocess.run(["/bin/true"], check=True),
    "shell": lambda: os.system("true"),
    "fork": lambda: os.fork() or os._exit(0),
    "exec": lambda: os.execv("/bin/true", ["true"]),
    "spawn": lambda: os.posix_spawn("/bin/echo", ["echo"], {}),
    "lookup": lambda: socket.getaddrinfo("localhost", 80),
    "lookup by name": lambda: socket.gethostbyname("localhost"),
    "connect": lambda: socket.socket().connect(("127.0.0.1", 9)),
    "datagram": lambda: socket.socket(type=socket.SOCK_DGRAM).sendto(b"x", ("127.0.0.1", 9)),
    "unix": lambda: socket.socket(socket.AF_UNIX).connect("/nowhere"),
    "write": lambda: open("/tmp/cache-of-a-library", "w"),
    "make": lambda: os.open("/tmp/cache-of-a-library", os.O_CREAT | os.O_RDWR),
    "read": lambda: open("/etc/hostname").read(),
}
for name, attempt in attempts.items():
    try:
        attempt()
    except Sealed:
        continue
    except OSError:
        pass
    print(name)
with through_the_door():
    socket.getaddrinfo("localhost", 80)
    print("through the door")
"""


@pytest.mark.parametrize(
    ("programs", "possible"),
    [
        ((), ["read", "through the door"]),
        (("true",), ["permitted", "read", "through the door"]),
    ],
)
def test_a_sealed_process_starts_nothing_and_reaches_nothing_past_the_door(
    programs: tuple[str, ...], possible: list[str]
) -> None:
    told = subprocess.run([sys.executable, "-c", _ATTEMPTS, *programs], capture_output=True, check=True, text=True)
    assert told.stdout.splitlines() == possible
