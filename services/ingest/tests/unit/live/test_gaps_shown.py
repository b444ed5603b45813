"""An outage is told of in parts while it lasts, and shown as one."""

from tldr_ingest.domain.media.source import Modality, ReadGap
from tldr_ingest.entrypoints.http import render_gaps


def gap(modality: Modality, start_ms: int, end_ms: int, code: str = "source_stalled") -> ReadGap:
    return ReadGap(modality, start_ms, end_ms, code, "Nothing new.")


def test_parts_of_one_outage_are_one_gap_of_each_modality() -> None:
    parts = [
        gap(modality, 4000 + 10_000 * number, 14_000 + 10_000 * number)
        for number in range(3)
        for modality in (Modality.VIDEO, Modality.AUDIO)
    ]
    shown = render_gaps(
        [*parts, gap(Modality.VIDEO, 34_000, 36_000, "piece_damaged"), gap(Modality.VIDEO, 40_000, 41_000)]
    )
    assert [(one["modality"], one["range"]["start_ms"], one["range"]["end_ms"], one["code"]) for one in shown] == [
        ("MODALITY_VIDEO", 4000, 34_000, "source_stalled"),
        ("MODALITY_AUDIO", 4000, 34_000, "source_stalled"),
        ("MODALITY_VIDEO", 34_000, 36_000, "piece_damaged"),
        ("MODALITY_VIDEO", 40_000, 41_000, "source_stalled"),
    ]
