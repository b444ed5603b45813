"""Settings of pushed streams that cannot be are refused at the start."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from tldr_ingest.adapters.push.feed import push_settings
from tldr_ingest.application.stream_record import LiveSettings
from tldr_ingest.domain.push.following import PushSettings
from tldr_ingest.push_settings import PushInputSettings


@pytest.mark.parametrize(
    ("listen", "address"),
    [("127.0.0.1:1935", ("127.0.0.1", 1935)), ("[::1]:0", ("::1", 0)), ("", None)],
)
def test_an_address_to_listen_at(listen: str, address: object) -> None:
    assert PushInputSettings(rtmp_listen=listen).address == address


@pytest.mark.parametrize(
    "wrong", [{"rtmp_listen": "1935"}, {"rtmp_listen": "x:99999"}, {"push_read_back": "http://m/x"}]
)
def test_what_cannot_be_is_refused(wrong: dict[str, str]) -> None:
    with pytest.raises(ValidationError):
        PushInputSettings(**wrong)  # type: ignore[arg-type]


def test_a_certificate_that_is_not_there_is_no_plain_port(tmp_path: Path) -> None:
    assert PushInputSettings().tls() is None
    with pytest.raises(OSError, match="No such file"):
        PushInputSettings(rtmp_certificate=tmp_path / "none.pem").tls()


def test_a_stream_is_followed_as_it_was_asked_for() -> None:
    assert push_settings(LiveSettings(), 60_000) == PushSettings()
    asked = push_settings(LiveSettings(wait_until_live_ms=1, ends_after_silence_ms=2), 3)
    assert asked == PushSettings(never_came_ms=1, ends_after_silence_ms=2, grace_ms=3)
