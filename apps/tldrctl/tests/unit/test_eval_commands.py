"""The evaluation commands on made-up chats: planted bursts, labels, and folders that are no data."""

import csv
import gzip
import json
import random
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from typer.testing import CliRunner, Result

from tldrctl.evaluation.games import UnreadableData, read_games, read_splits, read_truth
from tldrctl.main import app

GAMES = {"a": 400, "b": 420, "c": 440}
MOMENTS = ((90, 105), (190, 206), (300, 312))
LAG_S = 16


def write_chat(path: Path, seed: int, length_s: int) -> None:
    """Talk, and after each moment short cheers, as late as chat usually is."""
    rng = random.Random(seed)
    words = (
        "the",
        "a",
        "you",
        "they",
        "why",
        "what",
        "now",
        "game",
        "team",
        "play",
        "about",
        "think",
        "map",
        "first",
        "last",
    )
    said = [(rng.uniform(0, length_s), " ".join(rng.choices(words, k=rng.randint(4, 9)))) for _ in range(2 * length_s)]
    for first, last in MOMENTS:
        said += [
            (rng.uniform(first, last) + LAG_S, rng.choice(("WOW", "PogChamp", "omg", "LETS GO"))) for _ in range(60)
        ]
    with gzip.open(path, "wt", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(("t_game", "chat"))
        writer.writerows(sorted(said))


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "data"
    (folder / "chat").mkdir(parents=True)
    for seed, (name, length_s) in enumerate(GAMES.items()):
        write_chat(folder / "chat" / f"{name}.csv.gz", seed, length_s)
    rows = "".join(f"{name},{100},{100 + length_s - 1}.0\n" for name, length_s in GAMES.items())
    (folder / "games.csv").write_text("game_id,start_s,end_s\n" + rows)
    kept = [[f"{first // 60:02}:{first % 60:02}", f"{last // 60:02}:{last % 60:02}"] for first, last in MOMENTS]
    (folder / "labels.json").write_text(json.dumps(dict.fromkeys(GAMES, kept)))
    (folder / "split.json").write_text(json.dumps({"train": ["c", "a"], "val": ["b"]}))
    return folder


def run(*arguments: object) -> Result:
    return CliRunner().invoke(app, ["eval", *map(str, arguments)])


def predictions_of(data: Path, *options: str) -> dict[str, Any]:
    out = data.parent / "predictions.json"
    result = run("chat", data, "--out", out, *options)
    assert result.exit_code == 0, result.output
    found: dict[str, Any] = json.loads(out.read_text())
    return found


def overlap(segment: list[float], moment: tuple[int, int]) -> bool:
    """Whether they do, give or take three seconds: scores are smooth."""
    return segment[0] <= moment[1] + 3 and moment[0] <= segment[1] + 3


@pytest.mark.parametrize("options", [(), ("--mode", "live"), ("--vocabulary", "none"), ("--vocabulary", "channel")])
def test_predictions_have_a_score_for_each_second_and_find_what_was_planted(
    data: Path, options: tuple[str, ...]
) -> None:
    found = predictions_of(data, *options)
    assert sorted(found) == ["a", "b", "c"]
    for name, prediction in found.items():
        scores = np.array(prediction["scores"])
        assert scores.shape == (GAMES[name],)
        assert ((scores >= 0) & (scores <= 1)).all()
        segments = prediction["segments"]
        assert all(any(overlap(segment, moment) for segment in segments) for moment in MOMENTS)
        assert all(any(overlap(segment, moment) for moment in MOMENTS) for segment in segments)
        for first, last, score in prediction["segments"]:
            assert 0 <= first <= last < GAMES[name]
            assert 0 < score <= 1


def test_a_split_holds_its_games_only_and_needs_no_labels(data: Path) -> None:
    (data / "labels.json").unlink()
    assert sorted(predictions_of(data, "--split", "train")) == ["a", "c"]


def test_a_folder_without_chats_is_refused_with_a_sentence(tmp_path: Path) -> None:
    result = run("chat", tmp_path, "--out", tmp_path / "predictions.json")
    assert result.exit_code == 2
    assert "holds no chats" in result.output
    assert not (tmp_path / "predictions.json").exists()


@pytest.mark.parametrize("options", [("--model", "model.json"), ("--preset", "chess")])
def test_a_model_or_preset_that_is_none_is_refused_with_its_name(data: Path, options: tuple[str, str]) -> None:
    (data / "model.json").write_text("{}")
    name = str(data / options[1]) if options[0] == "--model" else options[1]
    result = run("chat", data, "--out", data / "predictions.json", options[0], name)
    assert result.exit_code == 2
    assert name in result.output


def test_a_chat_that_cannot_be_read_is_named_with_its_message(data: Path) -> None:
    with gzip.open(data / "chat" / "b.csv.gz", "wt") as file:
        file.write("t_game,chat\n1.5,hello\nsoon,hello\n")
    result = run("chat", data, "--out", data / "predictions.json", "--split", "val")
    assert result.exit_code == 2
    assert "b.csv.gz cannot be read at message 2:" in result.output


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("games.csv", "game_id,start_s,end_s\n../a,0,9\n", "cannot be the name of a game"),
        ("games.csv", "game_id,start_s,end_s\na,0,1e9\n", "lasts 1000000001 s"),
        ("games.csv", "game_id,start_s,end_s\nd,0,9\n", "The chat of game d is missing"),
        ("games.csv", "game_id,start_s\na,0\n", "has no columns game_id, start_s and end_s"),
        ("games.csv", "game_id,start_s,end_s\na,0,nan\n", "has no columns game_id, start_s and end_s"),
        ("split.json", "[]", "is not a JSON object"),
        ("split.json", '{"val": ["z"]}', "names the game 'z'"),
        ("split.json", '{"train": ["a"]}', "has no split 'val'"),
        ("labels.json", '{"a": [["1:00"]]}', "no intervals"),
    ],
)
def test_what_is_wrong_with_the_data_is_said(data: Path, name: str, content: str, sentence: str) -> None:
    (data / name).write_text(content)
    with pytest.raises(UnreadableData, match=sentence.replace("(", r"\(")):
        read_truth(data, read_games(data, "val" if name == "split.json" else "all"))


