"""Give a Kafka client back without waiting for ever: with the broker down, stopping one hangs or raises."""

import asyncio
import logging
from collections.abc import Coroutine
from typing import Any

_log = logging.getLogger(__name__)


async def give_back(closing: Coroutine[Any, Any, object], seconds: float = 5.0) -> None:
    """Run to its end what closes a client, for so long at the most; what it raises is logged, not passed on."""
    task = asyncio.ensure_future(closing)
    try:
        await asyncio.wait({task}, timeout=seconds)
    finally:
        if not task.done():
            task.cancel()
        task.add_done_callback(_look_at)


def _look_at(task: "asyncio.Task[object]") -> None:
    if not task.cancelled() and task.exception() is not None:
        _log.debug("closing a client failed: %r", task.exception())
