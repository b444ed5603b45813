"""Recorded games as the trainer wants them, measured in as many processes as there are cores."""

import asyncio
import os
from collections.abc import Mapping, Sequence

from tldr_fusion_detector.domain.learning.training import LabelledStream, Progress
from tldr_fusion_detector.domain.moments.boundaries import Interval
from tldr_processes import WorkerProcesses
from tldrctl.evaluation.games import Game
from tldrctl.evaluation.games import Interval as Kept
from tldrctl.evaluation.many_games import DEADLINE_S, prepare
from tldrctl.evaluation.recorded_chat import measured


async def labelled_games(
    games: Sequence[Game], truth: Mapping[str, Sequence[Kept]], progress: Progress
) -> list[LabelledStream]:
    """In the order of the games. Raises UnreadableData."""
    workers = WorkerProcesses(min(os.cpu_count() or 1, len(games) or 1), prepare, deadline_s=DEADLINE_S)
    done = 0

    async def one(game: Game) -> LabelledStream:
        nonlocal done
        timeline = await workers.run(measured, game)
        done += 1
        progress("measuring chats", done / len(games))
        kept = tuple(Interval(1000 * first, 1000 * (last + 1)) for first, last in truth[game.id])
        return LabelledStream(game.id, timeline, game.length_s, kept)

    try:
        return await asyncio.gather(*(one(game) for game in games))
    finally:
        await workers.close()
