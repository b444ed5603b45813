"""Is there room for one more stream at work?"""

from dataclasses import dataclass

from tldr_contracts.ids import OrganizationId
from tldr_gateway.application.ports import Organizations, Streams
from tldr_gateway.application.streams.errors import SourceFollowed, TooManyLiveStreams, TooManyStreams
from tldr_gateway.domain.accounts.plans import Plan


@dataclass(frozen=True, slots=True)
class AdmitStream:
    """Hold the organization's lock while counting, so that two requests never share the last place."""

    organizations: Organizations
    streams: Streams

    async def __call__(self, organization: OrganizationId, *, live: bool, live_source: str | None = None) -> Plan:
        """The plan under which one more stream may work; TooManyStreams or TooManyLiveStreams when it is full, SourceFollowed
        where another one is at work on its live source.
        """
        plan = (await self.organizations.lock(organization)).plan
        if live_source and (other := await self.streams.following(live_source)):
            raise SourceFollowed(other)
        if await self.streams.active() >= plan.active_streams:
            raise TooManyStreams(plan.active_streams)
        if live and await self.streams.active(live=True) >= plan.live_streams:
            raise TooManyLiveStreams(plan.live_streams)
        return plan
