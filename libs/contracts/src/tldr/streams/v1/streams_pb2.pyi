from tldr.common.v1 import common_pb2 as _common_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class SourceKind(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    SOURCE_KIND_UNSPECIFIED: _ClassVar[SourceKind]
    SOURCE_KIND_RECORDING: _ClassVar[SourceKind]
    SOURCE_KIND_LIVE: _ClassVar[SourceKind]

class LiveChatKind(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    LIVE_CHAT_KIND_UNSPECIFIED: _ClassVar[LiveChatKind]
    LIVE_CHAT_KIND_TWITCH: _ClassVar[LiveChatKind]
    LIVE_CHAT_KIND_YOUTUBE: _ClassVar[LiveChatKind]
    LIVE_CHAT_KIND_PUSH: _ClassVar[LiveChatKind]

class ChatFormat(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    CHAT_FORMAT_UNSPECIFIED: _ClassVar[ChatFormat]
    CHAT_FORMAT_TWITCH_DOWNLOADER: _ClassVar[ChatFormat]
    CHAT_FORMAT_CHAT_DOWNLOADER: _ClassVar[ChatFormat]
    CHAT_FORMAT_CSV: _ClassVar[ChatFormat]
    CHAT_FORMAT_LIVE_CHAT: _ClassVar[ChatFormat]

class ScoringMode(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    SCORING_MODE_UNSPECIFIED: _ClassVar[ScoringMode]
    SCORING_MODE_RULE: _ClassVar[ScoringMode]
    SCORING_MODE_MODEL: _ClassVar[ScoringMode]
    SCORING_MODE_HYBRID: _ClassVar[ScoringMode]

class FusionMode(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    FUSION_MODE_UNSPECIFIED: _ClassVar[FusionMode]
    FUSION_MODE_WEIGHTED: _ClassVar[FusionMode]
    FUSION_MODE_CONSENSUS: _ClassVar[FusionMode]
    FUSION_MODE_CASCADE: _ClassVar[FusionMode]
    FUSION_MODE_MAX_CONFIDENCE: _ClassVar[FusionMode]
SOURCE_KIND_UNSPECIFIED: SourceKind
SOURCE_KIND_RECORDING: SourceKind
SOURCE_KIND_LIVE: SourceKind
LIVE_CHAT_KIND_UNSPECIFIED: LiveChatKind
LIVE_CHAT_KIND_TWITCH: LiveChatKind
LIVE_CHAT_KIND_YOUTUBE: LiveChatKind
LIVE_CHAT_KIND_PUSH: LiveChatKind
CHAT_FORMAT_UNSPECIFIED: ChatFormat
CHAT_FORMAT_TWITCH_DOWNLOADER: ChatFormat
CHAT_FORMAT_CHAT_DOWNLOADER: ChatFormat
CHAT_FORMAT_CSV: ChatFormat
CHAT_FORMAT_LIVE_CHAT: ChatFormat
SCORING_MODE_UNSPECIFIED: ScoringMode
SCORING_MODE_RULE: ScoringMode
SCORING_MODE_MODEL: ScoringMode
SCORING_MODE_HYBRID: ScoringMode
FUSION_MODE_UNSPECIFIED: FusionMode
FUSION_MODE_WEIGHTED: FusionMode
FUSION_MODE_CONSENSUS: FusionMode
FUSION_MODE_CASCADE: FusionMode
FUSION_MODE_MAX_CONFIDENCE: FusionMode

class StreamEvent(_message.Message):
    __slots__ = ("requested", "retried", "stopped", "cancelled", "deleted", "completed", "failed", "started", "rescore_requested", "key_rotated", "live", "interrupted", "resumed", "input_ended")
    REQUESTED_FIELD_NUMBER: _ClassVar[int]
    RETRIED_FIELD_NUMBER: _ClassVar[int]
    STOPPED_FIELD_NUMBER: _ClassVar[int]
    CANCELLED_FIELD_NUMBER: _ClassVar[int]
    DELETED_FIELD_NUMBER: _ClassVar[int]
    COMPLETED_FIELD_NUMBER: _ClassVar[int]
    FAILED_FIELD_NUMBER: _ClassVar[int]
    STARTED_FIELD_NUMBER: _ClassVar[int]
    RESCORE_REQUESTED_FIELD_NUMBER: _ClassVar[int]
    KEY_ROTATED_FIELD_NUMBER: _ClassVar[int]
    LIVE_FIELD_NUMBER: _ClassVar[int]
    INTERRUPTED_FIELD_NUMBER: _ClassVar[int]
    RESUMED_FIELD_NUMBER: _ClassVar[int]
    INPUT_ENDED_FIELD_NUMBER: _ClassVar[int]
    requested: StreamRequested
    retried: StreamRetried
    stopped: StreamStopped
    cancelled: StreamCancelled
    deleted: StreamDeleted
    completed: StreamCompleted
    failed: StreamFailed
    started: StreamStarted
    rescore_requested: StreamRescoreRequested
    key_rotated: StreamKeyRotated
    live: StreamLive
    interrupted: StreamInterrupted
    resumed: StreamResumed
    input_ended: StreamInputEnded
    def __init__(self, requested: _Optional[_Union[StreamRequested, _Mapping]] = ..., retried: _Optional[_Union[StreamRetried, _Mapping]] = ..., stopped: _Optional[_Union[StreamStopped, _Mapping]] = ..., cancelled: _Optional[_Union[StreamCancelled, _Mapping]] = ..., deleted: _Optional[_Union[StreamDeleted, _Mapping]] = ..., completed: _Optional[_Union[StreamCompleted, _Mapping]] = ..., failed: _Optional[_Union[StreamFailed, _Mapping]] = ..., started: _Optional[_Union[StreamStarted, _Mapping]] = ..., rescore_requested: _Optional[_Union[StreamRescoreRequested, _Mapping]] = ..., key_rotated: _Optional[_Union[StreamKeyRotated, _Mapping]] = ..., live: _Optional[_Union[StreamLive, _Mapping]] = ..., interrupted: _Optional[_Union[StreamInterrupted, _Mapping]] = ..., resumed: _Optional[_Union[StreamResumed, _Mapping]] = ..., input_ended: _Optional[_Union[StreamInputEnded, _Mapping]] = ...) -> None: ...

class StreamRequested(_message.Message):
    __slots__ = ("stream_id", "lane", "priority", "attempt", "source", "chat", "modalities", "profile", "title", "channel")
    STREAM_ID_FIELD_NUMBER: _ClassVar[int]
    LANE_FIELD_NUMBER: _ClassVar[int]
    PRIORITY_FIELD_NUMBER: _ClassVar[int]
    ATTEMPT_FIELD_NUMBER: _ClassVar[int]
    SOURCE_FIELD_NUMBER: _ClassVar[int]
    CHAT_FIELD_NUMBER: _ClassVar[int]
    MODALITIES_FIELD_NUMBER: _ClassVar[int]
    PROFILE_FIELD_NUMBER: _ClassVar[int]
    TITLE_FIELD_NUMBER: _ClassVar[int]
    CHANNEL_FIELD_NUMBER: _ClassVar[int]
    stream_id: str
    lane: int
    priority: int
    attempt: int
    source: Source
    chat: ChatSource
    modalities: _containers.RepeatedScalarFieldContainer[_common_pb2.Modality]
    profile: DetectionProfile
    title: str
    channel: str
    def __init__(self, stream_id: _Optional[str] = ..., lane: _Optional[int] = ..., priority: _Optional[int] = ..., attempt: _Optional[int] = ..., source: _Optional[_Union[Source, _Mapping]] = ..., chat: _Optional[_Union[ChatSource, _Mapping]] = ..., modalities: _Optional[_Iterable[_Union[_common_pb2.Modality, str]]] = ..., profile: _Optional[_Union[DetectionProfile, _Mapping]] = ..., title: _Optional[str] = ..., channel: _Optional[str] = ...) -> None: ...

class Source(_message.Message):
    __slots__ = ("upload", "url", "address", "push", "kind", "live")
    UPLOAD_FIELD_NUMBER: _ClassVar[int]
    URL_FIELD_NUMBER: _ClassVar[int]
    ADDRESS_FIELD_NUMBER: _ClassVar[int]
    PUSH_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    LIVE_FIELD_NUMBER: _ClassVar[int]
    upload: _common_pb2.ObjectReference
    url: str
    address: SealedAddress
    push: PushInput
    kind: SourceKind
    live: LiveSettings
    def __init__(self, upload: _Optional[_Union[_common_pb2.ObjectReference, _Mapping]] = ..., url: _Optional[str] = ..., address: _Optional[_Union[SealedAddress, _Mapping]] = ..., push: _Optional[_Union[PushInput, _Mapping]] = ..., kind: _Optional[_Union[SourceKind, str]] = ..., live: _Optional[_Union[LiveSettings, _Mapping]] = ...) -> None: ...

class PushInput(_message.Message):
    __slots__ = ("key_digest",)
    KEY_DIGEST_FIELD_NUMBER: _ClassVar[int]
    key_digest: bytes
    def __init__(self, key_digest: _Optional[bytes] = ...) -> None: ...

class LiveSettings(_message.Message):
    __slots__ = ("wait_until_live_ms", "ends_after_silence_ms", "longest_ms", "from_start", "max_height")
    WAIT_UNTIL_LIVE_MS_FIELD_NUMBER: _ClassVar[int]
    ENDS_AFTER_SILENCE_MS_FIELD_NUMBER: _ClassVar[int]
    LONGEST_MS_FIELD_NUMBER: _ClassVar[int]
    FROM_START_FIELD_NUMBER: _ClassVar[int]
    MAX_HEIGHT_FIELD_NUMBER: _ClassVar[int]
    wait_until_live_ms: int
    ends_after_silence_ms: int
    longest_ms: int
    from_start: bool
    max_height: int
    def __init__(self, wait_until_live_ms: _Optional[int] = ..., ends_after_silence_ms: _Optional[int] = ..., longest_ms: _Optional[int] = ..., from_start: _Optional[bool] = ..., max_height: _Optional[int] = ...) -> None: ...

class SealedAddress(_message.Message):
    __slots__ = ("sealed", "shown")
    SEALED_FIELD_NUMBER: _ClassVar[int]
    SHOWN_FIELD_NUMBER: _ClassVar[int]
    sealed: str
    shown: str
    def __init__(self, sealed: _Optional[str] = ..., shown: _Optional[str] = ...) -> None: ...

class ChatSource(_message.Message):
    __slots__ = ("upload", "url", "address", "live", "format", "offset_ms", "media_started_at_ms")
    UPLOAD_FIELD_NUMBER: _ClassVar[int]
    URL_FIELD_NUMBER: _ClassVar[int]
    ADDRESS_FIELD_NUMBER: _ClassVar[int]
    LIVE_FIELD_NUMBER: _ClassVar[int]
    FORMAT_FIELD_NUMBER: _ClassVar[int]
    OFFSET_MS_FIELD_NUMBER: _ClassVar[int]
    MEDIA_STARTED_AT_MS_FIELD_NUMBER: _ClassVar[int]
    upload: _common_pb2.ObjectReference
    url: str
    address: SealedAddress
    live: LiveChat
    format: ChatFormat
    offset_ms: int
    media_started_at_ms: int
    def __init__(self, upload: _Optional[_Union[_common_pb2.ObjectReference, _Mapping]] = ..., url: _Optional[str] = ..., address: _Optional[_Union[SealedAddress, _Mapping]] = ..., live: _Optional[_Union[LiveChat, _Mapping]] = ..., format: _Optional[_Union[ChatFormat, str]] = ..., offset_ms: _Optional[int] = ..., media_started_at_ms: _Optional[int] = ...) -> None: ...

class LiveChat(_message.Message):
    __slots__ = ("kind", "channel")
    KIND_FIELD_NUMBER: _ClassVar[int]
    CHANNEL_FIELD_NUMBER: _ClassVar[int]
    kind: LiveChatKind
    channel: str
    def __init__(self, kind: _Optional[_Union[LiveChatKind, str]] = ..., channel: _Optional[str] = ...) -> None: ...

class DetectionProfile(_message.Message):
    __slots__ = ("dimension_set", "version", "dimensions", "types", "processing", "processing_config", "processing_config_version")
    DIMENSION_SET_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    DIMENSIONS_FIELD_NUMBER: _ClassVar[int]
    TYPES_FIELD_NUMBER: _ClassVar[int]
    PROCESSING_FIELD_NUMBER: _ClassVar[int]
    PROCESSING_CONFIG_FIELD_NUMBER: _ClassVar[int]
    PROCESSING_CONFIG_VERSION_FIELD_NUMBER: _ClassVar[int]
    dimension_set: str
    version: int
    dimensions: _containers.RepeatedCompositeFieldContainer[Dimension]
    types: _containers.RepeatedCompositeFieldContainer[HighlightType]
    processing: Processing
    processing_config: str
    processing_config_version: int
    def __init__(self, dimension_set: _Optional[str] = ..., version: _Optional[int] = ..., dimensions: _Optional[_Iterable[_Union[Dimension, _Mapping]]] = ..., types: _Optional[_Iterable[_Union[HighlightType, _Mapping]]] = ..., processing: _Optional[_Union[Processing, _Mapping]] = ..., processing_config: _Optional[str] = ..., processing_config_version: _Optional[int] = ...) -> None: ...

class Dimension(_message.Message):
    __slots__ = ("name", "description", "weight", "mode", "signals", "prompt")
    NAME_FIELD_NUMBER: _ClassVar[int]
    DESCRIPTION_FIELD_NUMBER: _ClassVar[int]
    WEIGHT_FIELD_NUMBER: _ClassVar[int]
    MODE_FIELD_NUMBER: _ClassVar[int]
    SIGNALS_FIELD_NUMBER: _ClassVar[int]
    PROMPT_FIELD_NUMBER: _ClassVar[int]
    name: str
    description: str
    weight: float
    mode: ScoringMode
    signals: _containers.RepeatedCompositeFieldContainer[SignalWeight]
    prompt: str
    def __init__(self, name: _Optional[str] = ..., description: _Optional[str] = ..., weight: _Optional[float] = ..., mode: _Optional[_Union[ScoringMode, str]] = ..., signals: _Optional[_Iterable[_Union[SignalWeight, _Mapping]]] = ..., prompt: _Optional[str] = ...) -> None: ...

class SignalWeight(_message.Message):
    __slots__ = ("signal", "weight")
    SIGNAL_FIELD_NUMBER: _ClassVar[int]
    WEIGHT_FIELD_NUMBER: _ClassVar[int]
    signal: str
    weight: float
    def __init__(self, signal: _Optional[str] = ..., weight: _Optional[float] = ...) -> None: ...

class HighlightType(_message.Message):
    __slots__ = ("name", "title", "criteria", "priority", "exclusive", "any_of", "required_dimensions", "min_total", "min_duration_ms", "max_duration_ms", "cooldown_ms", "type_id", "version")
    NAME_FIELD_NUMBER: _ClassVar[int]
    TITLE_FIELD_NUMBER: _ClassVar[int]
    CRITERIA_FIELD_NUMBER: _ClassVar[int]
    PRIORITY_FIELD_NUMBER: _ClassVar[int]
    EXCLUSIVE_FIELD_NUMBER: _ClassVar[int]
    ANY_OF_FIELD_NUMBER: _ClassVar[int]
    REQUIRED_DIMENSIONS_FIELD_NUMBER: _ClassVar[int]
    MIN_TOTAL_FIELD_NUMBER: _ClassVar[int]
    MIN_DURATION_MS_FIELD_NUMBER: _ClassVar[int]
    MAX_DURATION_MS_FIELD_NUMBER: _ClassVar[int]
    COOLDOWN_MS_FIELD_NUMBER: _ClassVar[int]
    TYPE_ID_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    name: str
    title: str
    criteria: _containers.RepeatedCompositeFieldContainer[Criterion]
    priority: int
    exclusive: bool
    any_of: _containers.RepeatedCompositeFieldContainer[Criterion]
    required_dimensions: _containers.RepeatedScalarFieldContainer[str]
    min_total: float
    min_duration_ms: int
    max_duration_ms: int
    cooldown_ms: int
    type_id: str
    version: int
    def __init__(self, name: _Optional[str] = ..., title: _Optional[str] = ..., criteria: _Optional[_Iterable[_Union[Criterion, _Mapping]]] = ..., priority: _Optional[int] = ..., exclusive: _Optional[bool] = ..., any_of: _Optional[_Iterable[_Union[Criterion, _Mapping]]] = ..., required_dimensions: _Optional[_Iterable[str]] = ..., min_total: _Optional[float] = ..., min_duration_ms: _Optional[int] = ..., max_duration_ms: _Optional[int] = ..., cooldown_ms: _Optional[int] = ..., type_id: _Optional[str] = ..., version: _Optional[int] = ...) -> None: ...

class Criterion(_message.Message):
    __slots__ = ("dimension", "at_least")
    DIMENSION_FIELD_NUMBER: _ClassVar[int]
    AT_LEAST_FIELD_NUMBER: _ClassVar[int]
    dimension: str
    at_least: float
    def __init__(self, dimension: _Optional[str] = ..., at_least: _Optional[float] = ...) -> None: ...

class Processing(_message.Message):
    __slots__ = ("fusion", "min_length_ms", "max_length_ms", "min_spacing_ms", "max_per_hour", "min_score", "chat_lag_ms", "thorough", "merge_gap_ms", "max_highlights")
    FUSION_FIELD_NUMBER: _ClassVar[int]
    MIN_LENGTH_MS_FIELD_NUMBER: _ClassVar[int]
    MAX_LENGTH_MS_FIELD_NUMBER: _ClassVar[int]
    MIN_SPACING_MS_FIELD_NUMBER: _ClassVar[int]
    MAX_PER_HOUR_FIELD_NUMBER: _ClassVar[int]
    MIN_SCORE_FIELD_NUMBER: _ClassVar[int]
    CHAT_LAG_MS_FIELD_NUMBER: _ClassVar[int]
    THOROUGH_FIELD_NUMBER: _ClassVar[int]
    MERGE_GAP_MS_FIELD_NUMBER: _ClassVar[int]
    MAX_HIGHLIGHTS_FIELD_NUMBER: _ClassVar[int]
    fusion: FusionMode
    min_length_ms: int
    max_length_ms: int
    min_spacing_ms: int
    max_per_hour: float
    min_score: float
    chat_lag_ms: int
    thorough: bool
    merge_gap_ms: int
    max_highlights: int
    def __init__(self, fusion: _Optional[_Union[FusionMode, str]] = ..., min_length_ms: _Optional[int] = ..., max_length_ms: _Optional[int] = ..., min_spacing_ms: _Optional[int] = ..., max_per_hour: _Optional[float] = ..., min_score: _Optional[float] = ..., chat_lag_ms: _Optional[int] = ..., thorough: _Optional[bool] = ..., merge_gap_ms: _Optional[int] = ..., max_highlights: _Optional[int] = ...) -> None: ...

class StreamRetried(_message.Message):
    __slots__ = ("stream_id", "attempt")
    STREAM_ID_FIELD_NUMBER: _ClassVar[int]
    ATTEMPT_FIELD_NUMBER: _ClassVar[int]
    stream_id: str
    attempt: int
    def __init__(self, stream_id: _Optional[str] = ..., attempt: _Optional[int] = ...) -> None: ...

class StreamStopped(_message.Message):
    __slots__ = ("stream_id",)
    STREAM_ID_FIELD_NUMBER: _ClassVar[int]
    stream_id: str
    def __init__(self, stream_id: _Optional[str] = ...) -> None: ...

class StreamCancelled(_message.Message):
    __slots__ = ("stream_id",)
    STREAM_ID_FIELD_NUMBER: _ClassVar[int]
    stream_id: str
    def __init__(self, stream_id: _Optional[str] = ...) -> None: ...

class StreamDeleted(_message.Message):
    __slots__ = ("stream_id",)
    STREAM_ID_FIELD_NUMBER: _ClassVar[int]
    stream_id: str
    def __init__(self, stream_id: _Optional[str] = ...) -> None: ...

class StreamStarted(_message.Message):
    __slots__ = ("stream_id", "attempt")
    STREAM_ID_FIELD_NUMBER: _ClassVar[int]
    ATTEMPT_FIELD_NUMBER: _ClassVar[int]
    stream_id: str
    attempt: int
    def __init__(self, stream_id: _Optional[str] = ..., attempt: _Optional[int] = ...) -> None: ...

class StreamCompleted(_message.Message):
    __slots__ = ("stream_id", "duration_ms", "highlights", "gaps")
    STREAM_ID_FIELD_NUMBER: _ClassVar[int]
    DURATION_MS_FIELD_NUMBER: _ClassVar[int]
    HIGHLIGHTS_FIELD_NUMBER: _ClassVar[int]
    GAPS_FIELD_NUMBER: _ClassVar[int]
    stream_id: str
    duration_ms: int
    highlights: int
    gaps: _containers.RepeatedCompositeFieldContainer[_common_pb2.Gap]
    def __init__(self, stream_id: _Optional[str] = ..., duration_ms: _Optional[int] = ..., highlights: _Optional[int] = ..., gaps: _Optional[_Iterable[_Union[_common_pb2.Gap, _Mapping]]] = ...) -> None: ...

class StreamFailed(_message.Message):
    __slots__ = ("stream_id", "attempt", "failure")
    STREAM_ID_FIELD_NUMBER: _ClassVar[int]
    ATTEMPT_FIELD_NUMBER: _ClassVar[int]
    FAILURE_FIELD_NUMBER: _ClassVar[int]
    stream_id: str
    attempt: int
    failure: _common_pb2.Failure
    def __init__(self, stream_id: _Optional[str] = ..., attempt: _Optional[int] = ..., failure: _Optional[_Union[_common_pb2.Failure, _Mapping]] = ...) -> None: ...

class StreamRescoreRequested(_message.Message):
    __slots__ = ("stream_id", "run_id", "profile", "make_default")
    STREAM_ID_FIELD_NUMBER: _ClassVar[int]
    RUN_ID_FIELD_NUMBER: _ClassVar[int]
    PROFILE_FIELD_NUMBER: _ClassVar[int]
    MAKE_DEFAULT_FIELD_NUMBER: _ClassVar[int]
    stream_id: str
    run_id: str
    profile: DetectionProfile
    make_default: bool
    def __init__(self, stream_id: _Optional[str] = ..., run_id: _Optional[str] = ..., profile: _Optional[_Union[DetectionProfile, _Mapping]] = ..., make_default: _Optional[bool] = ...) -> None: ...

class StreamKeyRotated(_message.Message):
    __slots__ = ("stream_id", "key_digest")
    STREAM_ID_FIELD_NUMBER: _ClassVar[int]
    KEY_DIGEST_FIELD_NUMBER: _ClassVar[int]
    stream_id: str
    key_digest: bytes
    def __init__(self, stream_id: _Optional[str] = ..., key_digest: _Optional[bytes] = ...) -> None: ...

class StreamLive(_message.Message):
    __slots__ = ("stream_id", "attempt", "wall_zero_ms", "wall_uncertainty_ms")
    STREAM_ID_FIELD_NUMBER: _ClassVar[int]
    ATTEMPT_FIELD_NUMBER: _ClassVar[int]
    WALL_ZERO_MS_FIELD_NUMBER: _ClassVar[int]
    WALL_UNCERTAINTY_MS_FIELD_NUMBER: _ClassVar[int]
    stream_id: str
    attempt: int
    wall_zero_ms: int
    wall_uncertainty_ms: int
    def __init__(self, stream_id: _Optional[str] = ..., attempt: _Optional[int] = ..., wall_zero_ms: _Optional[int] = ..., wall_uncertainty_ms: _Optional[int] = ...) -> None: ...

class StreamInterrupted(_message.Message):
    __slots__ = ("stream_id", "at_ms", "reason")
    STREAM_ID_FIELD_NUMBER: _ClassVar[int]
    AT_MS_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    stream_id: str
    at_ms: int
    reason: _common_pb2.Failure
    def __init__(self, stream_id: _Optional[str] = ..., at_ms: _Optional[int] = ..., reason: _Optional[_Union[_common_pb2.Failure, _Mapping]] = ...) -> None: ...

class StreamResumed(_message.Message):
    __slots__ = ("stream_id", "at_ms")
    STREAM_ID_FIELD_NUMBER: _ClassVar[int]
    AT_MS_FIELD_NUMBER: _ClassVar[int]
    stream_id: str
    at_ms: int
    def __init__(self, stream_id: _Optional[str] = ..., at_ms: _Optional[int] = ...) -> None: ...

class StreamInputEnded(_message.Message):
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
