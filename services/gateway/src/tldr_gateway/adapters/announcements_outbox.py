"""Announcements over the gateway's outbox."""

from dataclasses import dataclass

from google.protobuf import json_format

from tldr.common.v1 import common_pb2
from tldr.organizations.v1 import organizations_pb2
from tldr.streams.v1 import streams_pb2
from tldr_bus import Outbox, Publication
from tldr_contracts.topics import ORGANIZATIONS, STREAMS
from tldr_database import Transaction
from tldr_gateway.adapters.streams.requests_protobuf import requested
from tldr_gateway.application.configuration.ports import Heads
from tldr_gateway.domain.accounts.account import Organization
from tldr_gateway.domain.configuration.configured import Kind
from tldr_gateway.domain.runs.run import Run
from tldr_gateway.domain.streams.stream import Failure
from tldr_gateway.domain.streams.submission import Stream

_KINDS = {
    Kind.DIMENSION_SET: organizations_pb2.CONFIGURATION_KIND_DIMENSION_SET,
    Kind.HIGHLIGHT_TYPE: organizations_pb2.CONFIGURATION_KIND_HIGHLIGHT_TYPE,
    Kind.PROCESSING_CONFIG: organizations_pb2.CONFIGURATION_KIND_PROCESSING_CONFIG,
}


@dataclass(frozen=True, slots=True)
class OutboxAnnouncements:
    """Publishes on `tldr.streams.v1` and `tldr.organizations.v1` in the transaction at hand.

    `configured`: what the organization has configured, which is part of each snapshot of it.
    """

    outbox: Outbox
    transaction: Transaction
    configured: Heads | None = None

    async def organization_changed(self, organization: Organization) -> None:
        """Publish OrganizationChanged."""
        message = organizations_pb2.OrganizationChanged(
            organization_id=organization.id,
            version=organization.version,
            name=organization.name,
            plan=organization.plan_name,
            segment_retention_days=organization.plan.segment_retention_days,
            highlight_retention_days=organization.plan.highlight_retention_days,
            dvr_minutes=organization.plan.dvr_minutes,
        )
        for head in await self.configured.heads() if self.configured else ():
            message.configurations.add(
                configuration_id=head.id, kind=_KINDS[head.kind], version=head.version, name=head.name
            )
        event = organizations_pb2.OrganizationEvent(changed=message)
        await self.outbox.append(self.transaction, Publication(ORGANIZATIONS, event, organization.id, organization.id))

    async def requested(self, stream: Stream) -> None:
        """Publish StreamRequested."""
        await self._publish(stream, streams_pb2.StreamEvent(requested=requested(stream)))

    async def started(self, stream: Stream) -> None:
        """Publish StreamStarted."""
        message = streams_pb2.StreamStarted(stream_id=stream.id, attempt=stream.attempt)
        await self._publish(stream, streams_pb2.StreamEvent(started=message))

    async def retried(self, stream: Stream) -> None:
        """Publish StreamRetried."""
        message = streams_pb2.StreamRetried(stream_id=stream.id, attempt=stream.attempt)
        await self._publish(stream, streams_pb2.StreamEvent(retried=message))

    async def stopped(self, stream: Stream) -> None:
        """Publish StreamStopped."""
        await self._publish(stream, streams_pb2.StreamEvent(stopped=streams_pb2.StreamStopped(stream_id=stream.id)))

    async def cancelled(self, stream: Stream) -> None:
        """Publish StreamCancelled."""
        message = streams_pb2.StreamCancelled(stream_id=stream.id)
        await self._publish(stream, streams_pb2.StreamEvent(cancelled=message), last=True)

    async def deleted(self, stream: Stream) -> None:
        """Publish StreamDeleted."""
        message = streams_pb2.StreamDeleted(stream_id=stream.id)
        await self._publish(stream, streams_pb2.StreamEvent(deleted=message), last=True)

    async def completed(self, stream: Stream) -> None:
        """Publish StreamCompleted."""
        message = streams_pb2.StreamCompleted(
            stream_id=stream.id, duration_ms=stream.duration_ms or 0, highlights=stream.highlights or 0
        )
        for gap in stream.gaps:
            json_format.ParseDict(gap, message.gaps.add())
        await self._publish(stream, streams_pb2.StreamEvent(completed=message), last=True)

    async def rescore_requested(self, stream: Stream, run: Run) -> None:
        """Publish StreamRescoreRequested."""
        message = streams_pb2.StreamRescoreRequested(stream_id=stream.id, run_id=run.id, make_default=run.make_default)
        json_format.ParseDict(run.profile.document, message.profile)
        await self._publish(stream, streams_pb2.StreamEvent(rescore_requested=message))

    async def failed(self, stream: Stream) -> None:
        """Publish StreamFailed."""
        message = streams_pb2.StreamFailed(
            stream_id=stream.id, attempt=stream.attempt, failure=_failure(stream.failure)
        )
        await self._publish(stream, streams_pb2.StreamEvent(failed=message), last=True)

    async def key_rotated(self, stream: Stream) -> None:
        """Publish StreamKeyRotated."""
        digest = bytes.fromhex(stream.source.push.key_digest) if stream.source.push else b""
        message = streams_pb2.StreamKeyRotated(stream_id=stream.id, key_digest=digest)
        await self._publish(stream, streams_pb2.StreamEvent(key_rotated=message))

    async def live(self, stream: Stream, *, wall_zero_ms: int, wall_uncertainty_ms: int) -> None:
        """Publish StreamLive."""
        message = streams_pb2.StreamLive(
            stream_id=stream.id,
            attempt=stream.attempt,
            wall_zero_ms=wall_zero_ms,
            wall_uncertainty_ms=wall_uncertainty_ms,
        )
        await self._publish(stream, streams_pb2.StreamEvent(live=message))

    async def interrupted(self, stream: Stream, *, at_ms: int, reason: Failure) -> None:
        """Publish StreamInterrupted."""
        message = streams_pb2.StreamInterrupted(stream_id=stream.id, at_ms=at_ms, reason=_failure(reason))
        await self._publish(stream, streams_pb2.StreamEvent(interrupted=message))

    async def resumed(self, stream: Stream, *, at_ms: int) -> None:
        """Publish StreamResumed."""
        message = streams_pb2.StreamResumed(stream_id=stream.id, at_ms=at_ms)
        await self._publish(stream, streams_pb2.StreamEvent(resumed=message))

    async def input_ended(self, stream: Stream, *, duration_ms: int, failure: Failure | None) -> None:
        """Publish StreamInputEnded."""
        message = streams_pb2.StreamInputEnded(
            stream_id=stream.id, attempt=stream.attempt, duration_ms=duration_ms, failure=_failure(failure)
        )
        await self._publish(stream, streams_pb2.StreamEvent(input_ended=message))

    async def _publish(self, stream: Stream, message: streams_pb2.StreamEvent, *, last: bool = False) -> None:
        await self.outbox.append(
            self.transaction, Publication(STREAMS, message, stream.organization, stream.id, stream.lane)
        )
        if last:
            await self.outbox.close(self.transaction, stream.id)


def _failure(failure: Failure | None) -> common_pb2.Failure | None:
    return common_pb2.Failure(code=failure.code, reason=failure.reason) if failure else None
