"""What runs in a cutting process; PyAV and numpy are loaded there, not in the service that starts it."""

from collections.abc import Sequence

from tldr_highlight_store.domain.clips.cutting import Cut, SegmentPart


def prepare() -> None:
    """Load the heavy libraries before the first call."""
    import tldr_highlight_store.adapters.clips.cutter_pyav  # noqa: F401 - loaded for its weight


def cut_in_worker(parts: Sequence[SegmentPart], start_ms: int, end_ms: int, peak_ms: int) -> Cut:
    from tldr_highlight_store.adapters.clips.cutter_pyav import cut

    return cut(parts, start_ms, end_ms, peak_ms)
