"""A live stream's window for players: an HLS playlist, and links to it that need no API key."""

from datetime import datetime, timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response, Security
from fastapi.security import HTTPAuthorizationCredentials
from pydantic import BaseModel, Field

from tldr_contracts.ids import OrganizationId, StreamId
from tldr_gateway.application.accounts.caller import Caller
from tldr_gateway.application.streams.errors import LinkNotValid, PlaylistNotPlayable, PlaylistNotReady, StreamNotFound
from tldr_gateway.domain.accounts.scopes import Scope
from tldr_gateway.domain.streams.playlist import PLAYABLE, PlaylistSegment, Window, render_playlist
from tldr_gateway.domain.streams.playlist_link import LONGEST, PlaylistLinks
from tldr_gateway.domain.streams.submission import Stream
from tldr_gateway.entrypoints.http.api import Api, bearer
from tldr_gateway.entrypoints.http.words import IdPath, Integer, RequestBody
from tldr_web import Problem

_MEDIA_TYPE = "application/vnd.apple.mpegurl"
_LONGEST_S = int(LONGEST.total_seconds())
_DOCUMENTED: dict[int | str, dict[str, Any]] = {
    200: {"content": {_MEDIA_TYPE: {"schema": {"type": "string"}}}, "description": "A media playlist."}
}


class LinkRequest(RequestBody):
    """How long the link works."""

    expires_in_s: Annotated[Integer, Field(ge=60, le=_LONGEST_S)] = 3600


class LinkResponse(BaseModel):
    """A link that plays the stream until it expires, for whoever has it. Put the API's address before the `path`."""

    path: str
    expires_at: datetime


def routes(api: Api, links: PlaylistLinks) -> APIRouter:
    """The routes of the playlist."""
    router = APIRouter(prefix="/v1/streams", tags=["live"])
    read = api.caller(Scope.STREAMS_READ)

    @router.post("/{stream_id}/playlist-link")
    async def create_playlist_link(
        caller: Annotated[Caller, read], stream_id: IdPath, request: LinkRequest | None = None
    ) -> LinkResponse:
        """Make a link to the stream's playlist for a player, which has no API key."""
        await find(caller.organization, stream_id)
        wanted = request or LinkRequest()
        expires = api.work.clock.now().replace(microsecond=0) + timedelta(seconds=wanted.expires_in_s)
        token = links.sign(caller.organization, stream_id, expires)
        return LinkResponse(path=f"/v1/streams/{stream_id}/playlist.m3u8?token={token}", expires_at=expires)

    @router.get("/{stream_id}/playlist.m3u8", response_class=Response, responses=_DOCUMENTED)
    async def get_playlist(
        request: Request,
        stream_id: IdPath,
        credentials: Annotated[HTTPAuthorizationCredentials | None, Security(bearer)],
        token: Annotated[str | None, Query(max_length=200, description="Of a link; without it, an API key.")] = None,
    ) -> Response:
        """The part of a live stream that is kept to be played (its window): while it runs, and for a while after."""
        caller = await viewer(request, token, stream_id, credentials)
        stream = await find(caller.organization, stream_id)
        window = await ask(caller, stream)
        zero = stream.live.wall_zero_ms if stream.live else 0
        body = render_playlist(window, wall_zero_ms=zero)
        return Response(body, media_type=_MEDIA_TYPE, headers={"cache-control": "no-store"})

    async def viewer(
        request: Request, token: str | None, stream_id: str, credentials: HTTPAuthorizationCredentials | None
    ) -> Caller:
        if token is None:
            return await api.authenticated(request, credentials, Scope.STREAMS_READ)
        organization = links.organization(token, stream_id, api.work.clock.now())
        if organization is None:
            raise LinkNotValid
        return Caller(OrganizationId(organization), "link", frozenset())

    async def find(organization: OrganizationId, stream_id: str) -> Stream:
        async with api.bound(organization) as work:
            stream = await work.streams.get(StreamId(stream_id))
        if stream is None:
            raise StreamNotFound
        return stream

    async def ask(caller: Caller, stream: Stream) -> Window:
        try:
            answer = await api.ask("highlight-store", caller, "GET", f"/internal/streams/{stream.id}/playlist")
        except Problem as problem:
            if problem.status == 404:
                raise PlaylistNotReady from problem
            raise
        window = _window(answer)
        if not window.segments:
            raise PlaylistNotReady
        if any(segment.container not in PLAYABLE for segment in window.segments):
            raise PlaylistNotPlayable
        return window

    return router


def _window(answer: dict[str, Any]) -> Window:
    return Window(
        segments=[_segment(segment) for segment in answer["segments"]],
        target_s=float(answer["target_s"]),
        first_sequence=int(answer["first_sequence"]),
        discontinuity_sequence=int(answer.get("discontinuity_sequence", 0)),
        ended=bool(answer["ended"]),
    )


def _segment(said: dict[str, Any]) -> PlaylistSegment:
    return PlaylistSegment(
        url=said["url"],
        start_ms=said["start_ms"],
        end_ms=said["end_ms"],
        container=said.get("container", "mp4"),
        discontinuity=said.get("discontinuity", False),
        init_url=said.get("init_url"),
        init_range=said.get("init_range"),
        media_range=said.get("media_range"),
    )
