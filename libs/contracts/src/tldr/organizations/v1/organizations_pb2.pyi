from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class OrganizationEvent(_message.Message):
    __slots__ = ("changed", "deleted")
    CHANGED_FIELD_NUMBER: _ClassVar[int]
    DELETED_FIELD_NUMBER: _ClassVar[int]
    changed: OrganizationChanged
    deleted: OrganizationDeleted
    def __init__(self, changed: _Optional[_Union[OrganizationChanged, _Mapping]] = ..., deleted: _Optional[_Union[OrganizationDeleted, _Mapping]] = ...) -> None: ...

class OrganizationChanged(_message.Message):
    __slots__ = ("organization_id", "version", "name", "plan", "segment_retention_days", "highlight_retention_days", "dvr_minutes")
    ORGANIZATION_ID_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    PLAN_FIELD_NUMBER: _ClassVar[int]
    SEGMENT_RETENTION_DAYS_FIELD_NUMBER: _ClassVar[int]
    HIGHLIGHT_RETENTION_DAYS_FIELD_NUMBER: _ClassVar[int]
    DVR_MINUTES_FIELD_NUMBER: _ClassVar[int]
    organization_id: str
    version: int
    name: str
    plan: str
    segment_retention_days: int
    highlight_retention_days: int
    dvr_minutes: int
    def __init__(self, organization_id: _Optional[str] = ..., version: _Optional[int] = ..., name: _Optional[str] = ..., plan: _Optional[str] = ..., segment_retention_days: _Optional[int] = ..., highlight_retention_days: _Optional[int] = ..., dvr_minutes: _Optional[int] = ...) -> None: ...

class OrganizationDeleted(_message.Message):
    __slots__ = ("organization_id", "version")
    ORGANIZATION_ID_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    organization_id: str
    version: int
    def __init__(self, organization_id: _Optional[str] = ..., version: _Optional[int] = ...) -> None: ...
