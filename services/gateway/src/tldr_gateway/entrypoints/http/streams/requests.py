"""Streams as JSON: what is asked for."""

from typing import Annotated, Literal, Self

from pydantic import ConfigDict, Field, model_validator

from tldr_gateway.application.streams.submit_stream import Place, Submission
from tldr_gateway.domain.streams.source import ChatFormat, SourceKind
from tldr_gateway.entrypoints.http.words import Channel, Flag, Id, Instant, Integer, Number, RequestBody, Text, WebUrl

MetadataName = Annotated[Text, Field(max_length=100)]
MetadataValue = Annotated[Text, Field(max_length=500)]
_MAX_OFFSET_MS = 48 * 3600 * 1000


class PlaceRequest(RequestBody):
    """Where a file is: give one of `upload_id` and `url`."""

    model_config = ConfigDict(
        json_schema_extra={
            "oneOf": [{"required": [name], "properties": {name: {"type": "string"}}} for name in ("upload_id", "url")]
        }
    )

    upload_id: Id | None = None
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
    """The recording. `live` is refused until live streams can be read."""

    kind: Literal["recording", "live"] = "recording"


class ChatRequest(PlaceRequest):
    """The chat replay. `offset_ms` is added to each message's time to give stream time."""

    format: ChatFormat = ChatFormat.AUTO
    offset_ms: Annotated[Integer, Field(ge=-_MAX_OFFSET_MS, le=_MAX_OFFSET_MS)] = 0
    media_started_at: Annotated[
        Instant | None,
        Field(
            description="When the recording began, for a chat whose times are dates. Without it, its first message is taken "
            "for the start."
        ),
    ] = None


class ProcessingRequest(RequestBody):
    """Figures to use in place of the preset's."""

    min_length_ms: Annotated[Integer | None, Field(ge=1000, le=600_000)] = None
    max_length_ms: Annotated[Integer | None, Field(ge=1000, le=600_000)] = None
    min_spacing_ms: Annotated[Integer | None, Field(ge=0, le=600_000)] = None
    max_per_hour: Annotated[Number | None, Field(gt=0, le=1000)] = None
    min_score: Annotated[Number | None, Field(ge=0, le=1)] = None
    chat_lag_ms: Annotated[Integer | None, Field(ge=0, le=60_000)] = None
    thorough: Flag | None = None

    @model_validator(mode="after")
    def _lengths_agree(self) -> Self:
        if self.min_length_ms and self.max_length_ms and self.min_length_ms > self.max_length_ms:
            raise ValueError("min_length_ms is larger than max_length_ms")
        return self


class StreamRequest(RequestBody):
    """A stream to be watched."""

    title: Annotated[Text, Field(max_length=300)] = ""
    source: SourceRequest
    chat: ChatRequest | None = None
    preset: Annotated[Text, Field(max_length=64)] = "gaming"
    processing: ProcessingRequest | None = None
    metadata: Annotated[dict[MetadataName, MetadataValue], Field(max_length=20)] = Field(default_factory=dict)
    channel: Annotated[
        Channel | None,
        Field(
            description="Streams of one channel share the vocabulary learned from them. Without it, the channel that an "
            "address of Twitch or YouTube names; empty: none."
        ),
    ] = None

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
            media_started_at=self.chat.media_started_at if self.chat else None,
            processing=self.processing.model_dump(exclude_none=True) if self.processing else None,
            metadata=self.metadata,
            channel=self.channel,
        )
