"""Why a source or a chat replay cannot be taken in; each error has a stable code and a sentence that says what to do."""

from __future__ import annotations


class IngestError(Exception):
    """A source cannot be taken in. `code` is for programs, `sentence` for people."""

    code = "ingest_failed"

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class NotMedia(IngestError):
    """The source is not a recording: text, a picture, a document, or a format that is not read."""

    code = "not_media"


class SourceEmpty(NotMedia):
    """The source has no bytes."""

    code = "source_empty"


class SourceTruncated(IngestError):
    """The source ends before anything of it can be played."""

    code = "source_truncated"


class PlaylistWithoutEnd(IngestError):
    """The playlist does not say where it ends: it is that of a stream that is still running."""

    code = "playlist_without_end"


class DurationImpossible(IngestError):
    """The source claims more time than its bytes can hold."""

    code = "duration_impossible"


class NoTracks(IngestError):
    """The source is a recording without a picture or sound that can be read."""

    code = "no_tracks"


class NotWritable(IngestError):
    """The source's codecs cannot be put into any container for segments."""

    code = "not_writable"


class NotAChatReplay(IngestError):
    """The file is not a chat replay of the format named, or of any known format."""

    code = "not_a_chat_replay"


class ChatTimesImpossible(NotAChatReplay):
    """The file is a chat replay, but no message in it has a time that lies in a stream."""

    code = "chat_times_impossible"


class ChatTimesUnreadable(NotAChatReplay):
    """The file is a chat replay, but the time of no message can be read."""

    code = "chat_times_unreadable"


class ChatTooLarge(NotAChatReplay):
    """The file is larger, or deeper nested, than any chat replay."""

    code = "chat_too_large"


class AddressExpired(IngestError):
    """The address leads nowhere any more; what it was found by has to be asked again."""

    code = "address_expired"


class SourceEncrypted(IngestError):
    """The source is encrypted in a way that only its own player can undo."""

    code = "source_encrypted"


class PlaylistUnreadable(IngestError):
    """The playlist cannot be read: it is none, is damaged, or is larger than any."""

    code = "playlist_unreadable"


class SourceChanged(IngestError):
    """The source is another one than when its reading began."""

    code = "source_changed"
