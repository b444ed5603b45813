"""Rows out of CSV as programs and spreadsheets really write it."""

from __future__ import annotations

import csv
from collections import deque
from collections.abc import Iterable, Iterator
from itertools import islice

from tldr_ingest.domain.chat.columns import Columns, columns_of
from tldr_ingest.domain.chat.rows import NoRow, Row

_DELIMITERS = (",", ";", "\t", "|")
# A message of several lines is quoted; a quote that is still open then was never meant to open one.
_MOST_LINES = 30
# Looking ahead takes time; a file with more such lines is not about quotes any more.
_MOST_LOOKS = 1_000
_HEAD = 50


def csv_layout(lines: Iterable[str]) -> tuple[int, Columns, str] | None:
    """The lines of the head, the columns, the delimiter; None where no line of the head names time and text."""
    named: str | None = None
    for number, line in enumerate(islice(lines, _HEAD), 1):
        if line.lower().startswith("sep=") and len(line.rstrip("\r\n")) == len("sep=;"):
            named = line[4]
        elif line.strip() and not line.lstrip().startswith("#"):
            for delimiter in (named,) if named else _DELIMITERS:
                if (columns := columns_of(_cells([line], delimiter))) is not None:
                    return number, columns, delimiter
            return None
    return None


def csv_rows(lines: Iterator[str], columns: Columns, delimiter: str) -> Iterator[Row]:
    """Rows below the head. A quote that swallows whole rows was text: its line is a row by itself."""
    waiting: deque[str] = deque()
    looks = 0

    def following() -> str | None:
        return waiting.popleft() if waiting else next(lines, None)

    while (line := following()) is not None:
        if not line.strip() or line.startswith("#"):
            continue
        taken = [line]
        open_quote = looks < _MOST_LOOKS and _is_open(taken, delimiter)
        while open_quote and len(taken) < _MOST_LINES and (more := following()) is not None:
            taken.append(more)
            if columns.is_row(_cells([more], delimiter)):
                break
            open_quote = _is_open(taken, delimiter)
        looks += open_quote
        if open_quote and len(taken) > 1:
            waiting.extendleft(reversed(taken[1:]))
            taken = taken[:1]
        cells = _cells(taken, delimiter)
        if open_quote and len(cells) < columns.width:
            cells = line.rstrip("\r\n").replace('"', "").split(delimiter)
        yield columns.row(cells) if cells else NoRow.MALFORMED


def _is_open(lines: list[str], delimiter: str) -> bool:
    if '"' not in lines[0] or sum(line.count('"') for line in lines) % 2 == 0:
        return False
    try:
        # Strict: the end of the lines within quotes is an error.
        list(csv.reader(lines, delimiter=delimiter, strict=True))
    except csv.Error:
        return True
    return False


def _cells(lines: list[str], delimiter: str) -> list[str]:
    try:
        return next(csv.reader(lines, delimiter=delimiter), [])
    except csv.Error:  # a cell beyond any message
        return []
