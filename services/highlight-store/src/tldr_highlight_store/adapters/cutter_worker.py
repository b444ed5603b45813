"""What runs in a cutting process; PyAV and numpy are loaded there, not in the service that starts it."""

import os
import threading
from collections.abc import Sequence
from multiprocessing import connection, parent_process

from tldr_highlight_store.domain.clips import Cut, SegmentPart


def prepare() -> None:
    """Load the heavy libraries before the first call, and end with the service even when that is killed."""
    threading.Thread(target=_end_with_the_service, name="end-with-the-service", daemon=True).start()
    import tldr_highlight_store.adapters.cutter_pyav  # noqa: F401 - loaded for its weight


def cut_in_worker(parts: Sequence[SegmentPart], start_ms: int, end_ms: int, peak_ms: int) -> Cut:
    from tldr_highlight_store.adapters.cutter_pyav import cut

    return cut(parts, start_ms, end_ms, peak_ms)


def _end_with_the_service() -> None:
    # A pool's worker holds both ends of its own queue, so it never sees that the other side is gone.
    parent = parent_process()
    if parent is not None:
        connection.wait([parent.sentinel])
        os._exit(1)
