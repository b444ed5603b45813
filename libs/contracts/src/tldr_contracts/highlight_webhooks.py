"""A highlight as webhooks and feeds say it, out of the published language."""

from tldr.detections.v1 import detections_pb2
from tldr_contracts.webhooks import Highlight


def highlight_of(message: detections_pb2.HighlightDetected, clip_path: str | None = None) -> Highlight:
    """The highlight a message speaks of, with the path to its clip where it has one."""
    return Highlight(
        id=message.highlight_id,
        stream_id=message.stream_id,
        revision=message.revision,
        state="final" if message.state == detections_pb2.DETECTION_STATE_FINAL else "provisional",
        start_ms=message.range.start_ms,
        end_ms=message.range.end_ms,
        peak_ms=message.peak_ms,
        types=tuple(message.types),
        score=message.score,
        confidence=message.confidence,
        title=message.title,
        reason=message.reason,
        clip_path=clip_path,
    )
