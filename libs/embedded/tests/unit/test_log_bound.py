"""Logs of other processes have a bound."""

from pathlib import Path

from tldr_embedded.keeping.log_bound import bound


def test_a_large_log_is_emptied_under_its_writer_and_kept_beside(tmp_path: Path) -> None:
    log = tmp_path / "gateway.log"
    with log.open("ab", buffering=0) as writer:
        writer.write(b"x" * 100)
        bound(log, limit=99)
        writer.write(b"after\n")
    assert log.read_bytes() == b"after\n"
    assert (tmp_path / "gateway.log.1").read_bytes() == b"x" * 100


def test_a_small_log_and_one_that_is_not_there_are_left_alone(tmp_path: Path) -> None:
    log = tmp_path / "gateway.log"
    bound(log)
    log.write_bytes(b"short")
    bound(log)
    assert log.read_bytes() == b"short"
