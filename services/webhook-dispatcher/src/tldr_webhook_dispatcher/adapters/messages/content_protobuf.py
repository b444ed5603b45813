"""What webhooks say, from the published language."""

from tldr.common.v1 import common_pb2
from tldr.highlights.v1.highlights_pb2 import RUN_OUTCOME_COMPLETED, StreamSettled
from tldr.streams.v1.streams_pb2 import StreamEvent
from tldr_contracts.webhooks import Failure
from tldr_webhook_dispatcher.domain.messages import content
from tldr_webhook_dispatcher.domain.messages.content import Content


def failure_of(message: common_pb2.Failure) -> Failure:
    """Why something did not come to be."""
    return Failure(code=message.code, reason=message.reason)


def source_of(event: StreamEvent) -> Content:
    """What became of a live stream's source: `event` is one of its four facts."""
    if event.HasField("live"):
        live = event.live
        return content.stream_live(
            live.stream_id, wall_zero_ms=live.wall_zero_ms, wall_uncertainty_ms=live.wall_uncertainty_ms
        )
    if event.HasField("interrupted"):
        gone = event.interrupted
        return content.stream_interrupted(gone.stream_id, at_ms=gone.at_ms, failure=failure_of(gone.reason))
    if event.HasField("resumed"):
        return content.stream_resumed(event.resumed.stream_id, at_ms=event.resumed.at_ms)
    ended = event.input_ended
    failure = failure_of(ended.failure) if ended.HasField("failure") else None
    return content.stream_ended(ended.stream_id, duration_ms=ended.duration_ms, failure=failure)


def rescore_of(settled: StreamSettled) -> Content:
    """The one webhook about a rescore."""
    if settled.outcome != RUN_OUTCOME_COMPLETED:
        return content.rescore_failed(settled.stream_id, settled.run_id, failure_of(settled.failure))
    return content.rescore_completed(
        settled.stream_id,
        settled.run_id,
        duration_ms=settled.duration_ms,
        ready=len(settled.ready_ids),
        failed=len(settled.failed_ids),
    )
