"""What reading live sources needs, in the words of the domain."""

from collections.abc import AsyncGenerator
from dataclasses import dataclass, field
from typing import Protocol

from tldr_contracts.ids import StreamId
from tldr_ingest.application.live.resolving import ResolvedSource
from tldr_ingest.application.stream_record import LiveSettings, Place
from tldr_ingest.domain.live.cursor import Going
from tldr_ingest.domain.live.events import LiveEvent


@dataclass(frozen=True, slots=True)
class PageSource:
    """Where an address led; `page`: it is not the address itself, and another one may be found out later."""

    source: ResolvedSource
    page: bool = False


@dataclass(frozen=True, slots=True)
class PushedSource:
    """A stream that is sent to us; read at `playlist` where another server of ours takes it in."""

    stream: StreamId
    playlist: str = field(default="", repr=False)


LiveSource = PageSource | PushedSource


class LiveSources(Protocol):
    """Finds out where live sources are."""

    async def find(self, stream: StreamId, place: Place, settings: LiveSettings) -> LiveSource:
        """Raises NotLive where there is nothing yet, and ReadingFailed."""


class LiveMediaReader(Protocol):
    """Cuts live sources into segments."""

    def read(self, source: LiveSource, settings: LiveSettings, going: Going) -> AsyncGenerator[LiveEvent, None]:
        """What `cut_live` yields, from where an earlier reading came to. A source that says nothing at all for a minute and a
        half is given up. Raises ReadingFailed; of the code `address_expired` where the address must be found out anew, when
        all that was read was yielded. Close it to end the reading.
        """
