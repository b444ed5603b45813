"""One job's reading of a stream."""

from dataclasses import dataclass

from tldr_contracts.ids import StreamId


@dataclass(frozen=True, slots=True)
class Reading:
    """`token` is part of the keys of what is stored. On the `last_try` passing trouble is the end."""

    stream: StreamId
    attempt: int
    token: str
    last_try: bool
