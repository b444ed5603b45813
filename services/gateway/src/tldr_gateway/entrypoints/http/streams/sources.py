"""Sources and chats as JSON: what is asked for."""

from typing import Annotated, Any, Literal, Self

from pydantic import ConfigDict, Discriminator, Field, Tag, model_validator

from tldr_gateway.application.streams.submission import Following, Place
from tldr_gateway.domain.streams.source import ChatFormat, LiveChat, LiveChatKind
from tldr_gateway.entrypoints.http.words import Flag, Id, Instant, Integer, RequestBody, WebUrl

_MAX_OFFSET_MS = 48 * 3600 * 1000
_WEEK_S = 7 * 86_400
_DAY_S = 86_400


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


class RecordingRequest(PlaceRequest):
    """A recording: a file, a playlist that has an end, or the page of a recording on Twitch, YouTube or Kick."""

    kind: Literal["recording"] = "recording"


class _LiveRequest(RequestBody):
    wait_until_live_s: Annotated[
        Integer, Field(ge=0, le=_WEEK_S, description="How long to wait for a source that is not live yet.")
    ] = 0
    ends_after_silence_s: Annotated[
        Integer, Field(ge=60, le=1800, description="A source that gives nothing for so long has ended.")
    ] = 300
    max_length_s: Annotated[
        Integer | None,
        Field(
            ge=60, le=7 * _DAY_S, description="The stream ends after so long; without it, after what the plan allows."
        ),
    ] = None

    def following(self) -> Following:
        """How it is to be followed."""
        return Following(self.wait_until_live_s, self.ends_after_silence_s, self.max_length_s)


class LiveSourceRequest(_LiveRequest):
    """A live source: an HLS playlist, or the page of a channel or video on Twitch, YouTube or Kick."""

    kind: Literal["live"]
    url: WebUrl
    from_start: Annotated[Flag, Field(description="Begin where the source's window begins, not at its live edge.")] = (
        False
    )
    max_height: Annotated[
        Integer | None,
        Field(ge=144, le=4320, description="Of several renditions the highest that is not taller is read."),
    ] = None

    def following(self) -> Following:
        """How it is to be followed."""
        return Following(
            self.wait_until_live_s,
            self.ends_after_silence_s,
            self.max_length_s,
            self.from_start,
            self.max_height or 0,
        )


class RtmpSourceRequest(_LiveRequest):
    """An encoder sends the stream to us by RTMP. The answer says where to, and the stream key: this once."""

    kind: Literal["rtmp"]
    wait_until_live_s: Annotated[Integer, Field(ge=0, le=_WEEK_S, description="How long to wait for the encoder.")] = (
        _DAY_S
    )


class ChatRequest(PlaceRequest):
    """A chat replay, of a recording. `offset_ms` is added to each message's time to give stream time."""

    kind: Literal["replay"] = "replay"
    format: ChatFormat = ChatFormat.AUTO
    offset_ms: Annotated[Integer, Field(ge=-_MAX_OFFSET_MS, le=_MAX_OFFSET_MS)] = 0
    media_started_at: Annotated[
        Instant | None,
        Field(
            description="When the recording began, for a chat whose times are dates. Without it, its first message is taken "
            "for the start."
        ),
    ] = None


class TwitchChatRequest(RequestBody):
    """The chat of a channel on Twitch, while it is written."""

    kind: Literal["twitch"]
    channel: Annotated[str, Field(pattern=r"^[A-Za-z0-9_]{2,25}$")]

    def chat(self) -> LiveChat:
        """The chat in the application's words."""
        return LiveChat(LiveChatKind.TWITCH, self.channel.casefold())


class YoutubeChatRequest(RequestBody):
    """The live chat beside a video on YouTube."""

    kind: Literal["youtube"]
    video: Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{11}$", description="The video's id of eleven characters.")]

    def chat(self) -> LiveChat:
        """The chat in the application's words."""
        return LiveChat(LiveChatKind.YOUTUBE, self.video)


class PushedChatRequest(RequestBody):
    """You send the chat, with `POST /v1/streams/{id}/chat`."""

    kind: Literal["push"]

    def chat(self) -> LiveChat:
        """The chat in the application's words."""
        return LiveChat(LiveChatKind.PUSH)


class NoChatRequest(RequestBody):
    """No chat, also where the source's page has one."""

    kind: Literal["none"]


def _kind(otherwise: str) -> Any:
    def of(given: Any) -> Any:
        return given.get("kind", otherwise) if isinstance(given, dict) else getattr(given, "kind", otherwise)

    return Discriminator(of)


SourceRequest = Annotated[
    Annotated[RecordingRequest, Tag("recording")]
    | Annotated[LiveSourceRequest, Tag("live")]
    | Annotated[RtmpSourceRequest, Tag("rtmp")],
    _kind("recording"),
]
AnyChatRequest = Annotated[
    Annotated[ChatRequest, Tag("replay")]
    | Annotated[TwitchChatRequest, Tag("twitch")]
    | Annotated[YoutubeChatRequest, Tag("youtube")]
    | Annotated[PushedChatRequest, Tag("push")]
    | Annotated[NoChatRequest, Tag("none")],
    _kind("replay"),
]
