"""One job's reading of a stream."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass

from tldr_contracts.ids import StreamId
from tldr_ingest.application.ports import Work

Transact = Callable[[], AbstractAsyncContextManager[Work]]


@dataclass(frozen=True, slots=True)
class Reading:
    """`token` is part of the keys of what is stored. On the `last_try` passing trouble is the end."""

    stream: StreamId
    attempt: int
    token: str
    last_try: bool


@dataclass(frozen=True, slots=True)
class Transactions:
    """`look` opens a transaction to read in, `progress` one that keeps a part of the work, `finish` one that ends the job."""

    look: Transact
    progress: Transact
    finish: Transact
