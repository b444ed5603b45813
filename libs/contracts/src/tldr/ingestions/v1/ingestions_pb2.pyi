from tldr.common.v1 import common_pb2 as _common_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class IngestionEvent(_message.Message):
    __slots__ = ("started", "segment_stored", "gap_found", "ended", "waiting", "interrupted", "resumed")
    STARTED_FIELD_NUMBER: _ClassVar[int]
    SEGMENT_STORED_FIELD_NUMBER: _ClassVar[int]
    GAP_FOUND_FIELD_NUMBER: _ClassVar[int]
    ENDED_FIELD_NUMBER: _ClassVar[int]
    WAITING_FIELD_NUMBER: _ClassVar[int]
    INTERRUPTED_FIELD_NUMBER: _ClassVar[int]
    RESUMED_FIELD_NUMBER: _ClassVar[int]
    started: IngestionStarted
    segment_stored: SegmentStored
    gap_found: IngestionGapFound
    ended: IngestionEnded
    waiting: SourceWaiting
    interrupted: SourceInterrupted
    resumed: SourceResumed
    def __init__(self, started: _Optional[_Union[IngestionStarted, _Mapping]] = ..., segment_stored: _Optional[_Union[SegmentStored, _Mapping]] = ..., gap_found: _Optional[_Union[IngestionGapFound, _Mapping]] = ..., ended: _Optional[_Union[IngestionEnded, _Mapping]] = ..., waiting: _Optional[_Union[SourceWaiting, _Mapping]] = ..., interrupted: _Optional[_Union[SourceInterrupted, _Mapping]] = ..., resumed: _Optional[_Union[SourceResumed, _Mapping]] = ...) -> None: ...

class IngestionStarted(_message.Message):
    __slots__ = ("stream_id", "attempt", "modalities", "claimed_duration_ms", "video", "audio", "live", "wall_zero_ms", "wall_uncertainty_ms")
    STREAM_ID_FIELD_NUMBER: _ClassVar[int]
    ATTEMPT_FIELD_NUMBER: _ClassVar[int]
    MODALITIES_FIELD_NUMBER: _ClassVar[int]
    CLAIMED_DURATION_MS_FIELD_NUMBER: _ClassVar[int]
    VIDEO_FIELD_NUMBER: _ClassVar[int]
    AUDIO_FIELD_NUMBER: _ClassVar[int]
    LIVE_FIELD_NUMBER: _ClassVar[int]
    WALL_ZERO_MS_FIELD_NUMBER: _ClassVar[int]
    WALL_UNCERTAINTY_MS_FIELD_NUMBER: _ClassVar[int]
    stream_id: str
    attempt: int
    modalities: _containers.RepeatedScalarFieldContainer[_common_pb2.Modality]
    claimed_duration_ms: int
    video: VideoTrack
    audio: AudioTrack
    live: bool
    wall_zero_ms: int
    wall_uncertainty_ms: int
    def __init__(self, stream_id: _Optional[str] = ..., attempt: _Optional[int] = ..., modalities: _Optional[_Iterable[_Union[_common_pb2.Modality, str]]] = ..., claimed_duration_ms: _Optional[int] = ..., video: _Optional[_Union[VideoTrack, _Mapping]] = ..., audio: _Optional[_Union[AudioTrack, _Mapping]] = ..., live: _Optional[bool] = ..., wall_zero_ms: _Optional[int] = ..., wall_uncertainty_ms: _Optional[int] = ...) -> None: ...

class VideoTrack(_message.Message):
    __slots__ = ("codec", "width", "height", "frame_rate")
    CODEC_FIELD_NUMBER: _ClassVar[int]
    WIDTH_FIELD_NUMBER: _ClassVar[int]
    HEIGHT_FIELD_NUMBER: _ClassVar[int]
    FRAME_RATE_FIELD_NUMBER: _ClassVar[int]
    codec: str
    width: int
    height: int
    frame_rate: float
    def __init__(self, codec: _Optional[str] = ..., width: _Optional[int] = ..., height: _Optional[int] = ..., frame_rate: _Optional[float] = ...) -> None: ...

class AudioTrack(_message.Message):
    __slots__ = ("codec", "sample_rate", "channels")
    CODEC_FIELD_NUMBER: _ClassVar[int]
    SAMPLE_RATE_FIELD_NUMBER: _ClassVar[int]
    CHANNELS_FIELD_NUMBER: _ClassVar[int]
    codec: str
    sample_rate: int
    channels: int
    def __init__(self, codec: _Optional[str] = ..., sample_rate: _Optional[int] = ..., channels: _Optional[int] = ...) -> None: ...

