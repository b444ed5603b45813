"""Found against planted."""

import io
import math
from pathlib import Path

import pytest
from PIL import Image

from tldrctl.demo.contact_sheet import clock, write_contact_sheet
from tldrctl.demo.plan import Distractor, Planted
from tldrctl.demo.report import Found, compare, intersection_over_union
from tldrctl.demo.score_plot import write_score_plot


def planted(start_s: int, end_s: int) -> Planted:
    return Planted(start_s * 1000, end_s * 1000, "goal")


def found(start_s: int, end_s: int, thumbnail: bytes | None = None) -> Found:
    return Found(start_s * 1000, end_s * 1000, "big_play", 0.8, "Crowd and chat go wild", "Loud and fast.", thumbnail)


@pytest.mark.parametrize(
    ("one", "other", "iou"),
    [((0, 10), (0, 10), 1.0), ((0, 10), (5, 15), 1 / 3), ((0, 10), (10, 20), 0.0), ((0, 10), (2, 6), 0.4)],
)
def test_overlap_is_measured_over_the_union(one: tuple[int, int], other: tuple[int, int], iou: float) -> None:
    assert intersection_over_union(planted(*one), found(*other)) == pytest.approx(iou)


def test_each_is_matched_at_most_once_the_best_pair_first() -> None:
    comparison = compare([planted(0, 10), planted(10, 20)], [found(4, 16), found(10, 19), found(11, 20)])
    assert [(row.verdict, round(row.iou, 2)) for row in comparison.rows] == [
        ("found", 0.38),
        ("found", 0.9),
        ("false", 0.0),
    ]


def test_too_little_overlap_is_a_miss_and_a_false_find() -> None:
    comparison = compare([planted(0, 10)], [found(8, 20)])
    assert [row.verdict for row in comparison.rows] == ["missed", "false"]
    assert (comparison.count("found"), comparison.count("missed"), comparison.count("false")) == (0, 1, 1)


def test_rows_are_in_order_of_time() -> None:
    comparison = compare([planted(50, 60), planted(10, 20)], [found(30, 40), found(51, 60)])
    assert [row.verdict for row in comparison.rows] == ["missed", "false", "found"]


def test_the_contact_sheet_shows_a_tile_for_each_row(tmp_path: Path) -> None:
    jpeg = io.BytesIO()
    Image.new("RGB", (640, 360), "#ff0000").save(jpeg, "JPEG")
    comparison = compare(
        [planted(0, 10), planted(50, 60)], [found(0, 9, jpeg.getvalue()), found(20, 30, b"no picture")]
    )
    write_contact_sheet(comparison, tmp_path / "contact-sheet.png")
    sheet = Image.open(tmp_path / "contact-sheet.png").convert("RGB")
    red, green, _ = sheet.getpixel((200, 100))  # type: ignore[misc]
    assert red > 200 > green
    assert sheet.size == (1256, 345)


def test_an_empty_comparison_makes_an_empty_sheet_and_plot(tmp_path: Path) -> None:
    write_contact_sheet(compare([], []), tmp_path / "sheet.png")
    write_score_plot([], compare([], []), tmp_path / "plot.png")
    assert Image.open(tmp_path / "sheet.png").width == Image.open(tmp_path / "plot.png").width - 174


def test_the_plot_takes_seconds_nobody_knows_about(tmp_path: Path) -> None:
    comparison = compare([planted(2, 5)], [found(2, 5), found(7, 9)])
    write_score_plot(
        [0.1, math.nan, 0.8, 0.9, 0.7, 0.1],
        comparison,
        tmp_path / "score.png",
        distractors=[Distractor(0, 1_000, "cut")],
    )
    assert Image.open(tmp_path / "score.png").size == (1430, 506)


def test_times_are_written_as_people_read_them() -> None:
    assert (clock(61_250), clock(5_000)) == ("1:01.2", "0:05.0")
