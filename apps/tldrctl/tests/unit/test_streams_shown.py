"""`tldrctl stream show`, and the commands' choice of a mesh: what became of a stream's chat, and what to give."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

from tldrctl.chat_report import chat_lines
from tldrctl.main import app
from tldrctl.options import instant
from tldrctl.stream_report import show_stream

ROWS = {"messages": 0, "unreadable": 0, "impossible": 0, "before_start": 0, "after_end": 0, "crowded": 0, "other": 0}
GAP = {
    "modality": "video",
    "start_ms": 10_000,
    "end_ms": 20_000,
    "code": "not_media",
    "reason": "A segment is damaged.",
}


def chat(**words: Any) -> dict[str, Any]:
    return {"ended": True, "format": "csv", "rows": ROWS, "notes": [], "failure": None, **words}


@pytest.mark.parametrize(
    ("told", "lines"),
    [
        (None, []),
        (chat(rows=None, format=None, ended=False), ["chat: not read yet"]),
        (chat(rows={**ROWS, "messages": 3}), ["chat: 3 messages within the recording, read as CSV"]),
        (
            chat(rows={**ROWS, "messages": 3, "unreadable": 1, "after_end": 2}, format="live-chat"),
            [
                "chat: 3 messages within the recording, read as yt-dlp's live_chat.json; "
                "of the other rows 1 could not be read, 2 were written after its end"
            ],
        ),
        (
            chat(
                rows=None,
                format=None,
                notes=[{"code": "chat_crowded", "reason": "Too many."}],
                failure={"code": "chat_too_large", "reason": "The file is too large."},
            ),
            ["chat: not read", "chat: Too many. (chat_crowded)", "chat: The file is too large. (chat_too_large)"],
        ),
    ],
)
def test_what_became_of_a_chat_is_said(told: dict[str, Any] | None, lines: list[str]) -> None:
    assert list(chat_lines(told)) == lines


@pytest.mark.parametrize("state", ["completed", "failed"])
def test_what_is_missing_is_shown_also_of_a_stream_that_failed(state: str, capsys: pytest.CaptureFixture[str]) -> None:
    failure = {"code": "unreadable", "reason": "No picture."} if state == "failed" else None
    show_stream({"state": state, "failure": failure, "duration_ms": 60_000, "chat": chat()}, [], [GAP])
    shown = " ".join(capsys.readouterr().out.split())
    assert "missing video 10–20 s: A segment is damaged. (not_media)" in shown
    assert ("failed: No picture. (unreadable)" if failure else "completed: 0 highlights in 60.0 s") in shown


@pytest.mark.parametrize("command", [["explain", "hl_1"], ["stream", "show", "str_1"], ["rescore", "str_1"]])
def test_a_mesh_elsewhere_needs_a_key_and_one_here_its_folder(command: list[str], tmp_path: Path) -> None:
    elsewhere = CliRunner().invoke(app, [*command, "--url", "http://127.0.0.1:9"], env={"TLDR_API_KEY": ""})
    assert (elsewhere.exit_code, "needs an API key" in elsewhere.output) == (2, True)
    here = CliRunner().invoke(app, [*command, "--folder", str(tmp_path / "nowhere")])
    assert (here.exit_code, "there is no mesh in" in here.output) == (2, True)


def test_a_start_is_an_instant() -> None:
    assert instant("2026-01-31T21:15:00+01:00") == datetime(2026, 1, 31, 20, 15, tzinfo=UTC)
    for unclear in ("2026-01-31T20:15:00", "20:15", "yesterday"):
        with pytest.raises(typer.BadParameter):
            instant(unclear)
