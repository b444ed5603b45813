from tldr.common.v1 import common_pb2 as _common_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class ChatSignalEvent(_message.Message):
    __slots__ = ("measured", "gap_found", "ended")
    MEASURED_FIELD_NUMBER: _ClassVar[int]
    GAP_FOUND_FIELD_NUMBER: _ClassVar[int]
    ENDED_FIELD_NUMBER: _ClassVar[int]
    measured: ChatSignalsMeasured
    gap_found: ChatSignalGapFound
    ended: ChatSignalsEnded
    def __init__(self, measured: _Optional[_Union[ChatSignalsMeasured, _Mapping]] = ..., gap_found: _Optional[_Union[ChatSignalGapFound, _Mapping]] = ..., ended: _Optional[_Union[ChatSignalsEnded, _Mapping]] = ...) -> None: ...

class ChatSignalsMeasured(_message.Message):
    __slots__ = ("stream_id", "series", "complete_until_ms", "words")
    STREAM_ID_FIELD_NUMBER: _ClassVar[int]
    SERIES_FIELD_NUMBER: _ClassVar[int]
    COMPLETE_UNTIL_MS_FIELD_NUMBER: _ClassVar[int]
    WORDS_FIELD_NUMBER: _ClassVar[int]
    stream_id: str
    series: _containers.RepeatedCompositeFieldContainer[_common_pb2.Series]
    complete_until_ms: int
    words: WordCounts
    def __init__(self, stream_id: _Optional[str] = ..., series: _Optional[_Iterable[_Union[_common_pb2.Series, _Mapping]]] = ..., complete_until_ms: _Optional[int] = ..., words: _Optional[_Union[WordCounts, _Mapping]] = ...) -> None: ...

class WordCounts(_message.Message):
    __slots__ = ("start_s", "words", "seconds", "word_indexes", "counts")
    START_S_FIELD_NUMBER: _ClassVar[int]
    WORDS_FIELD_NUMBER: _ClassVar[int]
    SECONDS_FIELD_NUMBER: _ClassVar[int]
    WORD_INDEXES_FIELD_NUMBER: _ClassVar[int]
    COUNTS_FIELD_NUMBER: _ClassVar[int]
    start_s: int
    words: _containers.RepeatedScalarFieldContainer[str]
    seconds: _containers.RepeatedScalarFieldContainer[int]
    word_indexes: _containers.RepeatedScalarFieldContainer[int]
    counts: _containers.RepeatedScalarFieldContainer[int]
    def __init__(self, start_s: _Optional[int] = ..., words: _Optional[_Iterable[str]] = ..., seconds: _Optional[_Iterable[int]] = ..., word_indexes: _Optional[_Iterable[int]] = ..., counts: _Optional[_Iterable[int]] = ...) -> None: ...

class ChatSignalGapFound(_message.Message):
    __slots__ = ("stream_id", "gap", "complete_until_ms")
    STREAM_ID_FIELD_NUMBER: _ClassVar[int]
    GAP_FIELD_NUMBER: _ClassVar[int]
    COMPLETE_UNTIL_MS_FIELD_NUMBER: _ClassVar[int]
    stream_id: str
    gap: _common_pb2.Gap
    complete_until_ms: int
    def __init__(self, stream_id: _Optional[str] = ..., gap: _Optional[_Union[_common_pb2.Gap, _Mapping]] = ..., complete_until_ms: _Optional[int] = ...) -> None: ...

class ChatSignalsEnded(_message.Message):
    __slots__ = ("stream_id", "attempt", "duration_ms", "failure")
    STREAM_ID_FIELD_NUMBER: _ClassVar[int]
    ATTEMPT_FIELD_NUMBER: _ClassVar[int]
    DURATION_MS_FIELD_NUMBER: _ClassVar[int]
    FAILURE_FIELD_NUMBER: _ClassVar[int]
    stream_id: str
    attempt: int
    duration_ms: int
    failure: _common_pb2.Failure
    def __init__(self, stream_id: _Optional[str] = ..., attempt: _Optional[int] = ..., duration_ms: _Optional[int] = ..., failure: _Optional[_Union[_common_pb2.Failure, _Mapping]] = ...) -> None: ...
