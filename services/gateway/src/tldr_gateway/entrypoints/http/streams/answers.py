"""Streams as JSON: what is answered."""

from datetime import UTC, datetime
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, Field

from tldr_gateway.application.ports import HistoryEntry
from tldr_gateway.application.streams.view_stream import LiveView, StreamView
from tldr_gateway.domain.configuration.profile import preset_named
from tldr_gateway.domain.streams.live import SourceState
from tldr_gateway.domain.streams.source import ChatFormat
from tldr_gateway.entrypoints.http.configuration.used import UsedResponse, render_used
from tldr_secrets import struck

Told = Annotated[str, AfterValidator(struck)]
"""What a service says of a failure may quote an address."""


class FailureResponse(BaseModel):
    """Why something failed: a word for programs, a sentence for people."""

    code: str
    reason: Told


class ProgressResponse(BaseModel):
    """How far a stream is. A figure that is not known now is null.

    `incomplete`: a part that knows more of the stream or its chat does not answer now. Nothing is lost; ask again in a moment.
    """

    stage: str
    share_done: float | None
    seconds_processed: float | None
    estimated_seconds_left: float | None
    incomplete: bool = False


class ChatRowsResponse(BaseModel):
    """Rows of a chat file, or messages of a live chat. `messages` lie within the recording; the others were left out.

    `unreadable`: not to be read, or without a time. `impossible`: with a time that lies in no stream. `before_start`,
    `after_end`: outside of the recording. `crowded`: more than can be read of a few seconds. `other`: no messages. Of a live
    chat: `late`, came when their seconds were settled; `taken_back`; `in_gaps`, in seconds of which others are missing.
    """

    messages: int
    unreadable: int
    impossible: int
    before_start: int
    after_end: int
    crowded: int
    other: int
    late: int = 0
    taken_back: int = 0
    in_gaps: int = 0


class ChatNoteResponse(BaseModel):
    """What should be known of how a chat was read: a word for programs, a sentence for people."""

    code: str
    reason: str


class ChatResponse(BaseModel):
    """What became of a stream's chat. `format` and `rows` are null before it was read; with a `failure` the chat was not used
    to its end.
    """

    ended: bool
    format: ChatFormat | None = None
    rows: ChatRowsResponse | None
    notes: list[ChatNoteResponse]
    failure: FailureResponse | None


class LiveResponse(BaseModel):
    """A live source as it is now, since then. A figure that is not known now is null.

    `edge_lag_s`: how far behind the source's edge it is read. `reconnects`: how often it came back. `wall_zero`: the wall
    clock at stream time 0, give or take `uncertainty_ms`. `reason`: why it is waited for, interrupted, or ended badly.
    """

    state: SourceState
    since: datetime
    edge_lag_s: float | None
    reconnects: int | None
    wall_zero: datetime | None
    uncertainty_ms: int | None
    reason: FailureResponse | None


class IngestResponse(BaseModel):
    """Where an encoder sends picture and sound. `stream_key` is shown once: in the answer to the request that made it.

    Where it was lost, `POST /v1/streams/{id}/stream-key` makes another one.
    """

    url: str
    stream_key: str | None
    note: str | None = None


class StreamResponse(BaseModel):
    """A stream. `preset`: null where a set of your own was chosen. `live`: what is known of a live source. `ingest`: of one that
    an encoder sends to us. `created_by`: the key that submitted it.
    """

    id: str
    title: str
    state: str
    attempt: int
    preset: str | None
    configuration: UsedResponse | None = None
    progress: ProgressResponse
    chat: ChatResponse | None
    live: LiveResponse | None = None
    ingest: IngestResponse | None = None
    signals: list[str] = Field(default_factory=list)
    failure: FailureResponse | None
    duration_ms: int | None
    highlight_count: int | None
    metadata: dict[str, str]
    channel: str
    created_at: datetime
    created_by: str | None = None
    started_at: datetime | None
    ended_at: datetime | None


class StreamsResponse(BaseModel):
    """A page of streams, newest first. Pass `next_cursor` as `cursor` for the next page."""

    streams: list[StreamResponse]
    next_cursor: str | None


