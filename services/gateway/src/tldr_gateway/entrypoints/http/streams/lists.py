"""Lists of streams as they are asked for."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from tldr_gateway.application.accounts.caller import Caller
from tldr_gateway.application.streams.view_stream import glimpse
from tldr_gateway.domain.streams.listing import StreamFilter
from tldr_gateway.domain.streams.source import SourceKind
from tldr_gateway.domain.streams.stream import State
from tldr_gateway.entrypoints.http.api import Api
from tldr_gateway.entrypoints.http.cursors import Cursor
from tldr_gateway.entrypoints.http.streams.answers import StreamsResponse, render
from tldr_gateway.entrypoints.http.words import Channel, Instant, Text


class StreamsQuery(BaseModel):
    """What a stream must have to be listed, and a page of the list. `created_after` is included, `created_before` is not."""

    model_config = ConfigDict(extra="forbid")

    state: State | None = None
    source_kind: SourceKind | None = None
    channel: Channel | None = None
    text: Annotated[
        Text | None,
        Field(min_length=1, max_length=100, description="Words, each of which is in the title, in whatever case."),
    ] = None
    created_after: Instant | None = None
    created_before: Instant | None = None
    cursor: Cursor = None
    limit: Annotated[int, Field(ge=1, le=100)] = 20


async def page_of(api: Api, caller: Caller, query: StreamsQuery) -> StreamsResponse:
    """The page that was asked for."""
    asked = query.model_dump(mode="json", exclude={"cursor", "limit"}, exclude_none=True)
    of = ("streams", caller.organization, sorted(asked.items()))
    wanted = StreamFilter(
        query.state, query.source_kind, query.channel, query.text, query.created_after, query.created_before
    )
    before = api.cursors.open(of, query.cursor)[0] if query.cursor else None
    async with api.bound(caller.organization) as work:
        found = await work.streams.page(wanted, before=before, limit=query.limit + 1)
    shown = found[: query.limit]
    return StreamsResponse(
        streams=[render(glimpse(stream), api.settings.rtmp_url) for stream in shown],
        next_cursor=api.cursors.seal(of, shown[-1].id) if len(found) > query.limit else None,
    )
