"""A scorer from games that people labelled."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path

from tldr_fusion_detector.adapters.learning.trainer_sklearn import SklearnTrainer
from tldr_fusion_detector.domain.scoring.scorer.document import write_scorer
from tldrctl.evaluation.games import read_games, read_truth
from tldrctl.evaluation.predict import profile_named
from tldrctl.screen import say
from tldrctl.training.labelled_games import labelled_games
from tldrctl.training.progress import show_figures, training_progress


def train_scorer(data: Path, out: Path, split: str, preset: str) -> None:
    """Write a scorer and show its figures. Raises UnreadableData, TooLittleData and WorseThanDefault."""
    profile, games = profile_named(preset), read_games(data, split)
    truth = read_truth(data, games)
    out.parent.mkdir(parents=True, exist_ok=True)
    with training_progress() as progress:
        streams = asyncio.run(labelled_games(games, truth, progress))
        created = datetime.now(UTC).isoformat(timespec="seconds")
        scorer = SklearnTrainer()(streams, profile, created=created, progress=progress)
    out.write_bytes(write_scorer(scorer))
    show_figures(scorer.provenance, preset)
    say(f"written: {out}")
