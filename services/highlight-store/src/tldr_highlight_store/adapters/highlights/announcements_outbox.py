"""Announcements over the service's outbox."""

from dataclasses import dataclass

from tldr.highlights.v1 import highlights_pb2
from tldr_bus import Outbox, Publication
from tldr_contracts.ids import StreamId
from tldr_contracts.topics import HIGHLIGHTS
from tldr_database import Transaction
from tldr_highlight_store.adapters.highlights.detections_protobuf import detected
from tldr_highlight_store.domain.highlights.highlight import Highlight
from tldr_highlight_store.domain.highlights.run import Settlement
from tldr_streams.messages import failure_message, gap_message, object_message


@dataclass(frozen=True, slots=True)
class OutboxAnnouncements:
    """Publishes on `tldr.highlights.v1` in the transaction at hand, in the lane of the stream being handled."""

    outbox: Outbox
    transaction: Transaction
    organization: str
    lane: int

    async def detected(self, highlight: Highlight) -> None:
        """Publish HighlightDetected."""
        message = highlights_pb2.HighlightDetected(highlight=detected(highlight))
        await self._publish(highlight.stream, highlights_pb2.HighlightEvent(detected=message))

    async def revised(self, highlight: Highlight) -> None:
        """Publish HighlightRevised."""
        message = highlights_pb2.HighlightRevised(highlight=detected(highlight))
        await self._publish(highlight.stream, highlights_pb2.HighlightEvent(revised=message))

    async def ready(self, highlight: Highlight) -> None:
        """Publish HighlightReady."""
        message = highlights_pb2.HighlightReady(highlight=detected(highlight))
        if highlight.clip:
            message.clip.CopyFrom(object_message(highlight.clip))
        if highlight.thumbnail:
            message.thumbnail.CopyFrom(object_message(highlight.thumbnail))
        await self._publish(highlight.stream, highlights_pb2.HighlightEvent(ready=message))

    async def failed(self, highlight: Highlight) -> None:
        """Publish HighlightFailed."""
        message = highlights_pb2.HighlightFailed(
            highlight=detected(highlight), failure=failure_message(highlight.failure)
        )
        await self._publish(highlight.stream, highlights_pb2.HighlightEvent(failed=message))

    async def withdrawn(self, highlight: Highlight) -> None:
        """Publish HighlightWithdrawn."""
        message = highlights_pb2.HighlightWithdrawn(
            stream_id=highlight.stream,
            highlight_id=highlight.id,
            revision=highlight.revision,
            run_id=highlight.run,
            rescore=highlight.rescore,
            deleted=highlight.deleted,
        )
        await self._publish(highlight.stream, highlights_pb2.HighlightEvent(withdrawn=message))

    async def settled(self, settlement: Settlement) -> None:
        """Publish StreamSettled."""
        run = settlement.run
        message = highlights_pb2.StreamSettled(
            stream_id=run.stream,
            run_id=run.id,
            attempt=run.attempt,
            outcome=highlights_pb2.RUN_OUTCOME_FAILED if run.failure else highlights_pb2.RUN_OUTCOME_COMPLETED,
            ready_ids=settlement.ready,
            failed_ids=settlement.failed,
            failure=failure_message(run.failure),
            duration_ms=run.duration_ms,
            gaps=[gap_message(gap.modality, gap.start_ms, gap.end_ms, gap.code, gap.reason) for gap in run.gaps],
            rescore=run.rescore,
        )
        await self._publish(run.stream, highlights_pb2.HighlightEvent(settled=message))

    async def close(self, stream: StreamId) -> None:
        """Close the stream's subject in the outbox."""
        await self.outbox.close(self.transaction, stream)

    async def _publish(self, stream: StreamId, message: highlights_pb2.HighlightEvent) -> None:
        await self.outbox.append(
            self.transaction, Publication(HIGHLIGHTS, message, self.organization, stream, self.lane)
        )
