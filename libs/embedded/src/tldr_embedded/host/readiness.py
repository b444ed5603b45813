"""Waits until a server answers, for as long as it is patient, and says what its log says when it does not."""

import asyncio
from collections.abc import Mapping
from pathlib import Path
from typing import Protocol

from tldr_embedded.errors import ServerFailed
from tldr_embedded.server_spec import ServerSpec, ServerState
from tldr_embedded.servers.command import tail_of
from tldr_embedded.servers.provider import ProbeFailed, Provider

PROBE_SECONDS = 5.0
PAUSE = 0.03
EXITS = 3  # a server that died so often while it was waited for is given up


class Watched(Protocol):
    @property
    def servers(self) -> Mapping[str, ServerState]: ...

    @property
    def lost(self) -> bool: ...


async def until_ready(provider: Provider, spec: ServerSpec, keeper: Watched) -> ServerState:
    """The state in which it answered. Raises ServerFailed."""
    started = asyncio.get_running_loop().time()
    exits: int | None = None
    trouble = "it was not started"
    while asyncio.get_running_loop().time() < started + provider.patience and not keeper.lost:
        state = keeper.servers.get(spec.name)
        if state is not None:
            exits = state.exits if exits is None else exits
            if state.exits - exits >= EXITS:
                trouble = f"it exited {EXITS} times"
                break
            if state.pid is not None:
                try:
                    async with asyncio.timeout(PROBE_SECONDS):
                        await provider.probe(state.ports[0])
                    return state
                except (OSError, EOFError, TimeoutError, ProbeFailed) as error:
                    trouble = str(error) or type(error).__name__
        await asyncio.sleep(PAUSE)
    seconds = asyncio.get_running_loop().time() - started
    trouble = "its keeper was lost" if keeper.lost else trouble
    log = Path(spec.log)
    raise ServerFailed(
        f"{provider.title} was not ready after {seconds:.1f} s: {trouble}. The end of {log}:\n{tail_of(log)}"
    )
