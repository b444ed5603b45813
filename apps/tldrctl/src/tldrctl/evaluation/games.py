"""Reads a folder of recorded chats: which there are, how long each lasts, and what people kept of them."""

import csv
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

LONGEST_S = 48 * 3600
Interval = tuple[int, int]
"""First and last second of something, both inside."""


class Split(StrEnum):
    """Which games, by split.json."""

    TRAIN = "train"
    VAL = "val"
    ALL = "all"


class UnreadableData(Exception):
    """The data is not as it should be; the message is a sentence that says what was expected where."""


@dataclass(frozen=True, slots=True)
class Game:
    """A recording of `length_s` seconds. `chat` is a gzipped CSV with t_game (seconds) and chat, perhaps author."""

    id: str
    chat: Path
    length_s: int


def read_games(data: Path, split: str = "all") -> tuple[Game, ...]:
    """The games of a split in order of their names. Raises UnreadableData."""
    if not (data / "chat").is_dir() or not (data / "games.csv").is_file():
        raise UnreadableData(f"{data} holds no chats: a folder chat/ and a file games.csv are expected in it.")
    games = {game.id: game for game in _listed(data)}
    if split == "all":
        return tuple(games[name] for name in sorted(games))
    wanted = read_splits(data).get(split)
    if wanted is None:
        raise UnreadableData(f"{data / 'split.json'} has no split {split!r}; use --split all.")
    if unknown := [name for name in wanted if name not in games]:
        raise UnreadableData(f"The split {split!r} names the game {unknown[0]!r}, which games.csv does not list.")
    return tuple(games[name] for name in sorted(wanted))


def read_splits(data: Path) -> dict[str, list[str]]:
    """Names of games by split; none where there is no split.json. Raises UnreadableData."""
    path = data / "split.json"
    if not path.is_file():
        return {}
    splits = _json(path)
    if not all(isinstance(names, list) and all(isinstance(name, str) for name in names) for names in splits.values()):
        raise UnreadableData(f"{path} is not a list of games for each split.")
    return dict(splits)


def read_truth(data: Path, games: Sequence[Game]) -> dict[str, tuple[Interval, ...]]:
    """What people kept of each game, cut off at its end, from labels.json. Raises UnreadableData."""
    path = data / "labels.json"
    if not path.is_file():
        raise UnreadableData(f"{path} is missing: without labels nothing can be compared.")
    labels = _json(path)
    truth = {}
    for game in games:
        try:
            kept = [(_seconds(first), _seconds(last)) for first, last in labels[game.id]]
        except (KeyError, TypeError, ValueError) as error:
            raise UnreadableData(
                f'{path} has no intervals ["mm:ss", "mm:ss"] that can be read for game {game.id}.'
            ) from error
        truth[game.id] = tuple((first, min(last, game.length_s - 1)) for first, last in kept if first < game.length_s)
    return truth


def _listed(data: Path) -> list[Game]:
    path = data / "games.csv"
    with path.open(newline="", encoding="utf-8") as file:
        try:
            return [_game(data, row) for row in csv.DictReader(file)]
        except (csv.Error, KeyError, TypeError, ValueError, OverflowError) as error:
            raise UnreadableData(f"{path} has no columns game_id, start_s and end_s that can be read.") from error


def _game(data: Path, row: Mapping[str, str]) -> Game:
    name, length_s = row["game_id"], math.floor(float(row["end_s"]) - float(row["start_s"])) + 1
    if not name or Path(name).name != name:
        raise UnreadableData(f"{data / 'games.csv'}: {name!r} cannot be the name of a game.")
    if not 0 < length_s <= LONGEST_S:
        raise UnreadableData(f"{data / 'games.csv'}: game {name} lasts {length_s} s; 1 s to 48 h can be read.")
    chat = data / "chat" / f"{name}.csv.gz"
    if not chat.is_file():
        raise UnreadableData(f"The chat of game {name} is missing: {chat} is expected.")
    return Game(name, chat, length_s)


def _json(path: Path) -> dict[str, Any]:
    try:
        document = json.loads(path.read_text("utf-8"))
    except ValueError as error:
        raise UnreadableData(f"{path} is not JSON.") from error
    if not isinstance(document, dict):
        raise UnreadableData(f"{path} is not a JSON object.")
    return document


def _seconds(clock: str) -> int:
    minutes, seconds = clock.split(":")
    return int(minutes) * 60 + int(seconds)
