"""Reading a chat replay, as it runs in a reading process."""

import resource
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

from tldr_ingest.adapters.chat.chat_text import copy_bounded, unpacked
from tldr_ingest.adapters.chat.packing import packed
from tldr_ingest.adapters.chat.replay import read_replay
from tldr_ingest.adapters.chat.spool import chat_spool
from tldr_ingest.adapters.reading.messages import Item
from tldr_ingest.adapters.reading.places import ReadablePlace, SpooledFile
from tldr_ingest.application.packed_window import ReplayEnded
from tldr_ingest.domain.chat.message import ChatFormat
from tldr_ingest.domain.chat.report import ChatReport, missing_chat, remarks
from tldr_ingest.domain.chat.windows import ChatWindows
from tldr_ingest.domain.errors import ChatTooLarge

# Reading takes some 60 MB whatever the file; a reader of this process that needs more has met what nobody foresaw.
_MEMORY_BYTES = 512 << 20


@dataclass(frozen=True, slots=True)
class ChatTask:
    """How a replay is to be read; see `ChatReader.read` and `ChatRequest`."""

    format: ChatFormat | None
    offset_ms: int
    window_s: int
    first_index: int
    limit_bytes: int
    end_ms: int
    media_started_at_ms: int | None = None


def read_chat(place: ReadablePlace | SpooledFile, task: ChatTask) -> Iterator[Item]:
    """An item without a value once the source answered, then PackedWindow, then ReplayEnded.

    The file is copied to this machine's disk: it is judged before anything of it is announced, and a server that breaks
    off must not be noticed after half of the windows were. Raises an IngestError or an OutboundError.
    """
    with _bounded_memory(), tempfile.TemporaryFile() as file, chat_spool() as spool:
        with place.open() as source:
            yield Item(None)
            copy_bounded(source, file, task.limit_bytes)  # type: ignore[arg-type]
        plain, broken = unpacked(file, task.limit_bytes)
        with plain:
            replay = read_replay(
                plain,
                spool,
                format=task.format,
                offset_ms=task.offset_ms,
                media_started_at_ms=task.media_started_at_ms,
                media_ms=task.end_ms,
            )
        truncated = broken or replay.truncated
        missing = missing_chat(replay.counts, 0 if truncated else task.end_ms)
        if missing is not None and not truncated:
            yield Item(ReplayEnded(ChatReport(replay.counts, replay.notes, replay.format), missing=missing))
            return
        windows = ChatWindows(task.window_s, task.first_index)
        for window in windows.cut(replay, replay.last_ms + 1 if truncated else task.end_ms):
            yield Item(packed(window))
        counts = replace(replay.counts, messages=replay.counts.messages - windows.crowded, crowded=windows.crowded)
        report = ChatReport(counts, (*replay.notes, *remarks(counts)), replay.format)
        yield Item(ReplayEnded(report, truncated=truncated))


@contextmanager
def _bounded_memory() -> Iterator[None]:
    soft, hard = resource.getrlimit(resource.RLIMIT_DATA)
    limit = _data_bytes() + _MEMORY_BYTES
    if hard == resource.RLIM_INFINITY or limit < hard:
        resource.setrlimit(resource.RLIMIT_DATA, (limit if soft == resource.RLIM_INFINITY else min(soft, limit), hard))
    try:
        yield
    except MemoryError:
        raise ChatTooLarge(
            "Reading the chat file takes more memory than any chat replay does. Export it again."
        ) from None
    finally:
        resource.setrlimit(resource.RLIMIT_DATA, (soft, hard))


def _data_bytes() -> int:
    with open("/proc/self/status") as status:
        return next((int(line.split()[1]) << 10 for line in status if line.startswith("VmData:")), 0)
