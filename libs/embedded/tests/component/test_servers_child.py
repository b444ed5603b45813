"""One child of the keeper, driven by a clock in the test's hand and real processes of the shell."""

import signal
import time
from pathlib import Path

import pytest

from tldr_embedded.keeping.child import Child
from tldr_embedded.keeping.log_bound import LOG_BYTES
from tldr_embedded.ports import choose, is_free
from tldr_embedded.server_spec import ServerSpec


def shell(folder: Path, script: str, *, keep_port: bool = True, stop_seconds: float = 5.0) -> ServerSpec:
    return ServerSpec(
        name="shell",
        command=("/bin/sh", "-c", script, "{port}"),
        environment={"COLOUR": "blue"},
        log=str(folder / "shell.log"),
        stop_signal=signal.SIGTERM,
        stop_seconds=stop_seconds,
        keep_port=keep_port,
    )


def advance_until_exit(child: Child, now: float, exits: int) -> None:
    deadline = time.monotonic() + 10
    while child.state.exits < exits:
        assert time.monotonic() < deadline, "it did not exit in time"
        child.advance(now)


def wait_for(path: Path, text: str) -> None:
    deadline = time.monotonic() + 10
    while text not in path.read_text():
        assert time.monotonic() < deadline, f"{text!r} was not written in time"


def stop(child: Child, now: float = 0.0) -> None:
    child.stop(now)
    deadline = time.monotonic() + 10
    while not child.stopped:
        assert time.monotonic() < deadline, "it did not stop in time"
        child.advance(now)


def test_a_server_that_keeps_dying_is_started_with_growing_pauses(tmp_path: Path) -> None:
    child = Child(shell(tmp_path, "exit 1"), tmp_path)
    now, pauses = 0.0, []
    for exits in range(1, 5):
        child.advance(now)
        advance_until_exit(child, now, exits)
        pauses.append(child.due() - now)
        now = child.due()
    assert pauses == pytest.approx([0.2, 0.4, 0.8, 1.6])
    stop(child)


def test_a_port_is_kept_or_changed_as_the_server_needs_it(tmp_path: Path) -> None:
    for keep_port in (True, False):
        child = Child(shell(tmp_path, "exit 1", keep_port=keep_port), tmp_path)
        child.advance(0.0)
        before = child.state.ports
        advance_until_exit(child, 0.0, 1)
        child.advance(child.due())
        assert (child.state.ports == before) is keep_port
        stop(child)


def test_a_server_that_ignores_its_signal_is_killed_when_its_time_is_up(tmp_path: Path) -> None:
    child = Child(shell(tmp_path, "trap '' TERM; echo ready; while :; do read x < /dev/zero; done"), tmp_path)
    child.advance(0.0)
    wait_for(tmp_path / "shell.log", "ready")
    child.stop(100.0)
    assert child.due() == 105.0
    child.advance(104.9)
    assert not child.stopped
    stop(child, 105.0)


def test_another_spec_takes_over_when_the_server_before_has_gone(tmp_path: Path) -> None:
    child = Child(shell(tmp_path, "exec sleep 60"), tmp_path)
    child.advance(0.0)
    before = child.state.pid
    child.replace(shell(tmp_path, "echo $COLOUR; exec sleep 61"), 0.0)
    deadline = time.monotonic() + 10
    while child.state.pid in (before, None):
        assert time.monotonic() < deadline
        child.advance(0.0)
    wait_for(tmp_path / "shell.log", "blue")
    assert child.state.exits == 0
    stop(child)


def test_a_program_that_is_missing_is_said_in_the_log(tmp_path: Path) -> None:
    spec = shell(tmp_path, "")
    child = Child(ServerSpec(**{**spec.as_json(), "command": ("/no/such/server",)}), tmp_path)
    child.advance(0.0)
    assert child.state.exits == 1
    assert "/no/such/server" in Path(spec.log).read_text()
    stop(child)


def test_a_log_beyond_its_limit_is_emptied_under_the_running_server(tmp_path: Path) -> None:
    child = Child(shell(tmp_path, "echo begun; exec sleep 60"), tmp_path)
    child.advance(0.0)
    log = tmp_path / "shell.log"
    wait_for(log, "begun")
    child.bound_log()
    assert "begun" in log.read_text()
    with log.open("ab") as file:
        file.truncate(LOG_BYTES + 1)
    child.bound_log()
    assert log.stat().st_size == 0
    stop(child)


def test_ports_that_are_taken_or_to_be_avoided_are_not_chosen() -> None:
    (port,) = choose(1)
    assert is_free(port)
    assert choose(1, wanted=(port,)) == (port,)
    assert port not in choose(2, wanted=(port,), avoided=(port,))
