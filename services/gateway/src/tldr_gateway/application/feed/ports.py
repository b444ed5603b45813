"""What feeds need."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from tldr_contracts.ids import OrganizationId, StreamId
from tldr_gateway.domain.feed.news import News, Told


class FeedLog(Protocol):
    """Where news is kept, in the transaction of what it tells. The caller holds the stream's lock."""

    async def tell(self, stream: StreamId, news: News) -> None:
        """Give it the stream's next number and keep it; nothing for a stream that is gone."""

    async def gone(self, stream: StreamId) -> None:
        """The stream was deleted, with its feed."""


@dataclass(frozen=True, slots=True)
class Tailed:
    """What was told of a stream after a mark, in order; `last` is the newest number there is."""

    told: Sequence[Told]
    last: int


class FeedReader(Protocol):
    """Reads what was told of streams of any organization: whoever asks has checked who may see them."""

    async def after(self, marks: Mapping[StreamId, int], *, limit: int) -> Mapping[StreamId, Tailed]:
        """What was told of each stream after its mark, at most `limit` of each, in one question.

        A stream that is gone is left out.
        """


class ProgressNews(Protocol):
    """How far a stream is, for its feed."""

    async def __call__(self, organization: OrganizationId, stream: StreamId) -> dict[str, Any]:
        """The figures as the feed tells them; never raises, one that is not known is None."""
