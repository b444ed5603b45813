from tldr.common.v1 import common_pb2 as _common_pb2
from tldr.detections.v1 import detections_pb2 as _detections_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class RunOutcome(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    RUN_OUTCOME_UNSPECIFIED: _ClassVar[RunOutcome]
    RUN_OUTCOME_COMPLETED: _ClassVar[RunOutcome]
    RUN_OUTCOME_FAILED: _ClassVar[RunOutcome]
RUN_OUTCOME_UNSPECIFIED: RunOutcome
RUN_OUTCOME_COMPLETED: RunOutcome
RUN_OUTCOME_FAILED: RunOutcome

class HighlightEvent(_message.Message):
    __slots__ = ("ready", "failed", "withdrawn", "settled", "detected", "revised")
    READY_FIELD_NUMBER: _ClassVar[int]
    FAILED_FIELD_NUMBER: _ClassVar[int]
    WITHDRAWN_FIELD_NUMBER: _ClassVar[int]
    SETTLED_FIELD_NUMBER: _ClassVar[int]
    DETECTED_FIELD_NUMBER: _ClassVar[int]
    REVISED_FIELD_NUMBER: _ClassVar[int]
    ready: HighlightReady
    failed: HighlightFailed
    withdrawn: HighlightWithdrawn
    settled: StreamSettled
    detected: HighlightDetected
    revised: HighlightRevised
    def __init__(self, ready: _Optional[_Union[HighlightReady, _Mapping]] = ..., failed: _Optional[_Union[HighlightFailed, _Mapping]] = ..., withdrawn: _Optional[_Union[HighlightWithdrawn, _Mapping]] = ..., settled: _Optional[_Union[StreamSettled, _Mapping]] = ..., detected: _Optional[_Union[HighlightDetected, _Mapping]] = ..., revised: _Optional[_Union[HighlightRevised, _Mapping]] = ...) -> None: ...

class HighlightDetected(_message.Message):
    __slots__ = ("highlight",)
    HIGHLIGHT_FIELD_NUMBER: _ClassVar[int]
    highlight: _detections_pb2.HighlightDetected
    def __init__(self, highlight: _Optional[_Union[_detections_pb2.HighlightDetected, _Mapping]] = ...) -> None: ...

class HighlightRevised(_message.Message):
    __slots__ = ("highlight",)
    HIGHLIGHT_FIELD_NUMBER: _ClassVar[int]
    highlight: _detections_pb2.HighlightDetected
    def __init__(self, highlight: _Optional[_Union[_detections_pb2.HighlightDetected, _Mapping]] = ...) -> None: ...

class HighlightReady(_message.Message):
    __slots__ = ("highlight", "clip", "thumbnail")
    HIGHLIGHT_FIELD_NUMBER: _ClassVar[int]
    CLIP_FIELD_NUMBER: _ClassVar[int]
    THUMBNAIL_FIELD_NUMBER: _ClassVar[int]
    highlight: _detections_pb2.HighlightDetected
    clip: _common_pb2.ObjectReference
    thumbnail: _common_pb2.ObjectReference
    def __init__(self, highlight: _Optional[_Union[_detections_pb2.HighlightDetected, _Mapping]] = ..., clip: _Optional[_Union[_common_pb2.ObjectReference, _Mapping]] = ..., thumbnail: _Optional[_Union[_common_pb2.ObjectReference, _Mapping]] = ...) -> None: ...

class HighlightFailed(_message.Message):
    __slots__ = ("highlight", "failure")
    HIGHLIGHT_FIELD_NUMBER: _ClassVar[int]
    FAILURE_FIELD_NUMBER: _ClassVar[int]
    highlight: _detections_pb2.HighlightDetected
    failure: _common_pb2.Failure
    def __init__(self, highlight: _Optional[_Union[_detections_pb2.HighlightDetected, _Mapping]] = ..., failure: _Optional[_Union[_common_pb2.Failure, _Mapping]] = ...) -> None: ...

class HighlightWithdrawn(_message.Message):
    __slots__ = ("stream_id", "highlight_id", "revision", "run_id", "rescore", "deleted")
    STREAM_ID_FIELD_NUMBER: _ClassVar[int]
    HIGHLIGHT_ID_FIELD_NUMBER: _ClassVar[int]
    REVISION_FIELD_NUMBER: _ClassVar[int]
    RUN_ID_FIELD_NUMBER: _ClassVar[int]
    RESCORE_FIELD_NUMBER: _ClassVar[int]
    DELETED_FIELD_NUMBER: _ClassVar[int]
    stream_id: str
    highlight_id: str
    revision: int
    run_id: str
    rescore: bool
    deleted: bool
    def __init__(self, stream_id: _Optional[str] = ..., highlight_id: _Optional[str] = ..., revision: _Optional[int] = ..., run_id: _Optional[str] = ..., rescore: _Optional[bool] = ..., deleted: _Optional[bool] = ...) -> None: ...

class StreamSettled(_message.Message):
    __slots__ = ("stream_id", "run_id", "attempt", "outcome", "ready_ids", "failed_ids", "failure", "duration_ms", "gaps", "rescore")
    STREAM_ID_FIELD_NUMBER: _ClassVar[int]
    RUN_ID_FIELD_NUMBER: _ClassVar[int]
    ATTEMPT_FIELD_NUMBER: _ClassVar[int]
    OUTCOME_FIELD_NUMBER: _ClassVar[int]
    READY_IDS_FIELD_NUMBER: _ClassVar[int]
    FAILED_IDS_FIELD_NUMBER: _ClassVar[int]
    FAILURE_FIELD_NUMBER: _ClassVar[int]
    DURATION_MS_FIELD_NUMBER: _ClassVar[int]
    GAPS_FIELD_NUMBER: _ClassVar[int]
    RESCORE_FIELD_NUMBER: _ClassVar[int]
    stream_id: str
    run_id: str
    attempt: int
    outcome: RunOutcome
    ready_ids: _containers.RepeatedScalarFieldContainer[str]
    failed_ids: _containers.RepeatedScalarFieldContainer[str]
    failure: _common_pb2.Failure
    duration_ms: int
    gaps: _containers.RepeatedCompositeFieldContainer[_common_pb2.Gap]
    rescore: bool
    def __init__(self, stream_id: _Optional[str] = ..., run_id: _Optional[str] = ..., attempt: _Optional[int] = ..., outcome: _Optional[_Union[RunOutcome, str]] = ..., ready_ids: _Optional[_Iterable[str]] = ..., failed_ids: _Optional[_Iterable[str]] = ..., failure: _Optional[_Union[_common_pb2.Failure, _Mapping]] = ..., duration_ms: _Optional[int] = ..., gaps: _Optional[_Iterable[_Union[_common_pb2.Gap, _Mapping]]] = ..., rescore: _Optional[bool] = ...) -> None: ...
