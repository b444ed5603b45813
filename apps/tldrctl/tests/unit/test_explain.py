"""What `tldrctl explain` says, and with which exit code."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio

from tldrctl.explain_command import explain_highlight, verdict
from tldrctl.mesh_client import MeshChoice

PART = {
    "signal": "chat.rate",
    "dimension": "hype",
    "value": 9.5,
    "baseline": 1.9,
    "normalised": 4.25,
    "amount": 0.7512345678901234,
}
HOLDS: dict[str, Any] = {
    "highlight_id": "hl_1",
    "peak_ms": 83_500,
    "title": "Chat goes wild",
    "reason": "Chat five times as fast.",
    "settled": True,
    "recorded_score": 0.7512345678901234,
    "recomputed_score": 0.7512345678901234,
    "deviation": 0.0,
    "holds": True,
    "contributions": [PART],
    "tampered": [],
}
TAMPERED = {
    **HOLDS,
    "deviation": None,
    "holds": False,
    "tampered": [
        {"signal": "chat.hype", "what": "was changed after the run"},
        {"signal": "marks", "what": "is missing"},
    ],
}
RUNNING = {**HOLDS, "settled": False, "holds": None}
UNKNOWN = {"status": 404, "code": "highlight_not_found", "detail": "There is no highlight of this id."}


@pytest_asyncio.fixture
async def api() -> AsyncIterator[tuple[str, dict[str, Any]]]:
    """An API that knows these highlights, and its address."""
    known: dict[str, Any] = {"hl_1": HOLDS, "hl_2": TAMPERED, "hl_3": RUNNING}

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        request = (await reader.readuntil(b"\r\n\r\n")).decode()
        found = known.get(request.split("/")[3])
        body = json.dumps(found or UNKNOWN).encode()
        status = "200 OK" if found else "404 Not Found"
        writer.write(f"HTTP/1.1 {status}\r\ncontent-length: {len(body)}\r\nconnection: close\r\n\r\n".encode() + body)
        await writer.drain()
        writer.close()

    async with await asyncio.start_server(answer, "127.0.0.1", 0) as server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", known


async def _explain(url: str, highlight: str, *, as_json: bool = False, key: str = "tldr_key") -> int:
    return await explain_highlight(highlight, MeshChoice(url, key), as_json=as_json)


async def test_a_score_that_holds_is_shown_with_its_parts(api: Any, capsys: pytest.CaptureFixture[str]) -> None:
    assert await _explain(api[0], "hl_1") == 0
    shown = capsys.readouterr().out
    assert "1:23.5  Chat goes wild. Chat five times as fast." in shown
    assert "score recorded 0.751234567890, recomputed 0.751234567890, deviation 0.0e+00" in shown
    for figure in ("chat.rate", "hype", "9.5", "1.9", "+4.25", "+0.7512"):
        assert figure in shown
    assert shown.splitlines()[-1] == "holds"


@pytest.mark.parametrize(
    ("highlight", "code", "last"),
    [
        ("hl_2", 1, "does not hold: chat.hype was changed after the run, marks is missing"),
        ("hl_3", 1, "not settled: the run has not completed, and its signals may still change"),
        ("hl_4", 2, "explain: There is no highlight of this id."),
        ("../organization", 2, "explain: give a highlight's id, as the API and `tldrctl process` show it"),
    ],
)
async def test_the_last_line_and_the_exit_code_say_the_same(
    api: Any, capsys: pytest.CaptureFixture[str], highlight: str, code: int, last: str
) -> None:
    assert await _explain(api[0], highlight) == code
    assert capsys.readouterr().out.splitlines()[-1] == last


async def test_json_is_the_answer_and_nothing_else(api: Any, capsys: pytest.CaptureFixture[str]) -> None:
    assert await _explain(api[0], "hl_2", as_json=True) == 1
    assert json.loads(capsys.readouterr().out) == TAMPERED


def test_what_was_changed_but_is_not_used_does_not_hide_that_it_holds() -> None:
    odd = {**HOLDS, "tampered": [{"signal": "video.cuts", "what": "is missing"}]}
    assert verdict(odd) == "holds; not used here: video.cuts is missing"
