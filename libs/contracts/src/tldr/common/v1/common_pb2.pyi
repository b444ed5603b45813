from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class Modality(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    MODALITY_UNSPECIFIED: _ClassVar[Modality]
    MODALITY_VIDEO: _ClassVar[Modality]
    MODALITY_AUDIO: _ClassVar[Modality]
    MODALITY_CHAT: _ClassVar[Modality]
    MODALITY_MODEL: _ClassVar[Modality]
    MODALITY_EXTERNAL: _ClassVar[Modality]
MODALITY_UNSPECIFIED: Modality
MODALITY_VIDEO: Modality
MODALITY_AUDIO: Modality
MODALITY_CHAT: Modality
MODALITY_MODEL: Modality
MODALITY_EXTERNAL: Modality

class TimeRange(_message.Message):
    __slots__ = ("start_ms", "end_ms")
    START_MS_FIELD_NUMBER: _ClassVar[int]
    END_MS_FIELD_NUMBER: _ClassVar[int]
    start_ms: int
    end_ms: int
    def __init__(self, start_ms: _Optional[int] = ..., end_ms: _Optional[int] = ...) -> None: ...

class ObjectReference(_message.Message):
    __slots__ = ("bucket", "key", "size_bytes", "sha256", "content_type", "stored_at_s")
    BUCKET_FIELD_NUMBER: _ClassVar[int]
    KEY_FIELD_NUMBER: _ClassVar[int]
    SIZE_BYTES_FIELD_NUMBER: _ClassVar[int]
    SHA256_FIELD_NUMBER: _ClassVar[int]
    CONTENT_TYPE_FIELD_NUMBER: _ClassVar[int]
    STORED_AT_S_FIELD_NUMBER: _ClassVar[int]
    bucket: str
    key: str
    size_bytes: int
    sha256: bytes
    content_type: str
    stored_at_s: int
    def __init__(self, bucket: _Optional[str] = ..., key: _Optional[str] = ..., size_bytes: _Optional[int] = ..., sha256: _Optional[bytes] = ..., content_type: _Optional[str] = ..., stored_at_s: _Optional[int] = ...) -> None: ...

class Gap(_message.Message):
    __slots__ = ("modality", "range", "code", "reason")
    MODALITY_FIELD_NUMBER: _ClassVar[int]
    RANGE_FIELD_NUMBER: _ClassVar[int]
    CODE_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    modality: Modality
    range: TimeRange
    code: str
    reason: str
    def __init__(self, modality: _Optional[_Union[Modality, str]] = ..., range: _Optional[_Union[TimeRange, _Mapping]] = ..., code: _Optional[str] = ..., reason: _Optional[str] = ...) -> None: ...

class Failure(_message.Message):
    __slots__ = ("code", "reason")
    CODE_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    code: str
    reason: str
    def __init__(self, code: _Optional[str] = ..., reason: _Optional[str] = ...) -> None: ...

class Series(_message.Message):
    __slots__ = ("name", "start_s", "values")
    NAME_FIELD_NUMBER: _ClassVar[int]
    START_S_FIELD_NUMBER: _ClassVar[int]
    VALUES_FIELD_NUMBER: _ClassVar[int]
    name: str
    start_s: int
    values: _containers.RepeatedScalarFieldContainer[float]
    def __init__(self, name: _Optional[str] = ..., start_s: _Optional[int] = ..., values: _Optional[_Iterable[float]] = ...) -> None: ...
