"""A change of state is asked for: decided by the rules, written into the history whether it is allowed or not."""

from dataclasses import dataclass, replace

from tldr_gateway.application.ports import Streams
from tldr_gateway.domain.streams.stream import Cause, Transition, decide
from tldr_gateway.domain.streams.submission import Stream
from tldr_service import Clock


@dataclass(frozen=True, slots=True)
class RecordTransition:
    """Decide under the stream's lock, which the caller holds."""

    streams: Streams
    clock: Clock

    async def __call__(
        self, stream: Stream, cause: Cause, *, of_attempt: int | None = None, detail: str = ""
    ) -> Transition:
        """What the cause does to the stream; the caller saves the stream where it is applied."""
        transition = decide(stream.state, cause, attempt=stream.attempt, of_attempt=of_attempt)
        await self.streams.record(
            stream.id, transition, attempt=stream.attempt, at=self.clock.now(), detail=transition.refusal or detail
        )
        return transition

    async def save(self, stream: Stream) -> None:
        """Write the changed stream."""
        await self.streams.save(replace(stream, updated_at=self.clock.now()))
