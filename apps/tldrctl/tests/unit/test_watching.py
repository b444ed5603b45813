"""What `tldrctl watch` asks for and shows, and the chat that the live demo speaks."""

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from tldrctl.live.broadcasting import Line, lines_of
from tldrctl.live.followed import Followed
from tldrctl.live.watching import score_line
from tldrctl.main import app
from tldrctl.watch_command import WatchRequest

PAGE = "https://www.twitch.tv/somebody"


@pytest.mark.parametrize(
    ("request_", "source", "chat"),
    [
        (WatchRequest(PAGE), {"kind": "live", "url": PAGE}, None),
        (
            WatchRequest(PAGE, wait_s=60, from_start=True, max_height=480),
            {"kind": "live", "url": PAGE, "wait_until_live_s": 60, "from_start": True, "max_height": 480},
            None,
        ),
        (WatchRequest(chat="none"), {"kind": "rtmp"}, {"kind": "none"}),
        (WatchRequest(chat="twitch:room"), {"kind": "rtmp"}, {"kind": "twitch", "channel": "room"}),
        (WatchRequest(chat="youtube:abcdefghijk"), {"kind": "rtmp"}, {"kind": "youtube", "video": "abcdefghijk"}),
    ],
)
def test_what_is_asked_of_the_api(request_: WatchRequest, source: Any, chat: Any) -> None:
    body = request_.body()
    assert body["source"] == source
    assert body.get("chat") == chat


@pytest.mark.parametrize("arguments", [["watch"], ["watch", PAGE, "--rtmp"]], ids=["nothing", "both"])
def test_an_address_or_an_encoder_has_to_be_given(arguments: list[str]) -> None:
    result = CliRunner().invoke(app, arguments)
    assert result.exit_code == 2
    assert "give an address, or --rtmp" in result.output


def test_the_line_of_score_shows_the_newest_seconds_and_how_far_behind_they_are() -> None:
    followed = Followed(state="live", progress={"edge_lag_s": 2.4})
    line = score_line(followed, [None, 0.0, 0.5, 1.0, None], 90)
    assert line.startswith("live          1:35.0 ")
    assert line.endswith(" ▄█  1.00  2 s behind")


def test_the_chat_of_the_demo_is_spoken_in_its_order(tmp_path: Path) -> None:
    entries = [
        {"time_in_seconds": at, "author": {"name": author}, "message": text}
        for at, author, text in ((1.25, "ann", "hi"), (2.0, "bob", "GOAL"))
    ]
    chat = tmp_path / "chat.json"
    chat.write_text(json.dumps(entries), encoding="utf-8")
    assert lines_of(chat) == [Line(1250, "ann", "hi"), Line(2000, "bob", "GOAL")]
