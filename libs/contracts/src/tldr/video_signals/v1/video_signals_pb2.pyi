from tldr.common.v1 import common_pb2 as _common_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class VideoSignalEvent(_message.Message):
    __slots__ = ("measured", "gap_found", "ended")
    MEASURED_FIELD_NUMBER: _ClassVar[int]
    GAP_FOUND_FIELD_NUMBER: _ClassVar[int]
    ENDED_FIELD_NUMBER: _ClassVar[int]
    measured: VideoSignalsMeasured
    gap_found: VideoGapFound
    ended: VideoSignalsEnded
    def __init__(self, measured: _Optional[_Union[VideoSignalsMeasured, _Mapping]] = ..., gap_found: _Optional[_Union[VideoGapFound, _Mapping]] = ..., ended: _Optional[_Union[VideoSignalsEnded, _Mapping]] = ...) -> None: ...

class VideoSignalsMeasured(_message.Message):
    __slots__ = ("stream_id", "series", "cuts_ms", "pauses", "complete_until_ms", "completeness")
    STREAM_ID_FIELD_NUMBER: _ClassVar[int]
    SERIES_FIELD_NUMBER: _ClassVar[int]
    CUTS_MS_FIELD_NUMBER: _ClassVar[int]
    PAUSES_FIELD_NUMBER: _ClassVar[int]
    COMPLETE_UNTIL_MS_FIELD_NUMBER: _ClassVar[int]
    COMPLETENESS_FIELD_NUMBER: _ClassVar[int]
    stream_id: str
    series: _containers.RepeatedCompositeFieldContainer[_common_pb2.Series]
    cuts_ms: _containers.RepeatedScalarFieldContainer[int]
    pauses: _containers.RepeatedCompositeFieldContainer[_common_pb2.TimeRange]
    complete_until_ms: int
    completeness: _containers.RepeatedCompositeFieldContainer[ModalityCompleteness]
    def __init__(self, stream_id: _Optional[str] = ..., series: _Optional[_Iterable[_Union[_common_pb2.Series, _Mapping]]] = ..., cuts_ms: _Optional[_Iterable[int]] = ..., pauses: _Optional[_Iterable[_Union[_common_pb2.TimeRange, _Mapping]]] = ..., complete_until_ms: _Optional[int] = ..., completeness: _Optional[_Iterable[_Union[ModalityCompleteness, _Mapping]]] = ...) -> None: ...

class ModalityCompleteness(_message.Message):
    __slots__ = ("modality", "complete_until_ms")
    MODALITY_FIELD_NUMBER: _ClassVar[int]
    COMPLETE_UNTIL_MS_FIELD_NUMBER: _ClassVar[int]
    modality: _common_pb2.Modality
    complete_until_ms: int
    def __init__(self, modality: _Optional[_Union[_common_pb2.Modality, str]] = ..., complete_until_ms: _Optional[int] = ...) -> None: ...

class VideoGapFound(_message.Message):
    __slots__ = ("stream_id", "gap", "complete_until_ms")
    STREAM_ID_FIELD_NUMBER: _ClassVar[int]
    GAP_FIELD_NUMBER: _ClassVar[int]
    COMPLETE_UNTIL_MS_FIELD_NUMBER: _ClassVar[int]
    stream_id: str
    gap: _common_pb2.Gap
    complete_until_ms: int
    def __init__(self, stream_id: _Optional[str] = ..., gap: _Optional[_Union[_common_pb2.Gap, _Mapping]] = ..., complete_until_ms: _Optional[int] = ...) -> None: ...

class VideoSignalsEnded(_message.Message):
    __slots__ = ("stream_id", "attempt", "modalities", "duration_ms", "failure")
    STREAM_ID_FIELD_NUMBER: _ClassVar[int]
    ATTEMPT_FIELD_NUMBER: _ClassVar[int]
    MODALITIES_FIELD_NUMBER: _ClassVar[int]
    DURATION_MS_FIELD_NUMBER: _ClassVar[int]
    FAILURE_FIELD_NUMBER: _ClassVar[int]
    stream_id: str
    attempt: int
    modalities: _containers.RepeatedScalarFieldContainer[_common_pb2.Modality]
    duration_ms: int
    failure: _common_pb2.Failure
    def __init__(self, stream_id: _Optional[str] = ..., attempt: _Optional[int] = ..., modalities: _Optional[_Iterable[_Union[_common_pb2.Modality, str]]] = ..., duration_ms: _Optional[int] = ..., failure: _Optional[_Union[_common_pb2.Failure, _Mapping]] = ...) -> None: ...
