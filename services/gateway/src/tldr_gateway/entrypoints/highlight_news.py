"""A highlight's life, as its stream's feed tells it: the data of the webhook of the same name."""

from dataclasses import asdict

from tldr.detections.v1 import detections_pb2
from tldr.highlights.v1.highlights_pb2 import HighlightEvent
from tldr_bus import Received
from tldr_contracts import webhooks
from tldr_contracts.highlight_webhooks import highlight_of
from tldr_gateway.domain.feed.news import News
from tldr_secrets import struck


def highlight_news(received: Received[HighlightEvent]) -> News | None:
    """News of a highlight that was detected, revised, ready, failed or withdrawn; None of a rescore's."""
    event, kind = received.message, received.kind
    if kind == "withdrawn":
        gone = webhooks.WithdrawnHighlight(
            id=event.withdrawn.highlight_id,
            stream_id=received.subject,
            revision=event.withdrawn.revision,
            deleted=event.withdrawn.deleted,
        )
        return News("highlight.withdrawn", received.time, asdict(gone))
    message: detections_pb2.HighlightDetected = getattr(event, kind).highlight
    if message.rescore:
        return None
    found = highlight_of(message, f"/v1/highlights/{message.highlight_id}/clip" if kind == "ready" else None)
    if kind == "failed":
        failure = webhooks.Failure(code=event.failed.failure.code, reason=struck(event.failed.failure.reason))
        found = webhooks.FailedHighlight(**{**asdict(found), "failure": failure})
    return News(f"highlight.{kind}", received.time, asdict(found))
