"""Values of the published language out of its messages, and back."""

from typing import cast

from tldr.common.v1 import common_pb2
from tldr_streams.values import Failure, StoredObject

_MODALITY = "MODALITY_"


def text_of(text: str) -> str:
    """Text as PostgreSQL can hold it: without NUL."""
    return text.replace("\x00", "")


def failure_of(failure: common_pb2.Failure) -> Failure | None:
    """The failure; None where neither word is set, since fields that nobody set cannot be told from empty ones."""
    if not failure.code and not failure.reason:
        return None
    return Failure(text_of(failure.code) or "unknown", text_of(failure.reason))


def failure_message(failure: Failure | None) -> common_pb2.Failure | None:
    """The message, where there is a failure."""
    return common_pb2.Failure(code=failure.code, reason=failure.reason) if failure else None


def range_message(start_ms: int, end_ms: int) -> common_pb2.TimeRange:
    """[start_ms, end_ms) of stream time."""
    return common_pb2.TimeRange(start_ms=start_ms, end_ms=end_ms)


def object_message(stored: StoredObject) -> common_pb2.ObjectReference:
    """The reference that a message carries."""
    return common_pb2.ObjectReference(
        bucket=stored.bucket,
        key=stored.key,
        size_bytes=stored.size_bytes,
        sha256=stored.sha256,
        content_type=stored.content_type,
    )


def modality_of(value: common_pb2.Modality) -> str:
    """`MODALITY_AUDIO` as `audio`; ValueError for one that is not known here."""
    return common_pb2.Modality.Name(value).removeprefix(_MODALITY).lower()


def modality_message(name: str) -> common_pb2.Modality:
    """`audio` as `MODALITY_AUDIO`; ValueError for one that is not known here."""
    return cast(common_pb2.Modality, common_pb2.Modality.Value(_MODALITY + name.upper()))


def gap_message(modality: str, start_ms: int, end_ms: int, code: str, reason: str) -> common_pb2.Gap:
    """A range of a modality that is missing, and why."""
    return common_pb2.Gap(
        modality=modality_message(modality), range=range_message(start_ms, end_ms), code=code, reason=reason
    )
