"""Streams: submit, look at, stop, cancel, retry, delete."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Response

from tldr_contracts.ids import StreamId
from tldr_gateway.application.accounts.caller import Caller
from tldr_gateway.application.streams.errors import StreamNotFound
from tldr_gateway.application.streams.view_stream import glimpse
from tldr_gateway.application.uploads.look_at_uploads import LookAtUploads
from tldr_gateway.domain.accounts.scopes import Scope
from tldr_gateway.domain.runs.run import default_of
from tldr_gateway.domain.streams.submission import Stream
from tldr_gateway.entrypoints.http.api import Api, unavailable
from tldr_gateway.entrypoints.http.idempotency import RESENT, Resendable
from tldr_gateway.entrypoints.http.runs.runs import wanted_run
from tldr_gateway.entrypoints.http.streams.answers import (
    GapsResponse,
    HistoryResponse,
    IngestResponse,
    ScoresResponse,
    StreamResponse,
    StreamsResponse,
    render,
    render_entry,
    render_gap,
    without_key,
)
from tldr_gateway.entrypoints.http.streams.lists import StreamsQuery, page_of
from tldr_gateway.entrypoints.http.streams.requests import StreamChangeRequest, StreamRequest
from tldr_gateway.entrypoints.http.words import LARGEST, Id, IdPath, IfMatch
from tldr_web import UpstreamUnavailable, etag_of, require_match


def routes(api: Api) -> APIRouter:
    """The routes about streams."""
    router = APIRouter(prefix="/v1/streams", tags=["streams"])
    _submitting(router, api)
    _looking(router, api)
    _deciding(router, api)
    return router


def _submitting(router: APIRouter, api: Api) -> None:
    write = api.caller(Scope.STREAMS_WRITE)
    look = LookAtUploads(api.files)
    rtmp = api.settings.rtmp_url

    @router.post("", status_code=201, responses=RESENT)
    async def create_stream(
        caller: Annotated[Caller, write],
        request: StreamRequest,
        attempt: Resendable,
        response: Response,
    ) -> StreamResponse:
        """Submit a stream. Its highlights come while it is processed, by webhook, at `/v1/streams/{id}/highlights` and in its
        feed. The stream key of an `rtmp` source is in this answer only.
        """
        submission = request.submission()
        async with api.bound(caller.organization) as work:
            uploads = () if await api.once.answered(work, attempt) else await work.uploads.get(submission.uploads)
        found = await look(uploads)
        async with api.bound(caller.organization) as work:

            async def make() -> StreamResponse:
                made = await work.submit(caller.organization, submission, found, actor=caller.key)
                return render(glimpse(made.stream), rtmp, key=made.key)

            async def still(made: StreamResponse) -> StreamResponse | None:
                stream = await work.streams.get(StreamId(made.id))
                if stream is None:
                    return None
                key = made.ingest.stream_key if made.ingest else None
                return made if key is None or stream.source.takes(key) else without_key(made)

            answer = await api.once(work, attempt, StreamResponse, make, still=still)
        response.headers["location"] = f"/v1/streams/{answer.id}"
        return answer


def _looking(router: APIRouter, api: Api) -> None:
    read = api.caller(Scope.STREAMS_READ)

    async def mine(caller: Caller, stream_id: str) -> Stream:
        async with api.bound(caller.organization) as work:
            stream = await work.streams.get(StreamId(stream_id))
        if stream is None:
            raise StreamNotFound
        return stream

    @router.get("")
    async def list_streams(caller: Annotated[Caller, read], query: Annotated[StreamsQuery, Query()]) -> StreamsResponse:
        """The organization's streams, newest first."""
        return await page_of(api, caller, query)

    @router.get("/{stream_id}")
    async def get_stream(caller: Annotated[Caller, read], stream_id: IdPath, response: Response) -> StreamResponse:
        """A stream with its progress. Its `ETag` changes with what can be changed of it: title and metadata."""
        stream = await mine(caller, stream_id)
        response.headers["etag"] = changeable(stream)
        return render(await api.view(stream), api.settings.rtmp_url)

    @router.get("/{stream_id}/events")
    async def list_stream_events(
        caller: Annotated[Caller, read],
        stream_id: IdPath,
        cursor: Annotated[int, Query(ge=0, le=LARGEST)] = 0,
        limit: Annotated[int, Query(ge=1, le=200)] = 100,
    ) -> HistoryResponse:
        """The stream's history: every change of state that was asked for, the refused ones too."""
        async with api.bound(caller.organization) as work:
            if await work.streams.get(StreamId(stream_id)) is None:
                raise StreamNotFound
            entries = await work.streams.history(StreamId(stream_id), after=cursor, limit=limit + 1)
        return HistoryResponse(
            events=[render_entry(entry) for entry in entries[:limit]],
            next_cursor=entries[limit - 1].number if len(entries) > limit else None,
        )

    @router.get("/{stream_id}/gaps")
    async def list_stream_gaps(caller: Annotated[Caller, read], stream_id: IdPath) -> GapsResponse:
        """What could not be read, decoded or scored, so far or at the end."""
        stream = await mine(caller, stream_id)
        found: Any = stream.gaps
        if not stream.state.terminal:
            try:
                found = await api.view.questions.gaps(caller.organization, stream.id)
            except UpstreamUnavailable as error:
                raise unavailable(error.service, error.retry_after_s) from error
        return GapsResponse(gaps=[render_gap(gap) for gap in found])

    @router.get("/{stream_id}/scores")
    async def get_stream_scores(
        caller: Annotated[Caller, read],
        stream_id: IdPath,
        run: Annotated[Id | None, Query()] = None,
        last_s: Annotated[int | None, Query(ge=1, le=86_400, description="Only so many, up to the newest.")] = None,
    ) -> ScoresResponse:
        """The fused score of each second in a run, or in the default run."""
        stream = await mine(caller, stream_id)
        async with api.bound(caller.organization) as work:
            asked = await wanted_run(work, stream.id, run) or default_of(await work.runs.of_stream(stream.id))
        params: dict[str, str | int] = {**({"run": asked} if asked else {}), **({"last_s": last_s} if last_s else {})}
        answer = await api.ask("fusion-detector", caller, "GET", f"/internal/streams/{stream.id}/scores", params=params)
        found = ScoresResponse.model_validate(answer)
        earlier = max(len(found.scores) - last_s, 0) if last_s else 0
        return ScoresResponse(start_s=found.start_s + earlier, scores=found.scores[earlier:])


