from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class ConfigurationKind(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    CONFIGURATION_KIND_UNSPECIFIED: _ClassVar[ConfigurationKind]
    CONFIGURATION_KIND_DIMENSION_SET: _ClassVar[ConfigurationKind]
    CONFIGURATION_KIND_HIGHLIGHT_TYPE: _ClassVar[ConfigurationKind]
    CONFIGURATION_KIND_PROCESSING_CONFIG: _ClassVar[ConfigurationKind]
CONFIGURATION_KIND_UNSPECIFIED: ConfigurationKind
CONFIGURATION_KIND_DIMENSION_SET: ConfigurationKind
CONFIGURATION_KIND_HIGHLIGHT_TYPE: ConfigurationKind
CONFIGURATION_KIND_PROCESSING_CONFIG: ConfigurationKind

class OrganizationEvent(_message.Message):
    __slots__ = ("changed", "deleted")
    CHANGED_FIELD_NUMBER: _ClassVar[int]
    DELETED_FIELD_NUMBER: _ClassVar[int]
    changed: OrganizationChanged
    deleted: OrganizationDeleted
    def __init__(self, changed: _Optional[_Union[OrganizationChanged, _Mapping]] = ..., deleted: _Optional[_Union[OrganizationDeleted, _Mapping]] = ...) -> None: ...

class OrganizationChanged(_message.Message):
    __slots__ = ("organization_id", "version", "name", "plan", "segment_retention_days", "highlight_retention_days", "dvr_minutes", "configurations")
    ORGANIZATION_ID_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    PLAN_FIELD_NUMBER: _ClassVar[int]
    SEGMENT_RETENTION_DAYS_FIELD_NUMBER: _ClassVar[int]
    HIGHLIGHT_RETENTION_DAYS_FIELD_NUMBER: _ClassVar[int]
    DVR_MINUTES_FIELD_NUMBER: _ClassVar[int]
    CONFIGURATIONS_FIELD_NUMBER: _ClassVar[int]
    organization_id: str
    version: int
    name: str
    plan: str
    segment_retention_days: int
    highlight_retention_days: int
    dvr_minutes: int
    configurations: _containers.RepeatedCompositeFieldContainer[Configuration]
    def __init__(self, organization_id: _Optional[str] = ..., version: _Optional[int] = ..., name: _Optional[str] = ..., plan: _Optional[str] = ..., segment_retention_days: _Optional[int] = ..., highlight_retention_days: _Optional[int] = ..., dvr_minutes: _Optional[int] = ..., configurations: _Optional[_Iterable[_Union[Configuration, _Mapping]]] = ...) -> None: ...

class Configuration(_message.Message):
    __slots__ = ("configuration_id", "kind", "version", "name")
    CONFIGURATION_ID_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    configuration_id: str
    kind: ConfigurationKind
    version: int
    name: str
    def __init__(self, configuration_id: _Optional[str] = ..., kind: _Optional[_Union[ConfigurationKind, str]] = ..., version: _Optional[int] = ..., name: _Optional[str] = ...) -> None: ...

class OrganizationDeleted(_message.Message):
    __slots__ = ("organization_id", "version")
    ORGANIZATION_ID_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    organization_id: str
    version: int
    def __init__(self, organization_id: _Optional[str] = ..., version: _Optional[int] = ...) -> None: ...
