"""Say what was read of a live chat, and keep how far it is."""

from collections.abc import Sequence
from dataclasses import replace

from tldr_ingest.application.packed_window import PackedWindow
from tldr_ingest.application.ports import ChatFact, Work
from tldr_ingest.application.stream_record import StreamRecord
from tldr_ingest.domain.chat.report import ChatCounts, ChatReport
from tldr_ingest.domain.media.source import ReadGap
from tldr_streams.values import StoredObject


async def announce_chat(
    work: Work, record: StreamRecord, facts: Sequence[ChatFact], counts: ChatCounts
) -> StreamRecord:
    """Windows and gaps in order of time; the record as it is now. What was said before (a commit whose answer was lost) is not
    said again.
    """
    until_ms = max((fact.end_ms for fact in facts), default=0)
    if until_ms <= record.chat.read_until_ms:
        return record
    windows = [fact for fact in facts if isinstance(fact, PackedWindow)]
    chat = replace(
        record.chat,
        windows=windows[-1].index + 1 if windows else record.chat.windows,
        read_until_ms=until_ms,
        stored=record.chat.stored or any(isinstance(window.content, StoredObject) for window in windows),
        report=ChatReport(counts),
    )
    current = replace(record, chat=chat)
    await work.gaps.add(record.id, [fact for fact in facts if isinstance(fact, ReadGap)])
    await work.announcements.chat(current, facts)
    await work.streams.put(current)
    return current
