"""Predicts many games, in as many processes as there are cores, with a bar."""

import asyncio
import os
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from itertools import accumulate
from typing import TypeVar

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from tldr_chat_sentiment.adapters.text_reader_vader import text_reader
from tldr_fusion_detector.domain.signals.vocabulary import joined
from tldr_processes import WorkerProcesses
from tldrctl.evaluation.games import Game
from tldrctl.evaluation.predict import Variant, look_up, predict_all, study
from tldrctl.evaluation.prediction import Prediction
from tldrctl.screen import console

Result = TypeVar("Result")
DEADLINE_S = 1800
"""For one game of at most two days."""


async def predict_games(games: Sequence[Game], variants: Sequence[Variant]) -> dict[Variant, dict[str, Prediction]]:
    """Predictions by variant and game; all variants have the preset of the first. Raises UnreadableData.

    For what a channel teaches, the games are taken for streams of one channel, one after the other as they are given.
    """
    for variant in variants:
        look_up(variant)
    workers = WorkerProcesses(min(os.cpu_count() or 1, len(games) or 1), prepare, deadline_s=DEADLINE_S)
    columns = (TextColumn("{task.description:>10}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=not console.is_terminal) as bar:

        async def each(description: str, calls: Sequence[Callable[[], Awaitable[Result]]]) -> list[Result]:
            task = bar.add_task(description, total=len(calls))

            async def one(call: Callable[[], Awaitable[Result]]) -> Result:
                found = await call()
                bar.advance(task)
                return found

            return await asyncio.gather(*(one(call) for call in calls))

        try:
            studied = await each("measuring", [partial(workers.run, study, game, variants[0].preset) for game in games])
            before = accumulate((one.vocabulary for one in studied), joined, initial=None)
            predicted = await each(
                "predicting",
                [
                    partial(workers.run, predict_all, one.timeline, game.length_s, tuple(variants), channel)
                    for game, one, channel in zip(games, studied, before, strict=False)
                ],
            )
        finally:
            await workers.close()
    return {
        variant: {game.id: found[place] for game, found in zip(games, predicted, strict=True)}
        for place, variant in enumerate(variants)
    }


def prepare() -> None:
    """What a worker process loads before its first game."""
    text_reader()
