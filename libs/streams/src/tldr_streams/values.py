"""Values of the published language that several services keep."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Failure:
    """Why something ended badly: a word for programs, a sentence for people."""

    code: str
    reason: str


@dataclass(frozen=True, slots=True)
class StoredObject:
    """An object in the store. `sha256` is empty where nobody computed it."""

    bucket: str
    key: str
    size_bytes: int
    sha256: bytes
    content_type: str
