from tldr.common.v1 import common_pb2 as _common_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class DetectionState(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    DETECTION_STATE_UNSPECIFIED: _ClassVar[DetectionState]
    DETECTION_STATE_PROVISIONAL: _ClassVar[DetectionState]
    DETECTION_STATE_FINAL: _ClassVar[DetectionState]

class Verdict(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    VERDICT_UNSPECIFIED: _ClassVar[Verdict]
    VERDICT_ACCEPTED: _ClassVar[Verdict]
    VERDICT_REJECTED: _ClassVar[Verdict]
DETECTION_STATE_UNSPECIFIED: DetectionState
DETECTION_STATE_PROVISIONAL: DetectionState
DETECTION_STATE_FINAL: DetectionState
VERDICT_UNSPECIFIED: Verdict
VERDICT_ACCEPTED: Verdict
VERDICT_REJECTED: Verdict

class DetectionEvent(_message.Message):
    __slots__ = ("detected", "retracted", "completed", "failed", "judged")
    DETECTED_FIELD_NUMBER: _ClassVar[int]
    RETRACTED_FIELD_NUMBER: _ClassVar[int]
    COMPLETED_FIELD_NUMBER: _ClassVar[int]
    FAILED_FIELD_NUMBER: _ClassVar[int]
    JUDGED_FIELD_NUMBER: _ClassVar[int]
    detected: HighlightDetected
    retracted: HighlightRetracted
    completed: DetectionCompleted
    failed: DetectionFailed
    judged: HighlightJudged
    def __init__(self, detected: _Optional[_Union[HighlightDetected, _Mapping]] = ..., retracted: _Optional[_Union[HighlightRetracted, _Mapping]] = ..., completed: _Optional[_Union[DetectionCompleted, _Mapping]] = ..., failed: _Optional[_Union[DetectionFailed, _Mapping]] = ..., judged: _Optional[_Union[HighlightJudged, _Mapping]] = ...) -> None: ...

class HighlightDetected(_message.Message):
    __slots__ = ("stream_id", "run_id", "highlight_id", "revision", "state", "range", "peak_ms", "types", "score", "confidence", "title", "reason", "dimensions", "contributions", "missing", "rescore")
    STREAM_ID_FIELD_NUMBER: _ClassVar[int]
    RUN_ID_FIELD_NUMBER: _ClassVar[int]
    HIGHLIGHT_ID_FIELD_NUMBER: _ClassVar[int]
    REVISION_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    RANGE_FIELD_NUMBER: _ClassVar[int]
    PEAK_MS_FIELD_NUMBER: _ClassVar[int]
    TYPES_FIELD_NUMBER: _ClassVar[int]
    SCORE_FIELD_NUMBER: _ClassVar[int]
    CONFIDENCE_FIELD_NUMBER: _ClassVar[int]
    TITLE_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    DIMENSIONS_FIELD_NUMBER: _ClassVar[int]
    CONTRIBUTIONS_FIELD_NUMBER: _ClassVar[int]
    MISSING_FIELD_NUMBER: _ClassVar[int]
    RESCORE_FIELD_NUMBER: _ClassVar[int]
    stream_id: str
    run_id: str
    highlight_id: str
    revision: int
    state: DetectionState
    range: _common_pb2.TimeRange
    peak_ms: int
    types: _containers.RepeatedScalarFieldContainer[str]
    score: float
    confidence: float
    title: str
    reason: str
    dimensions: _containers.RepeatedCompositeFieldContainer[DimensionScore]
    contributions: _containers.RepeatedCompositeFieldContainer[Contribution]
    missing: _containers.RepeatedScalarFieldContainer[_common_pb2.Modality]
    rescore: bool
    def __init__(self, stream_id: _Optional[str] = ..., run_id: _Optional[str] = ..., highlight_id: _Optional[str] = ..., revision: _Optional[int] = ..., state: _Optional[_Union[DetectionState, str]] = ..., range: _Optional[_Union[_common_pb2.TimeRange, _Mapping]] = ..., peak_ms: _Optional[int] = ..., types: _Optional[_Iterable[str]] = ..., score: _Optional[float] = ..., confidence: _Optional[float] = ..., title: _Optional[str] = ..., reason: _Optional[str] = ..., dimensions: _Optional[_Iterable[_Union[DimensionScore, _Mapping]]] = ..., contributions: _Optional[_Iterable[_Union[Contribution, _Mapping]]] = ..., missing: _Optional[_Iterable[_Union[_common_pb2.Modality, str]]] = ..., rescore: _Optional[bool] = ...) -> None: ...

class DimensionScore(_message.Message):
    __slots__ = ("dimension", "score", "weight")
    DIMENSION_FIELD_NUMBER: _ClassVar[int]
    SCORE_FIELD_NUMBER: _ClassVar[int]
    WEIGHT_FIELD_NUMBER: _ClassVar[int]
    dimension: str
    score: float
    weight: float
    def __init__(self, dimension: _Optional[str] = ..., score: _Optional[float] = ..., weight: _Optional[float] = ...) -> None: ...

class Contribution(_message.Message):
    __slots__ = ("signal", "dimension", "value", "normalised", "amount")
    SIGNAL_FIELD_NUMBER: _ClassVar[int]
    DIMENSION_FIELD_NUMBER: _ClassVar[int]
    VALUE_FIELD_NUMBER: _ClassVar[int]
    NORMALISED_FIELD_NUMBER: _ClassVar[int]
    AMOUNT_FIELD_NUMBER: _ClassVar[int]
    signal: str
    dimension: str
    value: float
    normalised: float
    amount: float
    def __init__(self, signal: _Optional[str] = ..., dimension: _Optional[str] = ..., value: _Optional[float] = ..., normalised: _Optional[float] = ..., amount: _Optional[float] = ...) -> None: ...

class HighlightRetracted(_message.Message):
    __slots__ = ("stream_id", "run_id", "highlight_id", "revision")
    STREAM_ID_FIELD_NUMBER: _ClassVar[int]
    RUN_ID_FIELD_NUMBER: _ClassVar[int]
    HIGHLIGHT_ID_FIELD_NUMBER: _ClassVar[int]
    REVISION_FIELD_NUMBER: _ClassVar[int]
    stream_id: str
    run_id: str
    highlight_id: str
    revision: int
    def __init__(self, stream_id: _Optional[str] = ..., run_id: _Optional[str] = ..., highlight_id: _Optional[str] = ..., revision: _Optional[int] = ...) -> None: ...

class DetectionCompleted(_message.Message):
    __slots__ = ("stream_id", "run_id", "attempt", "highlight_ids", "duration_ms", "gaps", "rescore")
    STREAM_ID_FIELD_NUMBER: _ClassVar[int]
    RUN_ID_FIELD_NUMBER: _ClassVar[int]
    ATTEMPT_FIELD_NUMBER: _ClassVar[int]
    HIGHLIGHT_IDS_FIELD_NUMBER: _ClassVar[int]
    DURATION_MS_FIELD_NUMBER: _ClassVar[int]
    GAPS_FIELD_NUMBER: _ClassVar[int]
    RESCORE_FIELD_NUMBER: _ClassVar[int]
    stream_id: str
    run_id: str
    attempt: int
    highlight_ids: _containers.RepeatedScalarFieldContainer[str]
    duration_ms: int
    gaps: _containers.RepeatedCompositeFieldContainer[_common_pb2.Gap]
    rescore: bool
    def __init__(self, stream_id: _Optional[str] = ..., run_id: _Optional[str] = ..., attempt: _Optional[int] = ..., highlight_ids: _Optional[_Iterable[str]] = ..., duration_ms: _Optional[int] = ..., gaps: _Optional[_Iterable[_Union[_common_pb2.Gap, _Mapping]]] = ..., rescore: _Optional[bool] = ...) -> None: ...

class DetectionFailed(_message.Message):
    __slots__ = ("stream_id", "run_id", "attempt", "failure", "rescore")
    STREAM_ID_FIELD_NUMBER: _ClassVar[int]
    RUN_ID_FIELD_NUMBER: _ClassVar[int]
    ATTEMPT_FIELD_NUMBER: _ClassVar[int]
    FAILURE_FIELD_NUMBER: _ClassVar[int]
    RESCORE_FIELD_NUMBER: _ClassVar[int]
    stream_id: str
    run_id: str
    attempt: int
    failure: _common_pb2.Failure
    rescore: bool
    def __init__(self, stream_id: _Optional[str] = ..., run_id: _Optional[str] = ..., attempt: _Optional[int] = ..., failure: _Optional[_Union[_common_pb2.Failure, _Mapping]] = ..., rescore: _Optional[bool] = ...) -> None: ...

class HighlightJudged(_message.Message):
    __slots__ = ("stream_id", "highlight_id", "verdict")
    STREAM_ID_FIELD_NUMBER: _ClassVar[int]
    HIGHLIGHT_ID_FIELD_NUMBER: _ClassVar[int]
    VERDICT_FIELD_NUMBER: _ClassVar[int]
    stream_id: str
    highlight_id: str
    verdict: Verdict
    def __init__(self, stream_id: _Optional[str] = ..., highlight_id: _Optional[str] = ..., verdict: _Optional[_Union[Verdict, str]] = ...) -> None: ...
