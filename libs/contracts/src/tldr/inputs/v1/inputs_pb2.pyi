from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class InputEvent(_message.Message):
    __slots__ = ("chat_pushed", "signals_pushed")
    CHAT_PUSHED_FIELD_NUMBER: _ClassVar[int]
    SIGNALS_PUSHED_FIELD_NUMBER: _ClassVar[int]
    chat_pushed: ChatPushed
    signals_pushed: SignalsPushed
    def __init__(self, chat_pushed: _Optional[_Union[ChatPushed, _Mapping]] = ..., signals_pushed: _Optional[_Union[SignalsPushed, _Mapping]] = ...) -> None: ...

class ChatPushed(_message.Message):
    __slots__ = ("stream_id", "messages", "received_ms")
    STREAM_ID_FIELD_NUMBER: _ClassVar[int]
    MESSAGES_FIELD_NUMBER: _ClassVar[int]
    RECEIVED_MS_FIELD_NUMBER: _ClassVar[int]
    stream_id: str
    messages: _containers.RepeatedCompositeFieldContainer[PushedMessage]
    received_ms: int
    def __init__(self, stream_id: _Optional[str] = ..., messages: _Optional[_Iterable[_Union[PushedMessage, _Mapping]]] = ..., received_ms: _Optional[int] = ...) -> None: ...

class PushedMessage(_message.Message):
    __slots__ = ("id", "wall_ms", "stream_ms", "author", "text", "emotes", "deleted")
    ID_FIELD_NUMBER: _ClassVar[int]
    WALL_MS_FIELD_NUMBER: _ClassVar[int]
    STREAM_MS_FIELD_NUMBER: _ClassVar[int]
    AUTHOR_FIELD_NUMBER: _ClassVar[int]
    TEXT_FIELD_NUMBER: _ClassVar[int]
    EMOTES_FIELD_NUMBER: _ClassVar[int]
    DELETED_FIELD_NUMBER: _ClassVar[int]
    id: str
    wall_ms: int
    stream_ms: int
    author: str
    text: str
    emotes: _containers.RepeatedScalarFieldContainer[str]
    deleted: bool
    def __init__(self, id: _Optional[str] = ..., wall_ms: _Optional[int] = ..., stream_ms: _Optional[int] = ..., author: _Optional[str] = ..., text: _Optional[str] = ..., emotes: _Optional[_Iterable[str]] = ..., deleted: _Optional[bool] = ...) -> None: ...

class SignalsPushed(_message.Message):
    __slots__ = ("stream_id", "samples", "received_ms")
    STREAM_ID_FIELD_NUMBER: _ClassVar[int]
    SAMPLES_FIELD_NUMBER: _ClassVar[int]
    RECEIVED_MS_FIELD_NUMBER: _ClassVar[int]
    stream_id: str
    samples: _containers.RepeatedCompositeFieldContainer[PushedSample]
    received_ms: int
    def __init__(self, stream_id: _Optional[str] = ..., samples: _Optional[_Iterable[_Union[PushedSample, _Mapping]]] = ..., received_ms: _Optional[int] = ...) -> None: ...

class PushedSample(_message.Message):
    __slots__ = ("signal", "wall_ms", "stream_ms", "value")
    SIGNAL_FIELD_NUMBER: _ClassVar[int]
    WALL_MS_FIELD_NUMBER: _ClassVar[int]
    STREAM_MS_FIELD_NUMBER: _ClassVar[int]
    VALUE_FIELD_NUMBER: _ClassVar[int]
    signal: str
    wall_ms: int
    stream_ms: int
    value: float
    def __init__(self, signal: _Optional[str] = ..., wall_ms: _Optional[int] = ..., stream_ms: _Optional[int] = ..., value: _Optional[float] = ...) -> None: ...
