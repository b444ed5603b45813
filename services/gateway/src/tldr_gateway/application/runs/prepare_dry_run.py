"""A customer wants to see what a finished stream would be under another profile."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tldr_contracts.ids import RunId, StreamId
from tldr_gateway.application.configuration.choose_profile import Choice, ChooseProfile
from tldr_gateway.application.ports import Streams
from tldr_gateway.application.runs.errors import StreamNotCompleted
from tldr_gateway.application.runs.ports import Runs
from tldr_gateway.application.streams.errors import StreamNotFound
from tldr_gateway.domain.runs.run import default_of
from tldr_gateway.domain.streams.stream import State
from tldr_gateway.domain.streams.submission import Profile


@dataclass(frozen=True, slots=True)
class DryRun:
    """What is tried, and the run that it is compared with; None: the one that finished the stream."""

    profile: Profile
    against: RunId | None


@dataclass(frozen=True, slots=True)
class PrepareDryRun:
    """Compose the profile as a rescore would. Nothing is kept."""

    streams: Streams
    runs: Runs
    choose_profile: ChooseProfile

    async def __call__(
        self,
        stream: StreamId,
        *,
        dimension_set: Mapping[str, Any] | None,
        choice: Choice,
        processing: Mapping[str, Any] | None,
    ) -> DryRun:
        """`dimension_set`: one that is not kept. A Problem says what is in the way."""
        found = await self.streams.get(stream)
        if found is None:
            raise StreamNotFound
        if dimension_set is None:
            profile = await self.choose_profile.again(found.profile, choice, processing, found.signals)
        else:
            profile = await self.choose_profile.unsaved(dimension_set, choice, processing, found.signals)
        if found.state is not State.COMPLETED:
            raise StreamNotCompleted(found.state)
        return DryRun(profile, default_of(await self.runs.of_stream(stream)))