def changeable(stream: Stream) -> str:
    """The entity tag of what can be changed of a stream: its progress changes all the time."""
    return etag_of([stream.id, stream.title, stream.metadata])


def _deciding(router: APIRouter, api: Api) -> None:
    write, remove = api.caller(Scope.STREAMS_WRITE), api.caller(Scope.STREAMS_DELETE)
    rtmp = api.settings.rtmp_url

    @router.patch("/{stream_id}")
    async def update_stream(
        caller: Annotated[Caller, write],
        stream_id: IdPath,
        request: StreamChangeRequest,
        response: Response,
        if_match: IfMatch = None,
    ) -> StreamResponse:
        """Change a stream's title or metadata."""
        async with api.bound(caller.organization) as work:
            changed = await work.change.rename(
                StreamId(stream_id),
                title=request.title,
                metadata=request.metadata,
                seen=lambda stream: require_match(if_match, changeable(stream)),
            )
        response.headers["etag"] = changeable(changed)
        return render(await api.view(changed), rtmp)

    @router.post("/{stream_id}/stop")
    async def stop_stream(caller: Annotated[Caller, write], stream_id: IdPath) -> StreamResponse:
        """End the input here; what was seen is finished."""
        async with api.acting(caller) as work:
            decision = await work.change.stop(StreamId(stream_id), actor=caller.key)
        return render(await api.view(decision.granted()), rtmp)

    @router.post("/{stream_id}/cancel")
    async def cancel_stream(caller: Annotated[Caller, write], stream_id: IdPath) -> StreamResponse:
        """Drop all work on the stream. Highlights that are ready stay."""
        async with api.acting(caller) as work:
            decision = await work.change.cancel(StreamId(stream_id), actor=caller.key)
        return render(await api.view(decision.granted()), rtmp)

    @router.post("/{stream_id}/retry")
    async def retry_stream(caller: Annotated[Caller, write], stream_id: IdPath) -> StreamResponse:
        """Try a failed stream again, at most three times; it goes on after what was read."""
        async with api.acting(caller) as work:
            decision = await work.change.retry(StreamId(stream_id), actor=caller.key)
        return render(await api.view(decision.granted()), rtmp)

    @router.post("/{stream_id}/stream-key", responses=RESENT)
    async def rotate_stream_key(
        caller: Annotated[Caller, write], stream_id: IdPath, attempt: Resendable
    ) -> IngestResponse:
        """Make another stream key, which is shown this once. The old one opens nothing any more; who sends with it is cut off."""
        async with api.acting(caller) as work:

            async def make() -> IngestResponse:
                _, key = await work.change.rotate_key(StreamId(stream_id), actor=caller.key)
                return IngestResponse(url=rtmp, stream_key=key)

            async def still(made: IngestResponse) -> IngestResponse | None:
                stream = await work.streams.get(StreamId(stream_id))
                return made if stream and made.stream_key and stream.source.takes(made.stream_key) else None

            return await api.once(work, attempt, IngestResponse, make, still=still)

    @router.delete("/{stream_id}", status_code=204)
    async def delete_stream(caller: Annotated[Caller, remove], stream_id: IdPath) -> None:
        """Delete the stream and all that came of it."""
        async with api.acting(caller) as work:
            await work.change.delete(StreamId(stream_id), actor=caller.key)
