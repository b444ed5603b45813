"""A picture of all found highlights: thumbnail, time, verdict and title."""

import io
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont, UnidentifiedImageError

from tldrctl.demo.report import Comparison, Row

COLUMNS = 3
PICTURE = (400, 225)
CAPTION, GAP = 92, 14
BACKGROUND, PAPER, INK, FAINT = "#14171d", "#1f242d", "#f2f3f5", "#9aa3b2"
VERDICTS = {"found": "#3fbf6f", "false": "#e2574c", "missed": "#e0a53a"}


def write_contact_sheet(comparison: Comparison, path: Path) -> None:
    """Writes a PNG with a tile for each row, the missed moments included."""
    rows = comparison.rows
    lines = max(1, -(-len(rows) // COLUMNS))
    width = COLUMNS * (PICTURE[0] + GAP) + GAP
    sheet = Image.new("RGB", (width, lines * (PICTURE[1] + CAPTION + GAP) + GAP), BACKGROUND)
    for place, row in enumerate(rows):
        x = GAP + place % COLUMNS * (PICTURE[0] + GAP)
        y = GAP + place // COLUMNS * (PICTURE[1] + CAPTION + GAP)
        sheet.paste(_tile(row), (x, y))
    sheet.save(path)


def clock(milliseconds: int) -> str:
    """Minutes and seconds with a tenth."""
    return f"{milliseconds // 60_000}:{milliseconds % 60_000 / 1000:04.1f}"


def _tile(row: Row) -> Image.Image:
    tile = Image.new("RGB", (PICTURE[0], PICTURE[1] + CAPTION), PAPER)
    tile.paste(_picture(row), (0, 0))
    pen = ImageDraw.Draw(tile)
    shown = row.found or row.planted
    pen.rectangle((0, PICTURE[1], PICTURE[0], PICTURE[1] + 4), fill=VERDICTS[row.verdict])
    if shown is not None:
        when = f"{clock(shown.start_ms)} to {clock(shown.end_ms)}   {row.verdict}"
        pen.text((10, PICTURE[1] + 11), when, fill=VERDICTS[row.verdict], font=ImageFont.load_default(16))
    title = row.found.title if row.found else f"planted: {row.planted.kind}" if row.planted else ""
    _line(pen, title, PICTURE[1] + 34, 16, INK)
    if row.found:
        planted = f"   planted: {row.planted.kind}, IoU {row.iou:.2f}" if row.planted else ""
        _line(pen, f"{row.found.type}   {row.found.confidence:.0%}{planted}", PICTURE[1] + 60, 14, FAINT)
    return tile


def _line(pen: ImageDraw.ImageDraw, text: str, y: int, size: int, colour: str) -> None:
    """One line, shortened until it fits."""
    font = ImageFont.load_default(size)
    room = PICTURE[0] - 20
    if pen.textlength(text, font=font) > room:
        while text and pen.textlength(f"{text}…", font=font) > room:
            text = text[:-1]
        text = f"{text.rstrip()}…"
    pen.text((10, y), text, fill=colour, font=font)


def _picture(row: Row) -> Image.Image:
    """The thumbnail in the middle of a frame of the usual shape."""
    frame = Image.new("RGB", PICTURE, "#000000")
    if row.found is None or row.found.thumbnail is None:
        return frame
    try:
        picture = Image.open(io.BytesIO(row.found.thumbnail)).convert("RGB")
    except (UnidentifiedImageError, OSError):
        return frame
    picture.thumbnail(PICTURE)
    frame.paste(picture, ((PICTURE[0] - picture.width) // 2, (PICTURE[1] - picture.height) // 2))
    return frame