class SegmentStored(_message.Message):
    __slots__ = ("stream_id", "index", "range", "object", "container", "offset_ms", "decode_from", "has_video", "has_audio", "keyframes_ms", "video_packets", "wall_clock_ms")
    STREAM_ID_FIELD_NUMBER: _ClassVar[int]
    INDEX_FIELD_NUMBER: _ClassVar[int]
    RANGE_FIELD_NUMBER: _ClassVar[int]
    OBJECT_FIELD_NUMBER: _ClassVar[int]
    CONTAINER_FIELD_NUMBER: _ClassVar[int]
    OFFSET_MS_FIELD_NUMBER: _ClassVar[int]
    DECODE_FROM_FIELD_NUMBER: _ClassVar[int]
    HAS_VIDEO_FIELD_NUMBER: _ClassVar[int]
    HAS_AUDIO_FIELD_NUMBER: _ClassVar[int]
    KEYFRAMES_MS_FIELD_NUMBER: _ClassVar[int]
    VIDEO_PACKETS_FIELD_NUMBER: _ClassVar[int]
    WALL_CLOCK_MS_FIELD_NUMBER: _ClassVar[int]
    stream_id: str
    index: int
    range: _common_pb2.TimeRange
    object: _common_pb2.ObjectReference
    container: str
    offset_ms: int
    decode_from: int
    has_video: bool
    has_audio: bool
    keyframes_ms: _containers.RepeatedScalarFieldContainer[int]
    video_packets: int
    wall_clock_ms: int
    def __init__(self, stream_id: _Optional[str] = ..., index: _Optional[int] = ..., range: _Optional[_Union[_common_pb2.TimeRange, _Mapping]] = ..., object: _Optional[_Union[_common_pb2.ObjectReference, _Mapping]] = ..., container: _Optional[str] = ..., offset_ms: _Optional[int] = ..., decode_from: _Optional[int] = ..., has_video: _Optional[bool] = ..., has_audio: _Optional[bool] = ..., keyframes_ms: _Optional[_Iterable[int]] = ..., video_packets: _Optional[int] = ..., wall_clock_ms: _Optional[int] = ...) -> None: ...

class IngestionGapFound(_message.Message):
    __slots__ = ("stream_id", "gap")
    STREAM_ID_FIELD_NUMBER: _ClassVar[int]
    GAP_FIELD_NUMBER: _ClassVar[int]
    stream_id: str
    gap: _common_pb2.Gap
    def __init__(self, stream_id: _Optional[str] = ..., gap: _Optional[_Union[_common_pb2.Gap, _Mapping]] = ...) -> None: ...

class SourceWaiting(_message.Message):
    __slots__ = ("stream_id", "attempt", "reason", "until_ms")
    STREAM_ID_FIELD_NUMBER: _ClassVar[int]
    ATTEMPT_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    UNTIL_MS_FIELD_NUMBER: _ClassVar[int]
    stream_id: str
    attempt: int
    reason: _common_pb2.Failure
    until_ms: int
    def __init__(self, stream_id: _Optional[str] = ..., attempt: _Optional[int] = ..., reason: _Optional[_Union[_common_pb2.Failure, _Mapping]] = ..., until_ms: _Optional[int] = ...) -> None: ...

class SourceInterrupted(_message.Message):
    __slots__ = ("stream_id", "at_ms", "reason")
    STREAM_ID_FIELD_NUMBER: _ClassVar[int]
    AT_MS_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    stream_id: str
    at_ms: int
    reason: _common_pb2.Failure
    def __init__(self, stream_id: _Optional[str] = ..., at_ms: _Optional[int] = ..., reason: _Optional[_Union[_common_pb2.Failure, _Mapping]] = ...) -> None: ...

class SourceResumed(_message.Message):
    __slots__ = ("stream_id", "at_ms")
    STREAM_ID_FIELD_NUMBER: _ClassVar[int]
    AT_MS_FIELD_NUMBER: _ClassVar[int]
    stream_id: str
    at_ms: int
    def __init__(self, stream_id: _Optional[str] = ..., at_ms: _Optional[int] = ...) -> None: ...

class IngestionEnded(_message.Message):
    __slots__ = ("stream_id", "attempt", "duration_ms", "segments", "failure")
    STREAM_ID_FIELD_NUMBER: _ClassVar[int]
    ATTEMPT_FIELD_NUMBER: _ClassVar[int]
    DURATION_MS_FIELD_NUMBER: _ClassVar[int]
    SEGMENTS_FIELD_NUMBER: _ClassVar[int]
    FAILURE_FIELD_NUMBER: _ClassVar[int]
    stream_id: str
    attempt: int
    duration_ms: int
    segments: int
    failure: _common_pb2.Failure
    def __init__(self, stream_id: _Optional[str] = ..., attempt: _Optional[int] = ..., duration_ms: _Optional[int] = ..., segments: _Optional[int] = ..., failure: _Optional[_Union[_common_pb2.Failure, _Mapping]] = ...) -> None: ...
