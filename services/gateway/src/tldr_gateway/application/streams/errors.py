"""What can be wrong with a request about a stream, in words for the caller."""

from tldr_web import LimitReached, Problem


class ChatNotLive(Problem):
    """A chat replay beside a live source."""

    def __init__(self) -> None:
        detail = (
            "A chat replay belongs to a recording. For a live source give a chat of kind `twitch`, `youtube` or `push`."
        )
        super().__init__(422, "chat_not_live", detail)


class ChatNotRecorded(Problem):
    """A live chat beside a recording."""

    def __init__(self) -> None:
        detail = "A recording has a chat replay: give its `upload_id` or `url`. Live chats belong to live sources."
        super().__init__(422, "chat_not_recorded", detail)


class TooLongForPlan(Problem):
    """A live stream that may last longer than the plan allows."""

    def __init__(self, limit_s: int) -> None:
        detail = f"Your plan follows a live stream for {limit_s} seconds. Choose a `max_length_s` up to that, or none."
        super().__init__(422, "too_long_for_plan", detail)


class TooManyStreams(Problem):
    """The plan's number of streams at a time is reached."""

    def __init__(self, limit: int) -> None:
        detail = f"Your plan processes {limit} streams at a time. Wait until one ends, or cancel one."
        reached = LimitReached(name="active_streams", allowed=limit)
        super().__init__(429, "too_many_streams", detail, headers={"retry-after": "30"}, limit=reached)


class TooManyLiveStreams(Problem):
    """The plan's number of live streams at a time is reached."""

    def __init__(self, limit: int) -> None:
        detail = f"Your plan follows {limit} live streams at a time. Wait until one ends, or stop one."
        reached = LimitReached(name="live_streams", allowed=limit)
        super().__init__(429, "too_many_live_streams", detail, headers={"retry-after": "30"}, limit=reached)


class NotPushed(Problem):
    """No encoder sends this stream to us, so it has no key."""

    def __init__(self) -> None:
        detail = "The stream has no stream key: it is read from an address. Only sources of kind `rtmp` have one."
        super().__init__(409, "no_stream_key", detail)


class ChatNotPushed(Problem):
    """The stream's chat comes from elsewhere, or it has none."""

    def __init__(self) -> None:
        detail = 'The stream takes no chat from you. Submit it with `"chat": {"kind": "push"}`.'
        super().__init__(409, "chat_not_pushed", detail)


class SignalsNotDeclared(Problem):
    """The stream takes no external signals, or not these."""

    def __init__(self, declared: str) -> None:
        known = f"It declared {declared}." if declared else "It declared none."
        super().__init__(
            409, "signals_not_declared", f"Name a stream's signals in `signals` when you submit it. {known}"
        )


class StreamOver(Problem):
    """The stream has ended, so nothing can be sent into it."""

    def __init__(self, state: str) -> None:
        super().__init__(409, "stream_over", f"The stream is {state}: nothing can be sent into it any more.")


class LinkNotValid(Problem):
    """A link that was not made here, is of another stream, or has expired."""

    def __init__(self) -> None:
        detail = "The link does not open this stream, or no longer. Make one with POST /v1/streams/{id}/playlist-link."
        super().__init__(403, "link_not_valid", detail)


class PlaylistNotReady(Problem):
    """Nothing of the stream can be played: not yet, or no longer."""

    def __init__(self) -> None:
        detail = "Nothing of the stream can be played now: its source was not read yet, or what was read is not kept any longer."
        super().__init__(409, "playlist_not_ready", detail, headers={"retry-after": "5"})


class PlaylistNotPlayable(Problem):
    """What was stored cannot be played as HLS."""

    def __init__(self) -> None:
        super().__init__(409, "playlist_not_playable", "The source's codecs cannot be played as HLS. Its clips can be.")


class TooFast(Problem):
    """More was sent into a stream than it takes in this time."""

    def __init__(self, wait_s: int) -> None:
        detail = (
            f"More is sent into this stream than it takes. Send the same again after {wait_s} s, and less often then."
        )
        super().__init__(429, "too_fast", detail, headers={"retry-after": str(wait_s)})


class StreamNotFound(Problem):
    """No such stream, or another organization's."""

    def __init__(self) -> None:
        super().__init__(404, "stream_not_found", "There is no stream of this id. List them with GET /v1/streams.")


class NotPossibleNow(Problem):
    """The stream's state does not allow it."""

    def __init__(self, action: str, why: str) -> None:
        super().__init__(409, "not_possible_now", f"The stream cannot be {action}: {why}.")


class SourceFollowed(Problem):
    """A live source is watched by one stream of an organization at a time."""

    def __init__(self, stream: str) -> None:
        detail = f"The stream {stream} follows this live source already. Look at that one, or stop or cancel it first."
        super().__init__(409, "source_followed", detail)


class RetryTooLate(Problem):
    """What an earlier attempt read is not kept any longer."""

    def __init__(self, days: int) -> None:
        kept = f"{days} day{'s' if days != 1 else ''}"
        detail = f"What was read of a failed stream is kept for {kept}. Submit the recording again."
        super().__init__(409, "retry_too_late", detail)
