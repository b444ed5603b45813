"""`tldrctl train chat` on made-up chats in which moments show by one word alone."""

import csv
import gzip
import json
import random
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from tldr_fusion_detector.domain.scoring.scorer.document import read_scorer
from tldrctl.main import app

LENGTH_S = 480
LAG_S = 16


def write_data(folder: Path, games: int, *, telling: bool) -> Path:
    """Games of eight minutes with six moments each; a `telling` chat says `now` after them."""
    (folder / "chat").mkdir(parents=True)
    rows, labels = ["game_id,start_s,end_s"], {}
    for seed in range(games):
        rng = random.Random(seed)
        starts = [30 + 70 * place + rng.randint(0, 30) for place in range(6)]
        said = [
            (rng.uniform(0, LENGTH_S), " ".join(rng.choices(["one", "two", "three", "four", "now"], k=4)))
            for _ in range(4 * LENGTH_S)
        ]
        if telling:
            said += [
                (rng.uniform(start, start + 12) + LAG_S, "now one two three") for start in starts for _ in range(60)
            ]
        with gzip.open(folder / "chat" / f"g{seed}.csv.gz", "wt", newline="", encoding="utf-8") as file:
            csv.writer(file).writerows([("t_game", "chat"), *sorted(said)])
        rows.append(f"g{seed},0,{LENGTH_S - 1}")
        labels[f"g{seed}"] = [[f"{at // 60}:{at % 60:02}", f"{(at + 12) // 60}:{(at + 12) % 60:02}"] for at in starts]
    (folder / "games.csv").write_text("\n".join(rows) + "\n")
    (folder / "labels.json").write_text(json.dumps(labels))
    return folder


def train(data: Path, out: Path) -> Result:
    return CliRunner().invoke(app, ["train", "chat", str(data), "--split", "all", "--out", str(out)])


def test_a_scorer_is_written_with_its_figures_beside_the_presets(tmp_path: Path) -> None:
    data, out = write_data(tmp_path / "data", 5, telling=True), tmp_path / "models" / "own.json"
    result = train(data, out)
    assert result.exit_code == 0, result.output
    made = read_scorer(out.read_bytes()).provenance
    assert (made.streams, made.moments) == (5, 30)
    assert f"{made.trained['AP']:.1f}" in result.output
    assert f"{made.default['AP']:.1f}" in result.output


@pytest.mark.parametrize(
    ("games", "telling", "sentence"),
    [(3, True, "Training needs 5 streams"), (5, False, "it is not kept, because it is not surely better")],
)
def test_what_cannot_be_trained_writes_nothing(tmp_path: Path, games: int, telling: bool, sentence: str) -> None:
    out = tmp_path / "own.json"
    result = train(write_data(tmp_path / "data", games, telling=telling), out)
    assert result.exit_code == 1
    assert sentence in " ".join(result.output.split())
    assert not out.exists()


def test_a_folder_that_is_no_data_exits_2(tmp_path: Path) -> None:
    result = train(tmp_path, tmp_path / "own.json")
    assert result.exit_code == 2
    assert "holds no chats" in result.output
