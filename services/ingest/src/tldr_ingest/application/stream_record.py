"""What this service keeps of a stream: what was asked for, and how far picture, sound and chat were read."""

from dataclasses import dataclass, field
from enum import StrEnum

from tldr_ingest.domain.chat.message import ChatFormat
from tldr_ingest.domain.chat.report import ChatReport
from tldr_ingest.domain.media.source import SourceInfo
from tldr_streams.state import FollowedStream
from tldr_streams.values import Failure


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that the customer uploaded; what is stored at its place after `stored_at_s` is another (0: nobody asked)."""

    bucket: str
    key: str
    stored_at_s: int = 0


@dataclass(frozen=True, slots=True)
class Address:
    """A file somewhere else; opened under the guard only. `url` is sealed, but for those that an earlier version announced."""

    url: str = field(repr=False)
    sealed: bool = False


@dataclass(frozen=True, slots=True)
class Push:
    """The customer's encoder sends it to us; `key_digest` is the SHA-256 of its key, in hex."""

    key_digest: str


FilePlace = Upload | Address
Place = FilePlace | Push


@dataclass(frozen=True, slots=True)
class LiveSettings:
    """How a live source is followed; 0 leaves a figure to the service."""

    wait_until_live_ms: int = 0
    ends_after_silence_ms: int = 0
    longest_ms: int = 0
    from_start: bool = False
    max_height: int = 0


class LiveChatKind(StrEnum):
    """Where the chat of a live stream is written."""

    TWITCH = "twitch"
    YOUTUBE = "youtube"
    PUSH = "push"


@dataclass(frozen=True, slots=True)
class LiveChatRequest:
    """The chat of a live stream; `channel` is empty where it is pushed, or where the source's page names it."""

    kind: LiveChatKind
    channel: str = ""


@dataclass(frozen=True, slots=True)
class ChatRequest:
    """A chat replay. Without a `format` it is found out; `offset_ms` is added to each message's time.

    `media_started_at_ms`: since 1970, when the recording began, for a chat whose times are dates.
    """

    place: FilePlace
    format: ChatFormat | None = None
    offset_ms: int = 0
    media_started_at_ms: int | None = None


@dataclass(frozen=True, slots=True)
class Request:
    """What came with the request. `place` is None where it named none, `live` where the source is a recording."""

    priority: int
    place: Place | None
    live: LiveSettings | None = None
    chat: ChatRequest | LiveChatRequest | None = None


class LiveState(StrEnum):
    """waiting: it is not live yet. interrupted: it gives nothing at the moment."""

    WAITING = "waiting"
    LIVE = "live"
    INTERRUPTED = "interrupted"


@dataclass(frozen=True, slots=True)
class LiveProgress:
    """How a live source stands.

    `waits_until_ms`: since 1970, until when it is waited for (0: it is not). `stopping`: what was seen is read to its end.
    `connections`: how often it was begun to read. `segment_at_ms`: since 1970, when the last segment was stored, `lag_ms`
    after it had happened. `offset_ms`: how much later the wall clock is than `wall_zero_ms` says, as measured of late, give
    or take `uncertainty_ms`; it leapt `odd_walls` times.
    """

    state: LiveState = LiveState.WAITING
    waits_until_ms: int = 0
    stopping: bool = False
    connections: int = 0
    segment_at_ms: int = 0
    lag_ms: int = 0
    offset_ms: int = 0
    uncertainty_ms: int = 0
    odd_walls: int = 0


@dataclass(frozen=True, slots=True)
class MediaProgress:
    """How far picture and sound were read, over all attempts.

    `opened_attempt` and `ended_attempt`: the last attempt in which that was announced (0: never). `complete`: nothing is
    left to be read in another attempt. `size_bytes`: of the segments. `wall_zero_ms`: the wall clock at stream time 0, since
    1970, give or take `wall_uncertainty_ms`; 0 where it is not known.
    """

    opened_attempt: int = 0
    info: SourceInfo | None = None
    segments: int = 0
    read_until_ms: int = 0
    size_bytes: int = 0
    ended_attempt: int = 0
    complete: bool = False
    failure: Failure | None = None
    wall_zero_ms: int = 0
    wall_uncertainty_ms: int = 0
    live: LiveProgress = field(default_factory=LiveProgress)


@dataclass(frozen=True, slots=True)
class ChatProgress:
    """How far chat was read, over all attempts.

    `complete`: every window of the replay was announced. `stored`: some of them lie in the object store. `report`: what
    became of the replay's rows, None before it was read.
    """

    windows: int = 0
    read_until_ms: int = 0
    complete: bool = False
    stored: bool = False
    ended_attempt: int = 0
    failure: Failure | None = None
    report: ChatReport | None = None


@dataclass(frozen=True, slots=True)
class StreamRecord(FollowedStream):
    """A stream. Its row is made by whatever event comes first, so `request` may be missing."""

    request: Request | None = None
    media: MediaProgress = field(default_factory=MediaProgress)
    chat: ChatProgress = field(default_factory=ChatProgress)

    @property
    def live_chat(self) -> LiveChatRequest | None:
        """The chat that is read while the stream is live; None where there is none, or it is read from a file."""
        request = self.request
        chat = request.chat if request is not None and request.live is not None else None
        return chat if isinstance(chat, LiveChatRequest) else None

    @property
    def media_ended(self) -> bool:
        """Whether the end of picture and sound was announced in this attempt."""
        return self.media.ended_attempt >= self.attempt

    @property
    def chat_ended(self) -> bool:
        """Whether the end of chat was announced in this attempt."""
        return self.chat.ended_attempt >= self.attempt

    def reads_media(self, attempt: int) -> bool:
        """Whether picture and sound are to be read in this attempt."""
        return self.active and attempt == self.attempt and not self.media_ended

    @property
    def live(self) -> LiveSettings | None:
        """How it is to be followed; None for a recording. What is pushed is always live."""
        request = self.request
        if request is None:
            return None
        return request.live or (LiveSettings() if isinstance(request.place, Push) else None)

    @property
    def chat_waits(self) -> bool:
        """Whether there is chat of which nothing more is being read in this attempt."""
        wanted = self.request is not None and self.request.chat is not None
        return wanted and not self.chat.complete and not self.chat_ended

    def reads_chat(self, attempt: int) -> bool:
        """Whether chat is to be read in this attempt: when picture and sound say how long the stream is."""
        read = self.chat_ended or self.chat.complete or self.live_chat is not None
        return self.active and attempt == self.attempt and self.media_ended and not read

    def reads_live_chat(self, attempt: int) -> bool:
        """Whether chat is to be read as it is written in this attempt; it goes on until picture and sound have ended."""
        read = self.chat_ended or self.chat.complete
        return self.active and attempt == self.attempt and self.live_chat is not None and not read
