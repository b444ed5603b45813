"""`tldrctl resolve` says what would be read, and nothing that opens it."""

import json
from collections.abc import Iterator

import pytest
from typer.testing import CliRunner

from tldr_ingest.adapters.resolving.findings import Found
from tldr_ingest.application.live.resolving import NotLive
from tldr_ingest.application.ports import ReadingFailed
from tldr_streams.values import Failure
from tldr_testing.twitch_web import Channel, TwitchWeb
from tldrctl.main import app
from tldrctl.resolve_command import tell


@pytest.fixture
def twitch(monkeypatch: pytest.MonkeyPatch) -> Iterator[TwitchWeb]:
    monkeypatch.setenv("COLUMNS", "120")
    with TwitchWeb() as site:
        site.add(Channel("alice"))
        monkeypatch.setenv("TLDR_INGEST_SITES", json.dumps(site.sites))
        yield site


def test_a_live_page_is_shown_without_its_tokens(twitch: TwitchWeb) -> None:
    told = CliRunner().invoke(
        app, ["resolve", "https://www.twitch.tv/alice", "--allow-loopback", "--max-height", "500"]
    )
    assert told.exit_code == 0, told.output
    lines = {line.split()[0]: line for line in told.output.splitlines() if line.strip()}
    assert "streamlink" in lines["found"]
    assert "yes" in lines["live"]
    assert "41375541868" in lines["broadcast"]
    assert "alice" in lines["chat"]
    assert "another 20.0 h" in lines["holds"]
    (read,) = [line for line in told.output.splitlines() if "read" in line.split()]
    assert "852x480" in read
    secrets = [value for request in twitch.asked for name, value in request.query.items() if name in ("sig", "token")]
    assert secrets
    assert not [secret for secret in secrets if secret in told.output]


class _Failing:
    def __init__(self, error: Exception) -> None:
        self.error = error

    async def examine(self, url: str, *, max_height: int) -> Found:
        raise self.error


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (NotLive(Failure("source_not_live", "Nothing now.")), "not live: Nothing now. (source_not_live)"),
        (
            ReadingFailed(Failure("site_refused", "It says no."), passing=True),
            "not resolved: It says no. (site_refused) Another try may help.",
        ),
    ],
)
async def test_what_is_not_known_says_why_and_ends_with_one(
    error: Exception, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert await tell(_Failing(error), "https://www.twitch.tv/bob", 720) == 1
    assert words in capsys.readouterr().out


@pytest.mark.parametrize(
    ("address", "code", "words"),
    [
        ("https://example.com/live.m3u8", 0, "read as it is"),
        ("http://10.0.0.1/live.m3u8", 1, "(address_refused)"),
        ("https://www.youtube.com/results", 1, "(page_not_supported)"),
    ],
)
def test_no_site_is_asked_about_what_is_no_page(address: str, code: int, words: str) -> None:
    told = CliRunner().invoke(app, ["resolve", address])
    assert (told.exit_code, words in told.output) == (code, True)
