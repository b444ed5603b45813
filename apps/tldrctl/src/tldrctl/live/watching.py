"""Watches a live stream over its feed: a line for each thing that happens, and one of the score that moves."""

import asyncio
import contextlib
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import httpx
from rich.live import Live
from rich.text import Text

from tldr_client import ApiProblem, Client
from tldrctl.live.followed import Followed
from tldrctl.screen import clock, console, say

_SCORE_EVERY_S = 2.0
_SCORES = 60
_BARS = " ▁▂▃▄▅▆▇█"


async def watch(client: Client, stream_id: str, followed: Followed, tell: Callable[[str], None] = say) -> None:
    """Until the stream is over; `followed` is what is known of it by then."""
    async for told in client.feed(stream_id):
        line = followed.take(told.kind, told.data, time.time())
        if line:
            tell(line)
        if followed.over:
            return


async def watch_on_screen(client: Client, stream_id: str, followed: Followed) -> None:
    """The same, with the score below the lines where there is a terminal."""
    with _score_line() as show:
        scoring = asyncio.create_task(_follow_score(client, stream_id, followed, show))
        try:
            await watch(client, stream_id, followed)
        finally:
            scoring.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await scoring


async def _follow_score(
    client: Client, stream_id: str, followed: Followed, show: Callable[[Followed, list[float | None], int], None]
) -> None:
    while True:
        await asyncio.sleep(_SCORE_EVERY_S)
        try:
            found = await client.call("GET", f"/v1/streams/{stream_id}/scores?last_s={_SCORES}")
        except (ApiProblem, httpx.TransportError):
            continue  # nothing is scored yet, or the API is away: the feed says what matters
        show(followed, found["scores"], found["start_s"])


@contextmanager
def _score_line() -> Iterator[Callable[[Followed, list[float | None], int], None]]:
    if not console.is_terminal:
        yield lambda followed, scores, start_s: None
        return
    with Live(console=console, auto_refresh=False) as live:

        def show(followed: Followed, scores: list[float | None], start_s: int) -> None:
            live.update(Text(score_line(followed, scores, start_s)), refresh=True)

        yield show


def score_line(followed: Followed, scores: list[float | None], start_s: int) -> str:
    """The last seconds' scores as bars, and how far behind the stream they are."""
    last = scores[-_SCORES:]
    bars = "".join(" " if score is None else _BARS[round(score * (len(_BARS) - 1))] for score in last)
    until = clock(1000 * (start_s + len(scores)))
    known = next((f"{score:.2f}" for score in reversed(last) if score is not None), "-")
    return f"{followed.state:<11} {until:>8} {bars:>{_SCORES}} {known}{_lag(followed.progress)}"


def _lag(progress: dict[str, Any]) -> str:
    lag = progress.get("edge_lag_s")
    return f"  {lag:.0f} s behind" if isinstance(lag, int | float) else ""
