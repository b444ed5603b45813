"""What a reading process is asked, and how it says that a source cannot be read."""

import traceback
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from tldr_ingest.domain.errors import IngestError
from tldr_outbound import DeadlineExceeded, OutboundError, SourceUnavailable
from tldr_processes import Item

__all__ = ["Item", "ReadingCrashed", "SourceRefused", "Task", "read_in_worker"]

_PASSING = (SourceUnavailable, DeadlineExceeded)


@dataclass(frozen=True, slots=True)
class Task:
    """A generator to be run in the process: `work(*arguments)` yields Item."""

    work: Callable[..., Iterator[Item]]
    arguments: tuple[Any, ...]


class SourceRefused(Exception):
    """The source cannot be read; `passing` where another try may help."""

    def __init__(self, code: str, sentence: str, passing: bool) -> None:
        super().__init__(code, sentence, passing)
        self.code = code
        self.sentence = sentence
        self.passing = passing


class ReadingCrashed(Exception):
    """The generator raised what nobody expected; for the log, not for customers."""


def read_in_worker(task: Task) -> Iterator[Item]:
    """Errors of demuxers and HTTP clients often cannot be carried over, and what they say is not for customers."""
    try:
        yield from task.work(*task.arguments)
    except MemoryError:
        raise
    except IngestError as error:
        raise SourceRefused(error.code, error.sentence, False) from None
    except OutboundError as error:
        raise SourceRefused(error.code, error.sentence, isinstance(error, _PASSING)) from None
    except Exception as error:
        raise ReadingCrashed("".join(traceback.format_exception(error))) from None
