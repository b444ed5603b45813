"""A record that was made sense of, with the record itself for the case that it must be kept."""

from dataclasses import dataclass
from typing import Generic, TypeVar

from google.protobuf.message import Message

from tldr_bus.events.event import Received
from tldr_bus.events.record import Record

M = TypeVar("M", bound=Message)


@dataclass(frozen=True, slots=True)
class Arrival(Generic[M]):
    """Both sides of an event that came."""

    record: Record
    received: Received[M]
