"""The doctor names what a bare machine lacks."""

from pathlib import Path

import pytest

from tldrctl import machine


def test_a_python_without_wheels_is_named_with_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    for version in ((3, 10, 4), (3, 14, 0)):
        finding = machine.python(version)
        assert not finding.well
        assert ".".join(map(str, version)) in finding.detail
        assert "3.11, 3.12 or 3.13" in finding.advice


def test_a_supported_python_elsewhere_on_the_path_is_enough(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    other = tmp_path / "python3.12"
    other.write_text("#!/bin/sh\n")
    other.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert machine.python((3, 14, 0)) == machine.Finding("Python", True, "3.14.0 is not supported, python3.12 is used")


def test_missing_memory_is_named_with_what_is_needed(tmp_path: Path) -> None:
    figures = tmp_path / "meminfo"
    figures.write_text("MemTotal: 2000000 kB\nMemAvailable: 512000 kB\n")
    memory = next(finding for finding in machine.room(tmp_path, figures) if finding.what == "memory")
    assert list(machine.sentences(memory)) == [
        "broken  memory: 500 MB available",
        "        Close something: 1500 MB are needed.",
    ]


def test_a_full_disk_is_named_with_what_is_needed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine, "FREE_BYTES", 1 << 62)
    disk = next(finding for finding in machine.room(tmp_path / "not yet") if finding.what == "disk")
    assert not disk.well
    assert f"on the disk of {tmp_path.resolve()}" in disk.advice
