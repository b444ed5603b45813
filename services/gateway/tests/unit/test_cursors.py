"""A cursor leads on in the list it came from, and nothing else is one."""

import pytest
from cryptography.fernet import Fernet
from hypothesis import given, settings
from hypothesis import strategies as st

from tldr_gateway.entrypoints.http.cursors import Cursors
from tldr_secrets import Sealer
from tldr_web import Problem

CURSORS = Cursors(Sealer(Fernet.generate_key().decode()))
LIST = ("highlights", "org_1", "-score", [("tags", ["cup"])])


@settings(deadline=None)
@given(st.lists(st.text(max_size=64), max_size=3))
def test_a_cursor_comes_back_as_it_went(place: list[str]) -> None:
    cursor = CURSORS.seal(LIST, *place)
    assert CURSORS.open(LIST, cursor) == place
    with pytest.raises(Problem, match="invalid_cursor"):
        CURSORS.open(("highlights", "org_2", *LIST[2:]), cursor)


def test_a_longest_cursor_is_taken() -> None:
    assert len(CURSORS.seal(LIST, "2026-11-29T12:00:00.123456+00:00", "x" * 64)) <= 600


@settings(deadline=None)
@given(st.one_of(st.text(max_size=60), st.text(max_size=60).map(CURSORS.sealer.seal)))
def test_anything_else_is_no_cursor(cursor: str) -> None:
    with pytest.raises(Problem, match="invalid_cursor"):
        CURSORS.open(LIST, cursor)
