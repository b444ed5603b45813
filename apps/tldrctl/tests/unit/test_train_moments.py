"""`tldrctl train moments` against an API that trains at once."""

import asyncio
import json
import re
from collections.abc import AsyncIterator
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from rich.console import Console
from typer.testing import CliRunner

from tldrctl.main import app
from tldrctl.mesh_client import MeshChoice
from tldrctl.training.own_scorer import train_own
from tldrctl.training.progress import scorer_progress

READY: dict[str, Any] = {
    "id": "scr_1",
    "name": "ours",
    "version": 3,
    "state": "ready",
    "active": False,
    "failure": None,
    "provenance": {
        "data": "5e" * 32,
        "streams": 6,
        "seconds": 7_200,
        "moments": 40,
        "created": "2026-11-23T12:00:00+00:00",
        "trained": {"AP": 74.5},
        "default": {"AP": 61.5},
        "libraries": {},
    },
    "progress": None,
    "left_out": {"too_much": 3, "no_signals": 1, "not_completed": 0},
}
TRAINING = {
    **READY,
    "state": "training",
    "provenance": None,
    "progress": {"step": "cross-validation", "share": 0.55},
    "left_out": None,
}
WAITING = {**TRAINING, "progress": {"step": "waiting", "share": 0.0}}
REFUSED = {
    **READY,
    "state": "refused",
    "provenance": None,
    "failure": {"code": "worse_than_default", "reason": "50.0 % and the default 61.5 %"},
    "left_out": None,
}


class Api:
    """Answers every question with one scorer, first with those `before` it, and remembers what it was asked."""

    def __init__(self) -> None:
        self.scorer = READY
        self.before: list[dict[str, Any]] = []
        self.status = "202 Accepted"
        self.asked: list[tuple[str, Any]] = []

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
        length = int(head.split("content-length: ")[1].split()[0]) if "content-length" in head else 0
        said = await reader.readexactly(length)
        self.asked.append((head.split(" http")[0], json.loads(said) if said else None))
        body = json.dumps(self.before.pop(0) if self.before else self.scorer).encode()
        writer.write(
            f"HTTP/1.1 {self.status}\r\ncontent-length: {len(body)}\r\nconnection: close\r\n\r\n".encode() + body
        )
        await writer.drain()
        writer.close()


@pytest_asyncio.fixture
async def api() -> AsyncIterator[tuple[str, Api]]:
    found = Api()
    async with await asyncio.start_server(found.answer, "127.0.0.1", 0) as server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", found


async def train(url: str, moments: Path | None = None, *, activate: bool = False, key: str = "tldr_key") -> int:
    return await train_own("ours", moments, MeshChoice(url, key), activate=activate)


async def test_moments_of_a_file_are_learned_from_and_the_figures_shown(
    api: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "moments.csv"
    file.write_text("start_ms,end_ms,stream_id\n1000,9000,str_b\n2000,9000,str_a\n20000,29000,str_b\n")
    assert await train(api[0], file) == 0
    assert api[1].asked[0] == (
        "post /v1/scorers",
        {
            "name": "ours",
            "streams": ["str_b", "str_a"],
            "moments": [
                {"stream_id": "str_b", "start_ms": 1000, "end_ms": 9000},
                {"stream_id": "str_a", "start_ms": 2000, "end_ms": 9000},
                {"stream_id": "str_b", "start_ms": 20000, "end_ms": 29000},
            ],
        },
    )
    shown = capsys.readouterr().out
    assert "74.5" in shown
    assert "61.5" in shown
    assert shown.splitlines()[-1] == "scr_1: ours, version 3"
    assert "Streams left out: 3 beyond what is enough, 1 without kept signals\n" in shown


@pytest.mark.parametrize(
    ("scorers", "step", "share"),
    [
        ([WAITING], "waiting", "0%"),
        ([WAITING, TRAINING], "cross-validation", "55%"),
        ([TRAINING, READY], "cross-validation", "100%"),
        ([TRAINING, REFUSED], "cross-validation", "55%"),
    ],
)
def test_a_bar_shows_how_far_the_training_is(scorers: list[dict[str, Any]], step: str, share: str) -> None:
    screen = StringIO()
    with scorer_progress(Console(file=screen, force_terminal=True, width=100)) as show:
        for scorer in scorers:
            show(scorer)
    last = screen.getvalue().rsplit("\r", 1)[-1]
    assert step in last
    assert re.findall(r"\d+%", last) == [share]


async def test_a_scorer_is_waited_for_while_it_is_in_training(api: Any) -> None:
    api[1].before = [WAITING, TRAINING]
    assert await train(api[0]) == 0
    assert [request for request, _ in api[1].asked] == ["post /v1/scorers", *["get /v1/scorers/scr_1"] * 2]


async def test_it_is_activated_where_that_was_asked_for(api: Any) -> None:
    assert await train(api[0], activate=True) == 0
    assert api[1].asked[0][1] == {"name": "ours", "from_verdicts": True}
    assert api[1].asked[-1][0] == "put /v1/scorers/scr_1/active"


async def test_a_refused_scorer_exits_1_with_both_figures(api: Any, capsys: pytest.CaptureFixture[str]) -> None:
    api[1].scorer = REFUSED
    assert await train(api[0], activate=True) == 1
    assert "refused: 50.0 % and the default 61.5 % (worse_than_default)" in capsys.readouterr().out
    assert not any(request.startswith("put") for request, _ in api[1].asked)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("stream,from,to\n", "has no header with stream_id, start_ms, end_ms"),
        ("stream_id,start_ms,end_ms\nstr_1,0:30,0:40\n", "line 2: times are whole milliseconds"),
        ("stream_id,start_ms,end_ms\nstr_1\n", "line 2: times are whole milliseconds"),
    ],
)
async def test_a_file_that_says_no_moments_exits_2(
    api: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str, sentence: str
) -> None:
    file = tmp_path / "moments.csv"
    file.write_text(text)
    assert await train(api[0], file) == 2
    assert sentence in capsys.readouterr().out
    assert api[1].asked == []


async def test_a_stream_that_is_not_there_exits_2(api: Any, capsys: pytest.CaptureFixture[str]) -> None:
    api[1].status, api[1].scorer = "404 Not Found", {"code": "stream_not_found", "detail": "There is no such stream."}
    assert await train(api[0]) == 2
    assert "train: There is no such stream. (404 stream_not_found)" in capsys.readouterr().out


@pytest.mark.parametrize("more", [[], ["--verdicts", "--moments", "moments.csv"]])
def test_one_of_verdicts_and_moments_is_needed(more: list[str]) -> None:
    result = CliRunner().invoke(app, ["train", "moments", "--name", "ours", *more])
    assert result.exit_code == 2
