"""JSON Schema of protobuf messages, in protobuf's own JSON mapping, for the AsyncAPI document."""

from typing import Any, cast

from google.protobuf.descriptor import Descriptor, EnumDescriptor, FieldDescriptor
from google.protobuf.message import Message

_REFERENCE = "#/components/schemas/"
_INT32 = {"type": "integer", "format": "int32"}
_INT64 = {"type": "string", "format": "int64"}  # 64 bits do not fit into a JavaScript number
_SCALARS = {
    FieldDescriptor.CPPTYPE_STRING: {"type": "string"},
    FieldDescriptor.CPPTYPE_BOOL: {"type": "boolean"},
    FieldDescriptor.CPPTYPE_DOUBLE: {"type": "number"},
    FieldDescriptor.CPPTYPE_FLOAT: {"type": "number"},
    FieldDescriptor.CPPTYPE_INT32: _INT32,
    FieldDescriptor.CPPTYPE_UINT32: _INT32,
    FieldDescriptor.CPPTYPE_INT64: _INT64,
    FieldDescriptor.CPPTYPE_UINT64: _INT64,
}


def schemas_of(message: type[Message]) -> dict[str, Any]:
    """The schema of this message and of every message and enum it reaches, by full name."""
    found: dict[str, Any] = {}
    _visit(cast("Descriptor", message.DESCRIPTOR), found)
    return dict(sorted(found.items()))


def reference(name: str) -> dict[str, str]:
    """A reference to the schema of that full name."""
    return {"$ref": _REFERENCE + name}


def _visit(message: Descriptor, found: dict[str, Any]) -> None:
    if message.full_name in found:
        return
    schema: dict[str, Any] = {"type": "object", "title": message.name, "properties": {}}
    found[message.full_name] = schema
    for field in message.fields:
        schema["properties"][field.json_name] = _field(field, found)
    exclusive = [oneof for oneof in message.oneofs if len(oneof.fields) > 1]
    if exclusive:
        # At most one of each: the other fields of a oneof are absent, not empty.
        schema["x-oneof"] = {oneof.name: [field.json_name for field in oneof.fields] for oneof in exclusive}


def _field(field: FieldDescriptor, found: dict[str, Any]) -> dict[str, Any]:
    kind = field.message_type
    if kind is not None and kind.GetOptions().map_entry:
        return {"type": "object", "additionalProperties": _single(kind.fields_by_name["value"], found)}
    single = _single(field, found)
    return {"type": "array", "items": single} if field.is_repeated else single


def _single(field: FieldDescriptor, found: dict[str, Any]) -> dict[str, Any]:
    if field.message_type is not None:
        _visit(field.message_type, found)
        return dict(reference(field.message_type.full_name))
    if field.enum_type is not None:
        found[field.enum_type.full_name] = _enum(field.enum_type)
        return dict(reference(field.enum_type.full_name))
    if field.type == FieldDescriptor.TYPE_BYTES:
        return {"type": "string", "contentEncoding": "base64"}
    return dict(_SCALARS[field.cpp_type])


def _enum(enum: EnumDescriptor) -> dict[str, Any]:
    return {"type": "string", "title": enum.name, "enum": [value.name for value in enum.values]}
