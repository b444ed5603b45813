"""What customers send into a live stream: chat, and external signals."""

from datetime import UTC, datetime
from typing import Annotated, Self

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field, model_validator

from tldr_contracts.ids import StreamId
from tldr_gateway.application.accounts.caller import Caller
from tldr_gateway.application.streams.push_rate import PushRate
from tldr_gateway.domain.accounts.scopes import Scope
from tldr_gateway.domain.streams.pushed import SIGNAL_PREFIX, Moment, PushedMessage, PushedSample
from tldr_gateway.entrypoints.http.api import Api
from tldr_gateway.entrypoints.http.words import Flag, IdPath, Instant, Integer, Number, RequestBody, Text

_MOST = 1000
_LONGEST_MS = 8 * 86_400_000
_EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)
_CHAT_RATE = (500.0, 10_000.0)
"""Messages a second that a stream takes all the time, and at once. The largest chats there are write some 300."""
_SIGNAL_RATE = (40.0, 20_000.0)
"""Twenty signals at 1 Hz, twice over; a quarter of an hour of them at once."""


class _Timed(RequestBody):
    at: Annotated[Instant | None, Field(description="By the wall clock.")] = None
    offset_ms: Annotated[Integer | None, Field(ge=0, le=_LONGEST_MS, description="In stream time.")] = None

    def moment(self) -> Moment:
        """When it was."""
        return Moment(None if self.at is None else round(1000 * self.at.timestamp()), self.offset_ms)

    def _says_when(self, *, must: bool) -> None:
        if self.at is not None and self.offset_ms is not None:
            raise ValueError("give one of at and offset_ms")
        if must and self.at is None and self.offset_ms is None:
            raise ValueError("give one of at and offset_ms")
        if self.at is not None and self.at < _EARLIEST:
            raise ValueError("at lies before the year 2000")


class MessageRequest(_Timed):
    """A chat message. Its `id` is yours: the same is counted once, so a call may be sent again. With `deleted` the message of
    this id is taken back, and needs neither time nor text.
    """

    id: Annotated[Text, Field(min_length=1, max_length=128)]
    author: Annotated[Text, Field(max_length=100)] = ""
    text: Annotated[Text, Field(max_length=2000)] = ""
    emotes: Annotated[list[Annotated[Text, Field(min_length=1, max_length=100)]], Field(max_length=100)] = Field(
        default_factory=list
    )
    deleted: Flag = False

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        self._says_when(must=not self.deleted)
        if not self.deleted and not self.text.strip():
            raise ValueError("text is empty")
        return self

    def message(self) -> PushedMessage:
        """The message in the application's words."""
        return PushedMessage(self.id, self.moment(), self.author, self.text, tuple(self.emotes), self.deleted)


class ChatPushRequest(RequestBody):
    """Chat messages, in any order."""

    messages: Annotated[list[MessageRequest], Field(min_length=1, max_length=_MOST)]


class SampleRequest(_Timed):
    """A second's figure of a signal that the stream declared; of two in one second the later one counts."""

    model_config = ConfigDict(
        json_schema_extra={
            "oneOf": [
                {"required": ["at"], "properties": {"at": {"type": "string"}}},
                {"required": ["offset_ms"], "properties": {"offset_ms": {"type": "integer"}}},
            ]
        }
    )

    name: Annotated[
        str, Field(pattern=r"^(external\.)?[a-z0-9_]{1,48}$", description="As declared, with or without `external.`.")
    ]
    value: Annotated[Number, Field(ge=-1e12, le=1e12, allow_inf_nan=False)]

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        self._says_when(must=True)
        return self

    def sample(self) -> PushedSample:
        """The figure in the application's words."""
        return PushedSample(SIGNAL_PREFIX + self.name.removeprefix(SIGNAL_PREFIX), self.moment(), self.value)


class SignalPushRequest(RequestBody):
    """Figures of external signals, one for each second."""

    samples: Annotated[list[SampleRequest], Field(min_length=1, max_length=_MOST)]


class ChatTakenResponse(BaseModel):
    """What was taken: new messages, and messages that are taken back."""

    messages: int
    deleted: int


class SignalsTakenResponse(BaseModel):
    """What was taken; `replaced` were figures of a second for which the same call had a later one."""

    samples: int
    replaced: int


def routes(api: Api) -> APIRouter:
    """The routes that take what is pushed."""
    router = APIRouter(prefix="/v1/streams", tags=["live"])
    write = api.caller(Scope.STREAMS_WRITE)
    chat_rate, signal_rate = PushRate(*_CHAT_RATE), PushRate(*_SIGNAL_RATE)

    @router.post("/{stream_id}/chat", status_code=202)
    async def push_chat(
        caller: Annotated[Caller, write], stream_id: IdPath, request: ChatPushRequest
    ) -> ChatTakenResponse:
        """Send chat into a live stream that was submitted with a chat of kind `push`: at most 1,000 messages and 1 MiB a call."""
        chat_rate.take(f"{caller.organization}/{stream_id}", len(request.messages))
        async with api.bound(caller.organization) as work:
            await work.push.chat(StreamId(stream_id), [message.message() for message in request.messages])
        deleted = sum(message.deleted for message in request.messages)
        return ChatTakenResponse(messages=len(request.messages) - deleted, deleted=deleted)

    @router.post("/{stream_id}/signals", status_code=202)
    async def push_signals(
        caller: Annotated[Caller, write], stream_id: IdPath, request: SignalPushRequest
    ) -> SignalsTakenResponse:
        """Send figures of external signals into a live stream that declared them, one a second of each."""
        signal_rate.take(f"{caller.organization}/{stream_id}", len(request.samples))
        async with api.bound(caller.organization) as work:
            taken = await work.push.signals(StreamId(stream_id), [sample.sample() for sample in request.samples])
        return SignalsTakenResponse(samples=taken, replaced=len(request.samples) - taken)

    return router
