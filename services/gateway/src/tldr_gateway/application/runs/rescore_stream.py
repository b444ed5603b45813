"""A customer wants a finished stream under another profile."""

from dataclasses import dataclass
from typing import Any

from tldr_contracts.ids import OrganizationId, RunId, StreamId, new_id
from tldr_gateway.application.configuration.choose_profile import Choice, ChooseProfile
from tldr_gateway.application.ports import Announcements, Books, Organizations, Streams
from tldr_gateway.application.runs.errors import StreamNotCompleted, TooManyRescores, TooManyRuns
from tldr_gateway.application.runs.ports import Runs
from tldr_gateway.application.streams.errors import StreamNotFound
from tldr_gateway.domain.runs.run import MAX_RUNS, MAX_WAITING, Run, RunState
from tldr_gateway.domain.streams.stream import State
from tldr_service import Clock


@dataclass(frozen=True, slots=True)
class RescoreStream:
    """Keep the new run and tell the mesh. The stream itself stays completed."""

    organizations: Organizations
    streams: Streams
    runs: Runs
    choose_profile: ChooseProfile
    announcements: Announcements
    books: Books
    clock: Clock

    async def __call__(
        self,
        organization: OrganizationId,
        stream: StreamId,
        *,
        choice: Choice,
        processing: dict[str, Any] | None,
        make_default: bool,
        actor: str,
    ) -> Run:
        """The new run, pending; where nothing is chosen, under the stream's own profile. A Problem says what is in the way."""
        found = await self.streams.lock(stream)
        if found is None:
            raise StreamNotFound
        profile = await self.choose_profile.again(found.profile, choice, processing, found.signals)
        if found.state is not State.COMPLETED:
            raise StreamNotCompleted(found.state)
        if len(await self.runs.of_stream(stream)) >= MAX_RUNS:
            raise TooManyRuns(MAX_RUNS)
        # So that two requests for different streams never share the last place.
        await self.organizations.lock(organization)
        if await self.runs.waiting() >= MAX_WAITING:
            raise TooManyRescores(MAX_WAITING)
        now = self.clock.now()
        run = Run(RunId(new_id("run")), stream, RunState.PENDING, profile, now, make_default=make_default)
        await self.runs.put(run)
        await self.announcements.rescore_requested(found, run)
        await self.books.audit(actor=actor, action="stream.rescored", subject=stream, at=run.created_at)
        return run