def test_intervals_are_cut_off_at_the_end_of_the_game(data: Path) -> None:
    (data / "labels.json").write_text(json.dumps({name: [["06:30", "08:00"], ["07:30", "08:00"]] for name in GAMES}))
    assert read_truth(data, read_games(data))["a"] == ((390, 399),)
    assert read_splits(data)["val"] == ["b"]


def test_the_report_has_a_row_for_each_split_and_mode_and_every_plot_inside(data: Path) -> None:
    out = data.parent / "report"
    result = run("report", data, "--out", out)
    assert result.exit_code == 0, result.output
    assert "no row of a trained scorer: To learn from there are: streams 2" in result.output
    page = (out / "report.html").read_text()
    for split in ("train", "val"):
        for mode in ("recorded", "live"):
            assert f'<td class="word">{split}</td><td class="word">default</td><td class="word">{mode}</td>' in page
    plots = {path.stem for path in out.glob("*.png")}
    assert {"game-good", "game-median", "game-bad", "lag", "lag-planted", "reliability-default"} <= plots
    assert page.count("data:image/png;base64,") == len(plots)
    assert "http" not in page.replace("<!doctype html>", "")


@pytest.mark.parametrize("folder", ["", "absent"])
def test_a_report_without_data_says_so_and_is_no_failure(tmp_path: Path, folder: str) -> None:
    result = run("report", tmp_path / folder if folder else "", "--out", tmp_path / "report")
    assert result.exit_code == 0
    assert "nothing to do" in result.output
    assert not (tmp_path / "report").exists()


def test_sentiment_is_compared_with_labels_and_with_vader_alone(tmp_path: Path) -> None:
    lines = "label,text\n1,PogChamp\n1,I love this so much\n0,what time is it\n-1,this is terrible\n-1,PepeHands\n0,the map\n"
    (tmp_path / "messages.csv").write_text(lines)
    result = run("sentiment", tmp_path / "messages.csv", "--out", tmp_path / "found.csv")
    assert result.exit_code == 0, result.output
    assert "accuracy: 100.0\nmacro-F1: 100.0\nVADER alone: accuracy 66.7, macro-F1 66.7\n" in result.output
    rows = list(csv.DictReader((tmp_path / "found.csv").open(newline="")))
    assert [row["predicted"] for row in rows] == ["1", "1", "0", "-1", "-1", "0"]
    assert rows[0]["message"] == "PogChamp"


@pytest.mark.parametrize("content", ["", "label,text\n", "label,text\n2,hello\n", "label,words\n1,hello\n"])
def test_messages_without_labels_are_refused_with_a_sentence(tmp_path: Path, content: str) -> None:
    (tmp_path / "messages.csv").write_text(content)
    result = run("sentiment", tmp_path / "messages.csv", "--out", tmp_path / "found.csv")
    assert result.exit_code == 2
    assert "messages.csv" in result.output