class HistoryEntryResponse(BaseModel):
    """A change of state that was asked for; one that was refused changed nothing."""

    number: int
    at: datetime
    before: str
    after: str
    cause: str
    applied: bool
    attempt: int
    detail: Told


class HistoryResponse(BaseModel):
    """A page of a stream's history, oldest first. Pass `next_cursor` as `cursor` for the next page."""

    events: list[HistoryEntryResponse]
    next_cursor: int | None


class GapResponse(BaseModel):
    """A range of a modality that could not be read, decoded or scored."""

    modality: str
    start_ms: int
    end_ms: int
    code: str
    reason: Told


class GapsResponse(BaseModel):
    """What is missing."""

    gaps: list[GapResponse]


class ScoresResponse(BaseModel):
    """The fused score, one value a second, null where nothing is known."""

    start_s: int
    scores: list[float | None]


def render(view: StreamView, rtmp_url: str, *, key: str | None = None) -> StreamResponse:
    """A stream as JSON; `key` where its stream key was just made."""
    stream = view.stream
    return StreamResponse(
        id=stream.id,
        title=stream.title,
        state=stream.state,
        attempt=stream.attempt,
        preset=preset_named(stream.profile),
        configuration=render_used(stream.profile),
        progress=ProgressResponse(
            stage=view.stage,
            share_done=view.share_done,
            seconds_processed=view.seconds_processed,
            estimated_seconds_left=view.seconds_left,
            incomplete=view.incomplete,
        ),
        chat=ChatResponse.model_validate(view.chat) if view.chat else None,
        live=_live(view.live) if view.live else None,
        ingest=IngestResponse(url=rtmp_url, stream_key=key) if stream.source.push else None,
        signals=list(stream.signals),
        failure=FailureResponse(code=stream.failure.code, reason=stream.failure.reason) if stream.failure else None,
        duration_ms=stream.duration_ms,
        highlight_count=stream.highlights,
        metadata=stream.metadata,
        channel=stream.channel,
        created_at=stream.created_at,
        created_by=stream.created_by,
        started_at=stream.started_at,
        ended_at=stream.ended_at,
    )


def without_key(answer: StreamResponse) -> StreamResponse:
    """The answer as it is kept for a request that is sent again: a key is shown once."""
    if answer.ingest is None or answer.ingest.stream_key is None:
        return answer
    note = f"The stream key was shown once. POST /v1/streams/{answer.id}/stream-key makes another one."
    return answer.model_copy(update={"ingest": IngestResponse(url=answer.ingest.url, stream_key=None, note=note)})


def _live(live: LiveView) -> LiveResponse:
    source = live.source
    zero = source.wall_zero_ms
    return LiveResponse(
        state=live.state,
        since=live.since,
        edge_lag_s=source.edge_lag_s,
        reconnects=source.reconnects,
        wall_zero=datetime.fromtimestamp(zero / 1000, UTC) if zero else None,
        uncertainty_ms=source.wall_uncertainty_ms,
        reason=FailureResponse(code=live.reason.code, reason=live.reason.reason) if live.reason else None,
    )


def render_entry(entry: HistoryEntry) -> HistoryEntryResponse:
    """A row of a history as JSON."""
    return HistoryEntryResponse(
        number=entry.number,
        at=entry.at,
        before=entry.transition.before,
        after=entry.transition.after,
        cause=entry.transition.cause,
        applied=entry.transition.applied,
        attempt=entry.attempt,
        detail=entry.detail,
    )


def render_gap(gap: dict[str, Any]) -> GapResponse:
    """A gap, kept in the published language's JSON form, as the API says it."""
    span = gap.get("range", {})
    return GapResponse(
        modality=str(gap.get("modality", "unspecified")).removeprefix("MODALITY_").lower(),
        start_ms=int(span.get("start_ms", 0)),
        end_ms=int(span.get("end_ms", 0)),
        code=gap.get("code", ""),
        reason=gap.get("reason", ""),
    )
