"""`tldrctl chat` reads a live chat as the service does."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from typer.testing import CliRunner

from tldr_standins.irc_server import IrcServer, irc_server
from tldrctl.main import app


@contextmanager
def served() -> Iterator[IrcServer]:
    """A double of Twitch's chat in which somebody writes all the time, on a loop of its own."""
    ready, over, found = threading.Event(), threading.Event(), list[IrcServer]()

    async def serve() -> None:
        async with irc_server() as server:
            found.append(server)
            server.missing.add("nobody")
            ready.set()
            while not over.is_set():
                server.say("room", "secret words")
                await asyncio.sleep(0.02)

    thread = threading.Thread(target=lambda: asyncio.run(serve()))
    thread.start()
    ready.wait(10)
    yield found[0]
    over.set()
    thread.join()


@pytest.fixture
def twitch(monkeypatch: pytest.MonkeyPatch) -> Iterator[IrcServer]:
    monkeypatch.setenv("COLUMNS", "160")
    with served() as server:
        monkeypatch.setenv("TLDR_INGEST_TWITCH_IRC", server.url)
        monkeypatch.setenv("TLDR_INGEST_LIVE_CHAT_WINDOW_S", "1")
        monkeypatch.setenv("TLDR_INGEST_LIVE_CHAT_GRACE_S", "0")
        yield server


def test_windows_are_shown_without_anybodys_words(twitch: IrcServer) -> None:
    told = CliRunner().invoke(app, ["chat", "twitch", "room", "--seconds", "3", "--allow-loopback"])
    assert told.exit_code == 0, told.output
    assert "missing" in told.output.splitlines()[0]
    assert " 1 voices" in told.output.splitlines()[1]
    assert "secret" not in told.output


@pytest.mark.parametrize(
    ("channel", "options", "code"),
    [("nobody", ["--allow-loopback"], "(chat_channel_not_found)"), ("room", [], "(address_refused)")],
)
def test_what_cannot_be_read_says_why(twitch: IrcServer, channel: str, options: list[str], code: str) -> None:
    told = CliRunner().invoke(app, ["chat", "twitch", channel, *options])
    assert (told.exit_code, code in told.output) == (1, True), told.output
