"""A stream's feed: what happens to it, while it happens."""

from typing import Annotated, Any

from fastapi import APIRouter, Header, Query, Response

from tldr_contracts.ids import StreamId
from tldr_gateway.application.accounts.caller import Caller
from tldr_gateway.application.feed.hub import FeedHub
from tldr_gateway.application.feed.viewer import Viewer
from tldr_gateway.application.feed.watch_stream import Watch
from tldr_gateway.application.streams.errors import StreamNotFound
from tldr_gateway.domain.accounts.plans import Plan
from tldr_gateway.domain.accounts.scopes import Scope
from tldr_gateway.domain.streams.submission import Stream
from tldr_gateway.entrypoints.http.api import Api
from tldr_gateway.entrypoints.http.feed.sse import BEAT, EventStream
from tldr_gateway.entrypoints.http.words import LARGEST, IdPath

BEAT_EVERY_S = 15.0
_NUMBER = r"^[0-9]{1,19}$"
_EVENT = {
    "type": "object",
    "properties": {name: {"type": "string"} for name in ("id", "event", "data")},
}
_DOCUMENTED: dict[int | str, dict[str, Any]] = {
    200: {
        "content": {"text/event-stream": {"schema": _EVENT}},
        "description": "Server-sent events, each with these fields; docs/guides/live.md has the data of each. The last one of "
        "a stream is a `state` of `completed`, `failed`, `cancelled` or `deleted`; one named `reconnect` asks to connect again.",
    },
    204: {"description": "The stream has ended, and all of its feed was seen."},
}


def routes(api: Api, hub: FeedHub) -> APIRouter:
    """The route of the feed."""
    router = APIRouter(prefix="/v1/streams", tags=["live"])
    read = api.caller(Scope.STREAMS_READ, Scope.HIGHLIGHTS_READ)

    @router.get("/{stream_id}/feed", response_class=Response, responses=_DOCUMENTED)
    async def follow_stream(
        caller: Annotated[Caller, read],
        stream_id: IdPath,
        last_event_id: Annotated[
            str | None,
            Header(pattern=_NUMBER, description="The id of the last event that was seen: what follows is told."),
        ] = None,
        last_event: Annotated[
            str | None,
            Query(alias="last_event_id", pattern=_NUMBER, description="The same, for who cannot set headers."),
        ] = None,
    ) -> Response:
        """Follow a stream: its state, highlights, gaps and progress, as server-sent events.

        Without an id it begins with the present state; 0 begins with all that is kept.
        """
        stream, plan = await look(caller, stream_id)
        asked = last_event_id or last_event
        after = None if asked is None else min(int(asked), LARGEST, stream.told)
        if stream.state.terminal and after == stream.told:
            return Response(status_code=204, headers={"cache-control": "no-store"})
        viewer, behind = _enter(hub, stream, after, plan)
        watch = Watch(
            hub, stream, viewer, behind, after, api.work.clock, BEAT, BEAT_EVERY_S, api.settings.feed_longest_s
        )
        return EventStream(watch(), watch.leave)

    async def look(caller: Caller, stream_id: str) -> tuple[Stream, Plan]:
        async with api.bound(caller.organization) as work:
            stream = await work.streams.get(StreamId(stream_id))
            if stream is None:
                raise StreamNotFound
            return stream, (await work.organizations.get(caller.organization)).plan

    return router


def _enter(hub: FeedHub, stream: Stream, after: int | None, plan: Plan) -> tuple[Viewer, bool]:
    """A stream that has ended needs no place among those that are watched: what is kept is read, and that is all."""
    seen = stream.told if after is None else after
    if stream.state.terminal:
        return Viewer(stream.organization, seen), seen < stream.told
    return hub.enter(stream.organization, stream.id, told=stream.told, after=seen, limit=plan.viewers)
