"""What became of a replay's rows, and whether what was read is the stream's chat."""

from __future__ import annotations

from dataclasses import dataclass

from tldr_ingest.domain.chat.message import ChatFormat

# A quiet chat has a message every few minutes; with fewer nothing can be told from its rate.
_SPARSE_MS = 300_000
_MOST_UNREADABLE = 0.25


@dataclass(frozen=True, slots=True)
class ChatNote:
    """Something a customer should know: a word for programs, a sentence for people."""

    code: str
    reason: str


@dataclass(frozen=True, slots=True)
class ChatCounts:
    """Rows of a replay. `messages` lie inside the media; the others were left out.

    `unreadable`: no row of the format, or without a time that can be read. `impossible`: a time that lies in no stream.
    `before_start`, `after_end`: outside of the media. `crowded`: beyond what a window takes. `other`: rows that are no
    messages (somebody subscribed); nothing is missing without them. Of a live chat besides: `late`, their window had been
    published when they came; `taken_back`, deleted before that; `in_gaps`, in seconds of which others are missing.
    """

    messages: int = 0
    unreadable: int = 0
    impossible: int = 0
    before_start: int = 0
    after_end: int = 0
    crowded: int = 0
    other: int = 0
    late: int = 0
    taken_back: int = 0
    in_gaps: int = 0

    @property
    def outside(self) -> int:
        """Messages with a time that is not in the media."""
        return self.impossible + self.before_start + self.after_end


@dataclass(frozen=True, slots=True)
class ChatReport:
    """What is told of a stream's chat; `format` is None where it was not found out."""

    counts: ChatCounts = ChatCounts()
    notes: tuple[ChatNote, ...] = ()
    format: ChatFormat | None = None


def missing_chat(counts: ChatCounts, media_ms: int) -> ChatNote | None:
    """Why the rows are not the stream's chat; a chat that is taken for one though it is not looks like a bored crowd."""
    rows = counts.messages + counts.outside + counts.unreadable
    if counts.unreadable > _MOST_UNREADABLE * rows:
        return ChatNote(
            "chat_rows_unreadable",
            f"{counts.unreadable} of {rows} rows of the chat could not be read, so it was not used. Export it again as JSON.",
        )
    if rows == 0:
        return ChatNote("chat_empty", "The chat file holds no messages, so it was not used. Export the chat again.")
    if counts.messages == 0:
        return ChatNote(
            "chat_outside_media",
            f"None of the {counts.outside} messages of the chat was written within the recording. Check that both belong "
            "together, and give offset_ms if their clocks differ, or media_started_at if the chat has dates.",
        )
    if counts.messages * _SPARSE_MS < media_ms:
        return ChatNote(
            "chat_sparse",
            f"Only {counts.messages} messages of the chat were written within the recording, so it was not used. Check that "
            "both belong together, and offset_ms.",
        )
    return None


def remarks(counts: ChatCounts) -> tuple[ChatNote, ...]:
    """What is worth a second look in a chat that was used."""
    found = []
    if counts.outside > counts.messages:
        found.append(
            ChatNote(
                "chat_mostly_outside",
                f"{counts.outside} messages were written outside of the recording and {counts.messages} within it. Check "
                "offset_ms if the recording is the whole broadcast.",
            )
        )
    if counts.unreadable:
        found.append(ChatNote("chat_rows_left_out", f"{counts.unreadable} rows of the chat could not be read."))
    if counts.crowded:
        found.append(
            ChatNote("chat_crowded", f"{counts.crowded} messages exceed what is read of a few seconds of chat.")
        )
    return tuple(found)
