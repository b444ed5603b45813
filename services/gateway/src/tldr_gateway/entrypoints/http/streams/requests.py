"""Streams as JSON: what is asked for."""

from typing import Annotated, Self

from pydantic import Field, field_validator, model_validator

from tldr_gateway.application.streams.submission import Place, Submission
from tldr_gateway.domain.streams.source import ChatFormat, LiveChat, SourceKind
from tldr_gateway.entrypoints.http.configuration.used import ChoiceRequest
from tldr_gateway.entrypoints.http.streams.sources import (
    AnyChatRequest,
    ChatRequest,
    LiveSourceRequest,
    NoChatRequest,
    RecordingRequest,
    RtmpSourceRequest,
    SourceRequest,
)
from tldr_gateway.entrypoints.http.words import Channel, Flag, Integer, Number, RequestBody, Text

MetadataName = Annotated[Text, Field(max_length=100)]
MetadataValue = Annotated[Text, Field(max_length=500)]
SignalName = Annotated[
    str,
    Field(pattern=r"^external\.[a-z0-9_]{1,48}$", description="`external.` and a name of yours, as `external.kills`."),
]
_MOST_SIGNALS = 20


class ProcessingRequest(RequestBody):
    """Figures to use in place of the preset's or the processing config's."""

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


class StreamRequest(ChoiceRequest):
    """A stream to be watched."""

    title: Annotated[Text, Field(max_length=300)] = ""
    source: SourceRequest
    chat: AnyChatRequest | None = None
    processing: ProcessingRequest | None = None
    metadata: Annotated[dict[MetadataName, MetadataValue], Field(max_length=20)] = Field(default_factory=dict)
    channel: Annotated[
        Channel | None,
        Field(
            description="Streams of one channel share the vocabulary learned from them. Without it, the channel that an "
            "address of Twitch or YouTube names; empty: none."
        ),
    ] = None

    signals: Annotated[
        list[SignalName],
        Field(
            max_length=_MOST_SIGNALS,
            description="External signals that you will send to `/v1/streams/{id}/signals`. They make a dimension "
            "`telemetry`, a quarter of the score.",
        ),
    ] = Field(default_factory=list)

    @field_validator("signals")
    @classmethod
    def _each_once(cls, names: list[str]) -> list[str]:
        if len(set(names)) != len(names):
            raise ValueError("name each signal once")
        return names

    def submission(self) -> Submission:
        """The submission in the application's words."""
        replay = self.chat if isinstance(self.chat, ChatRequest) else None
        live = None if isinstance(self.source, RecordingRequest) else self.source.following()
        return Submission(
            title=self.title,
            media=_media(self.source),
            kind=SourceKind.LIVE if live else SourceKind.RECORDING,
            choice=self.choice(),
            chat=_chat(self.chat),
            chat_format=replay.format if replay else ChatFormat.AUTO,
            chat_offset_ms=replay.offset_ms if replay else 0,
            media_started_at=replay.media_started_at if replay else None,
            processing=self.processing.model_dump(exclude_none=True) if self.processing else None,
            metadata=self.metadata,
            channel=self.channel,
            live=live,
            without_chat=isinstance(self.chat, NoChatRequest),
            signals=tuple(self.signals),
        )


class StreamChangeRequest(RequestBody):
    """What is to change; the rest stays. `metadata` is replaced as a whole."""

    title: Annotated[Text | None, Field(max_length=300)] = None
    metadata: Annotated[dict[MetadataName, MetadataValue] | None, Field(max_length=20)] = None


def _media(source: SourceRequest) -> Place | None:
    if isinstance(source, RtmpSourceRequest):
        return None
    return Place(url=str(source.url)) if isinstance(source, LiveSourceRequest) else source.place()


def _chat(chat: AnyChatRequest | None) -> Place | LiveChat | None:
    if chat is None or isinstance(chat, NoChatRequest):
        return None
    return chat.place() if isinstance(chat, ChatRequest) else chat.chat()
