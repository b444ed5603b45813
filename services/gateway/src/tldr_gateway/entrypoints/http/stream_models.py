"""Streams as JSON: what is asked for, what is answered."""

from datetime import datetime
from typing import Annotated, Any, Literal, Self

from pydantic import AnyUrl, BaseModel, Field, UrlConstraints, model_validator

from tldr_gateway.application.submit_stream import Place, Submission
from tldr_gateway.application.view_stream import StreamView
from tldr_gateway.domain.source import ChatFormat, SourceKind

WebUrl = Annotated[AnyUrl, UrlConstraints(allowed_schemes=["http", "https"], max_length=2000)]
_MAX_OFFSET_MS = 48 * 3600 * 1000


class PlaceRequest(BaseModel):
    """Where a file is: give one of `upload_id` and `url`."""

    upload_id: str | None = None
    url: WebUrl | None = None

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if (self.upload_id is None) == (self.url is None):
            raise ValueError("give one of upload_id and url")
        return self

    def place(self) -> Place:
        """The place in the application's words."""
        return Place(self.upload_id, str(self.url) if self.url else None)


class SourceRequest(PlaceRequest):
    """The recording."""

    kind: Literal["recording"] = "recording"


class ChatRequest(PlaceRequest):
    """The chat replay. `offset_ms` is added to each message's time to give stream time."""

    format: ChatFormat = ChatFormat.AUTO
    offset_ms: Annotated[int, Field(ge=-_MAX_OFFSET_MS, le=_MAX_OFFSET_MS)] = 0


class ProcessingRequest(BaseModel):
    """Figures to use in place of the preset's."""

    min_length_ms: Annotated[int | None, Field(ge=1000, le=600_000)] = None
    max_length_ms: Annotated[int | None, Field(ge=1000, le=600_000)] = None
    min_spacing_ms: Annotated[int | None, Field(ge=0, le=600_000)] = None
    max_per_hour: Annotated[float | None, Field(gt=0, le=1000)] = None
    min_score: Annotated[float | None, Field(ge=0, le=1)] = None
    chat_lag_ms: Annotated[int | None, Field(ge=0, le=60_000)] = None
    thorough: bool | None = None

    @model_validator(mode="after")
    def _lengths_agree(self) -> Self:
        if self.min_length_ms and self.max_length_ms and self.min_length_ms > self.max_length_ms:
            raise ValueError("min_length_ms is larger than max_length_ms")
        return self


class StreamRequest(BaseModel):
    """A stream to be watched."""

    title: Annotated[str, Field(max_length=300)] = ""
    source: SourceRequest
    chat: ChatRequest | None = None
    preset: Annotated[str, Field(max_length=64)] = "gaming"
    processing: ProcessingRequest | None = None
    metadata: Annotated[dict[str, Annotated[str, Field(max_length=500)]], Field(max_length=20)] = {}

    def submission(self) -> Submission:
        """The submission in the application's words."""
        return Submission(
            title=self.title,
            media=self.source.place(),
            kind=SourceKind(self.source.kind),
            preset=self.preset,
            chat=self.chat.place() if self.chat else None,
            chat_format=self.chat.format if self.chat else ChatFormat.AUTO,
            chat_offset_ms=self.chat.offset_ms if self.chat else 0,
            processing=self.processing.model_dump(exclude_none=True) if self.processing else None,
            metadata=self.metadata,
        )


class FailureResponse(BaseModel):
    """Why something failed: a word for programs, a sentence for people."""

    code: str
    reason: str


class ProgressResponse(BaseModel):
    """How far a stream is. A figure that is not known now is null."""

    stage: str
    share_done: float | None
    seconds_processed: float | None
    estimated_seconds_left: float | None


class StreamResponse(BaseModel):
    """A stream."""

    id: str
    title: str
    state: str
    attempt: int
    preset: str
    progress: ProgressResponse
    failure: FailureResponse | None
    duration_ms: int | None
    highlight_count: int | None
    metadata: dict[str, str]
    created_at: datetime
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
    detail: str


class HistoryResponse(BaseModel):
    """A stream's history, oldest first."""

    events: list[HistoryEntryResponse]


class GapResponse(BaseModel):
    """A range of a modality that could not be read, decoded or scored."""

    modality: str
    start_ms: int
    end_ms: int
    code: str
    reason: str


class GapsResponse(BaseModel):
    """What is missing."""

    gaps: list[GapResponse]


class ScoresResponse(BaseModel):
    """The fused score, one value a second, null where nothing is known."""

    start_s: int
    scores: list[float | None]


def render(view: StreamView) -> StreamResponse:
    """A stream as JSON."""
    stream = view.stream
    return StreamResponse(
        id=stream.id,
        title=stream.title,
        state=stream.state,
        attempt=stream.attempt,
        preset=stream.profile.name,
        progress=ProgressResponse(
            stage=view.stage,
            share_done=view.share_done,
            seconds_processed=view.seconds_processed,
            estimated_seconds_left=view.seconds_left,
        ),
        failure=FailureResponse(code=stream.failure.code, reason=stream.failure.reason) if stream.failure else None,
        duration_ms=stream.duration_ms,
        highlight_count=stream.highlights,
        metadata=stream.metadata,
        created_at=stream.created_at,
        started_at=stream.started_at,
        ended_at=stream.ended_at,
    )


def render_gap(gap: dict[str, Any]) -> GapResponse:
    """A gap, kept in the published language's JSON form, as the API says it."""
    span = gap.get("range", {})
    return GapResponse(
        modality=str(gap["modality"]).removeprefix("MODALITY_").lower(),
        start_ms=int(span.get("start_ms", 0)),
        end_ms=int(span.get("end_ms", 0)),
        code=gap.get("code", ""),
        reason=gap.get("reason", ""),
    )
