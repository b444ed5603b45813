from tldr.common.v1 import common_pb2 as _common_pb2
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class DeliveryEvent(_message.Message):
    __slots__ = ("delivered", "abandoned", "endpoint_disabled")
    DELIVERED_FIELD_NUMBER: _ClassVar[int]
    ABANDONED_FIELD_NUMBER: _ClassVar[int]
    ENDPOINT_DISABLED_FIELD_NUMBER: _ClassVar[int]
    delivered: MessageDelivered
    abandoned: MessageAbandoned
    endpoint_disabled: EndpointDisabled
    def __init__(self, delivered: _Optional[_Union[MessageDelivered, _Mapping]] = ..., abandoned: _Optional[_Union[MessageAbandoned, _Mapping]] = ..., endpoint_disabled: _Optional[_Union[EndpointDisabled, _Mapping]] = ...) -> None: ...

class MessageDelivered(_message.Message):
    __slots__ = ("message_id", "endpoint_id", "type", "attempts", "stream_id")
    MESSAGE_ID_FIELD_NUMBER: _ClassVar[int]
    ENDPOINT_ID_FIELD_NUMBER: _ClassVar[int]
    TYPE_FIELD_NUMBER: _ClassVar[int]
    ATTEMPTS_FIELD_NUMBER: _ClassVar[int]
    STREAM_ID_FIELD_NUMBER: _ClassVar[int]
    message_id: str
    endpoint_id: str
    type: str
    attempts: int
    stream_id: str
    def __init__(self, message_id: _Optional[str] = ..., endpoint_id: _Optional[str] = ..., type: _Optional[str] = ..., attempts: _Optional[int] = ..., stream_id: _Optional[str] = ...) -> None: ...

class MessageAbandoned(_message.Message):
    __slots__ = ("message_id", "endpoint_id", "type", "attempts", "failure", "stream_id")
    MESSAGE_ID_FIELD_NUMBER: _ClassVar[int]
    ENDPOINT_ID_FIELD_NUMBER: _ClassVar[int]
    TYPE_FIELD_NUMBER: _ClassVar[int]
    ATTEMPTS_FIELD_NUMBER: _ClassVar[int]
    FAILURE_FIELD_NUMBER: _ClassVar[int]
    STREAM_ID_FIELD_NUMBER: _ClassVar[int]
    message_id: str
    endpoint_id: str
    type: str
    attempts: int
    failure: _common_pb2.Failure
    stream_id: str
    def __init__(self, message_id: _Optional[str] = ..., endpoint_id: _Optional[str] = ..., type: _Optional[str] = ..., attempts: _Optional[int] = ..., failure: _Optional[_Union[_common_pb2.Failure, _Mapping]] = ..., stream_id: _Optional[str] = ...) -> None: ...

class EndpointDisabled(_message.Message):
    __slots__ = ("endpoint_id", "failure")
    ENDPOINT_ID_FIELD_NUMBER: _ClassVar[int]
    FAILURE_FIELD_NUMBER: _ClassVar[int]
    endpoint_id: str
    failure: _common_pb2.Failure
    def __init__(self, endpoint_id: _Optional[str] = ..., failure: _Optional[_Union[_common_pb2.Failure, _Mapping]] = ...) -> None: ...
