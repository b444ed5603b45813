from tldr.common.v1 import common_pb2 as _common_pb2
from tldr.streams.v1 import streams_pb2 as _streams_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class ChatEvent(_message.Message):
    __slots__ = ("window_read", "gap_found", "ended")
    WINDOW_READ_FIELD_NUMBER: _ClassVar[int]
    GAP_FOUND_FIELD_NUMBER: _ClassVar[int]
    ENDED_FIELD_NUMBER: _ClassVar[int]
    window_read: ChatWindowRead
    gap_found: ChatGapFound
    ended: ChatEnded
    def __init__(self, window_read: _Optional[_Union[ChatWindowRead, _Mapping]] = ..., gap_found: _Optional[_Union[ChatGapFound, _Mapping]] = ..., ended: _Optional[_Union[ChatEnded, _Mapping]] = ...) -> None: ...

class ChatWindowRead(_message.Message):
    __slots__ = ("stream_id", "index", "range", "messages", "object", "complete_until_ms")
    STREAM_ID_FIELD_NUMBER: _ClassVar[int]
    INDEX_FIELD_NUMBER: _ClassVar[int]
    RANGE_FIELD_NUMBER: _ClassVar[int]
    MESSAGES_FIELD_NUMBER: _ClassVar[int]
    OBJECT_FIELD_NUMBER: _ClassVar[int]
    COMPLETE_UNTIL_MS_FIELD_NUMBER: _ClassVar[int]
    stream_id: str
    index: int
    range: _common_pb2.TimeRange
    messages: ChatMessages
    object: _common_pb2.ObjectReference
    complete_until_ms: int
    def __init__(self, stream_id: _Optional[str] = ..., index: _Optional[int] = ..., range: _Optional[_Union[_common_pb2.TimeRange, _Mapping]] = ..., messages: _Optional[_Union[ChatMessages, _Mapping]] = ..., object: _Optional[_Union[_common_pb2.ObjectReference, _Mapping]] = ..., complete_until_ms: _Optional[int] = ...) -> None: ...

class ChatMessages(_message.Message):
    __slots__ = ("messages",)
    MESSAGES_FIELD_NUMBER: _ClassVar[int]
    messages: _containers.RepeatedCompositeFieldContainer[ChatMessage]
    def __init__(self, messages: _Optional[_Iterable[_Union[ChatMessage, _Mapping]]] = ...) -> None: ...

class ChatMessage(_message.Message):
    __slots__ = ("at_ms", "author", "text", "emotes")
    AT_MS_FIELD_NUMBER: _ClassVar[int]
    AUTHOR_FIELD_NUMBER: _ClassVar[int]
    TEXT_FIELD_NUMBER: _ClassVar[int]
    EMOTES_FIELD_NUMBER: _ClassVar[int]
    at_ms: int
    author: str
    text: str
    emotes: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, at_ms: _Optional[int] = ..., author: _Optional[str] = ..., text: _Optional[str] = ..., emotes: _Optional[_Iterable[str]] = ...) -> None: ...

class ChatGapFound(_message.Message):
    __slots__ = ("stream_id", "gap", "complete_until_ms")
    STREAM_ID_FIELD_NUMBER: _ClassVar[int]
    GAP_FIELD_NUMBER: _ClassVar[int]
    COMPLETE_UNTIL_MS_FIELD_NUMBER: _ClassVar[int]
    stream_id: str
    gap: _common_pb2.Gap
    complete_until_ms: int
    def __init__(self, stream_id: _Optional[str] = ..., gap: _Optional[_Union[_common_pb2.Gap, _Mapping]] = ..., complete_until_ms: _Optional[int] = ...) -> None: ...

class ChatEnded(_message.Message):
    __slots__ = ("stream_id", "attempt", "duration_ms", "failure", "rows", "notes", "format")
    STREAM_ID_FIELD_NUMBER: _ClassVar[int]
    ATTEMPT_FIELD_NUMBER: _ClassVar[int]
    DURATION_MS_FIELD_NUMBER: _ClassVar[int]
    FAILURE_FIELD_NUMBER: _ClassVar[int]
    ROWS_FIELD_NUMBER: _ClassVar[int]
    NOTES_FIELD_NUMBER: _ClassVar[int]
    FORMAT_FIELD_NUMBER: _ClassVar[int]
    stream_id: str
    attempt: int
    duration_ms: int
    failure: _common_pb2.Failure
    rows: ChatRows
    notes: _containers.RepeatedCompositeFieldContainer[ChatNote]
    format: _streams_pb2.ChatFormat
    def __init__(self, stream_id: _Optional[str] = ..., attempt: _Optional[int] = ..., duration_ms: _Optional[int] = ..., failure: _Optional[_Union[_common_pb2.Failure, _Mapping]] = ..., rows: _Optional[_Union[ChatRows, _Mapping]] = ..., notes: _Optional[_Iterable[_Union[ChatNote, _Mapping]]] = ..., format: _Optional[_Union[_streams_pb2.ChatFormat, str]] = ...) -> None: ...

class ChatRows(_message.Message):
    __slots__ = ("messages", "unreadable", "impossible", "before_start", "after_end", "crowded", "other", "late", "taken_back", "in_gaps")
    MESSAGES_FIELD_NUMBER: _ClassVar[int]
    UNREADABLE_FIELD_NUMBER: _ClassVar[int]
    IMPOSSIBLE_FIELD_NUMBER: _ClassVar[int]
    BEFORE_START_FIELD_NUMBER: _ClassVar[int]
    AFTER_END_FIELD_NUMBER: _ClassVar[int]
    CROWDED_FIELD_NUMBER: _ClassVar[int]
    OTHER_FIELD_NUMBER: _ClassVar[int]
    LATE_FIELD_NUMBER: _ClassVar[int]
    TAKEN_BACK_FIELD_NUMBER: _ClassVar[int]
    IN_GAPS_FIELD_NUMBER: _ClassVar[int]
    messages: int
    unreadable: int
    impossible: int
    before_start: int
    after_end: int
    crowded: int
    other: int
    late: int
    taken_back: int
    in_gaps: int
    def __init__(self, messages: _Optional[int] = ..., unreadable: _Optional[int] = ..., impossible: _Optional[int] = ..., before_start: _Optional[int] = ..., after_end: _Optional[int] = ..., crowded: _Optional[int] = ..., other: _Optional[int] = ..., late: _Optional[int] = ..., taken_back: _Optional[int] = ..., in_gaps: _Optional[int] = ...) -> None: ...

class ChatNote(_message.Message):
    __slots__ = ("code", "reason")
    CODE_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    code: str
    reason: str
    def __init__(self, code: _Optional[str] = ..., reason: _Optional[str] = ...) -> None: ...
