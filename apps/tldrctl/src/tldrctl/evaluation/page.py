"""A report as one HTML file that needs nothing else."""

from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

_STYLE = """
body { font: 15px/1.5 system-ui, sans-serif; color: #22262e; background: #fff;
  max-width: 70rem; margin: 2rem auto; padding: 0 1rem }
table { border-collapse: collapse; margin: 1rem 0; font-variant-numeric: tabular-nums }
th, td { padding: .25rem .9rem .25rem 0; text-align: right; border-bottom: 1px solid #e3e5e8 }
th.word, td.word { text-align: left }
figure { margin: 1.5rem 0 } img { max-width: 100%; height: auto } figcaption, p.note { color: #5a606b; max-width: 50rem }
"""


@dataclass(frozen=True, slots=True)
class Table:
    """Rows as text; the first `words` columns are words, the others figures."""

    head: Sequence[str]
    rows: Sequence[Sequence[str]]
    words: int = 0


@dataclass(frozen=True, slots=True)
class Picture:
    """A PNG, the name of its file, and what there is to be seen."""

    name: str
    png: bytes
    caption: str


Part = str | Table | Picture


def page(title: str, parts: Sequence[Part]) -> str:
    """A heading and its parts in order; text is a paragraph. Everything is escaped."""
    body = "\n".join(_part(part) for part in parts)
    return (
        f'<!doctype html>\n<html lang="en">\n<head><meta charset="utf-8"><title>{escape(title)}</title>\n'
        f"<style>{_STYLE}</style></head>\n<body>\n<h1>{escape(title)}</h1>\n{body}\n</body>\n</html>\n"
    )


def _part(part: Part) -> str:
    match part:
        case str():
            return f'<p class="note">{escape(part)}</p>'
        case Table():
            head = _row("th", part.head, part.words)
            return "<table>\n" + "\n".join([head, *(_row("td", row, part.words) for row in part.rows)]) + "\n</table>"
        case Picture():
            source = f"data:image/png;base64,{b64encode(part.png).decode()}"
            alt, caption = escape(part.name, quote=True), escape(part.caption)
            return f'<figure><img src="{source}" alt="{alt}"><figcaption>{caption}</figcaption></figure>'


def _row(cell: str, texts: Sequence[str], words: int) -> str:
    cells = (
        f'<{cell} class="word">{escape(text)}</{cell}>' if place < words else f"<{cell}>{escape(text)}</{cell}>"
        for place, text in enumerate(texts)
    )
    return f"<tr>{''.join(cells)}</tr>"
