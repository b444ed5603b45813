"""Logs hold no secrets, and a terminal shows an error as one line."""

import json
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from tldr_telemetry import configure_logs, logger
from tldr_telemetry.logs import strike_out_secrets


@pytest.fixture
def _own_handlers() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    yield
    for handler in root.handlers:
        handler.close()
    root.handlers[:], root.level = handlers, level


def test_what_is_named_as_a_secret_is_struck_out() -> None:
    event = {"event": "connected", "api_key": "tldr_1", "Authorization": "Bearer x", "stream": "str_1"}
    assert strike_out_secrets(None, "info", event) == {
        "event": "connected",
        "api_key": "[struck out]",
        "Authorization": "[struck out]",
        "stream": "str_1",
    }


@pytest.mark.usefixtures("_own_handlers")
def test_an_address_is_redacted_wherever_it_stands(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file, url = tmp_path / "services.log", "https://ann:hush_4711@example.com/a.mp4?token=hush_4711"
    configure_logs(json=True, file=file)
    try:
        raise LookupError(f"{url} is not there")
    except LookupError:
        logger(__name__).warning("reading failed", source=url)
        logging.getLogger("tests").exception("could not read %s", url)
    for said in (file.read_text(), capsys.readouterr().err):
        assert "example.com/a.mp4?" in said
        assert "hush_4711" not in said


@pytest.mark.usefixtures("_own_handlers")
def test_a_terminal_shows_an_error_as_one_line_and_the_file_holds_its_traceback(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "services.log"
    configure_logs(level="WARNING", json=False, file=file)
    try:
        raise LookupError("no address of example.invalid")
    except LookupError:
        logging.getLogger("tests").warning("a reading failed", exc_info=True)
    logging.getLogger("tests").info("only for the file")
    shown = capsys.readouterr().err
    assert len(shown.splitlines()) == 1
    assert "LookupError: no address of example.invalid" in shown
    kept = [json.loads(line) for line in file.read_text().splitlines()]
    assert [one["event"] for one in kept] == ["a reading failed", "only for the file"]
    assert "Traceback" in kept[0]["exception"]
