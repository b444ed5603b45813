"""No text of a highlight is calculated by a spreadsheet."""

import csv
import io

import pytest

from tldr_gateway.domain.highlights.spreadsheet import harmless


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "  =1", "\uff1d1", "=cmd|' /C calc'!A0"]
)
def test_a_formula_becomes_text(text: str) -> None:
    assert harmless(text) == f"'{text}"
    written = io.StringIO(newline="")
    csv.writer(written).writerow([harmless(text)])
    assert next(csv.reader(io.StringIO(written.getvalue(), newline="")))[0].startswith("'")


@pytest.mark.parametrize("text", ["", "Header, at last", "3:0", "a=b", "'quoted'"])
def test_all_else_stays_as_it_is(text: str) -> None:
    assert harmless(text) == text
