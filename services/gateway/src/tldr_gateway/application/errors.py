"""What can be wrong with a request, in words for the caller. Each knows its status and code."""

from tldr_web import Problem


class EmailTaken(Problem):
    """Somebody registered with that address before."""

    def __init__(self) -> None:
        super().__init__(409, "email_taken", "An organization is registered with this address. Use another one.")


class UnknownPreset(Problem):
    """No such preset."""

    def __init__(self, name: str, known: str) -> None:
        super().__init__(422, "unknown_preset", f"There is no preset {name!r}. Choose one of: {known}.")


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


class UploadNotFound(Problem):
    """No such upload."""

    def __init__(self) -> None:
        super().__init__(422, "upload_not_found", "There is no such upload. Create one with POST /v1/uploads.")


class UploadMissing(Problem):
    """Nothing was put at the upload's address."""

    def __init__(self) -> None:
        super().__init__(409, "upload_missing", "Nothing was uploaded yet. PUT the file to the upload's address first.")


class UploadEmpty(Problem):
    """The uploaded file has no bytes."""

    def __init__(self) -> None:
        super().__init__(422, "upload_empty", "The uploaded file is empty. Upload it again.")


class UploadDiffers(Problem):
    """What was uploaded does not have the announced size."""

    def __init__(self, announced: int, found: int) -> None:
        detail = (
            f"The uploaded file has {found} bytes, but {announced} were announced. "
            "PUT the whole file again, or create an upload of its size."
        )
        super().__init__(409, "upload_differs", detail)


class UploadTooLarge(Problem):
    """The uploaded file is larger than the plan allows."""

    def __init__(self, limit: int) -> None:
        super().__init__(413, "upload_too_large", f"The file is larger than the {limit} bytes your plan allows.")


class TooMuchPromised(Problem):
    """As much was announced as the plan lets wait, and is not part of a stream yet."""

    def __init__(self, limit: int) -> None:
        detail = f"Uploads of {limit} bytes together may wait for their stream. Submit those you have, or wait until they expire."
        super().__init__(429, "too_much_promised", detail, headers={"retry-after": "60"})


class WrongUpload(Problem):
    """A media upload where a chat upload belongs, or the other way round."""

    def __init__(self, kind: str) -> None:
        super().__init__(422, "wrong_upload", f"That upload was not made for {kind}. Create one of that kind.")


class InvalidProcessing(Problem):
    """Figures that do not go together, the preset's included."""

    def __init__(self, shortest: int, longest: int) -> None:
        detail = f"Highlights would have at least {shortest} ms and at most {longest} ms. Give both lengths."
        super().__init__(422, "invalid_processing", detail)


class TooManyStreams(Problem):
    """The plan's number of streams at a time is reached."""

    def __init__(self, limit: int) -> None:
        detail = f"Your plan processes {limit} streams at a time. Wait until one ends, or cancel one."
        super().__init__(429, "too_many_streams", detail, headers={"retry-after": "30"})


class TooManyLiveStreams(Problem):
    """The plan's number of live streams at a time is reached."""

    def __init__(self, limit: int) -> None:
        detail = f"Your plan follows {limit} live streams at a time. Wait until one ends, or stop one."
        super().__init__(429, "too_many_live_streams", detail, headers={"retry-after": "30"})


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


class TooManyViewers(Problem):
    """As many follow feeds as the plan allows."""

    def __init__(self, limit: int) -> None:
        detail = (
            f"Your plan lets {limit} viewers follow feeds at a time. Close one, or give one feed to several viewers."
        )
        super().__init__(429, "too_many_viewers", detail, headers={"retry-after": "30"})


class FeedsClosed(Problem):
    """This process takes no further viewers: it stops, or has as many as it can serve."""

    def __init__(self) -> None:
        detail = "No further viewer can follow a feed here now. Try again in a moment."
        super().__init__(503, "temporarily_unavailable", detail, headers={"retry-after": "2"})


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


class StreamNotCompleted(Problem):
    """Only what was finished can be detected on once more."""

    def __init__(self, state: str) -> None:
        detail = f"The stream is {state}. A stream can be rescored once it is completed."
        super().__init__(409, "stream_not_completed", detail)


class TooManyRuns(Problem):
    """The number of runs that are kept of a stream is reached."""

    def __init__(self, limit: int) -> None:
        detail = f"{limit} runs are kept of a stream, and this one has as many. Submit the recording again."
        super().__init__(409, "too_many_runs", detail)


class TooManyRescores(Problem):
    """As many rescores as an organization may have wait already."""

    def __init__(self, limit: int) -> None:
        detail = f"{limit} rescores are being made at a time. Wait until one ends."
        super().__init__(429, "too_many_rescores", detail, headers={"retry-after": "5"})


class RunNotFound(Problem):
    """No such run of this stream, or another organization's."""

    def __init__(self) -> None:
        detail = "The stream has no run of this id. List them with GET /v1/streams/{id}/runs."
        super().__init__(404, "run_not_found", detail)


class NotPossibleNow(Problem):
    """The stream's state does not allow it."""

    def __init__(self, action: str, why: str) -> None:
        super().__init__(409, "not_possible_now", f"The stream cannot be {action}: {why}.")


class RetryTooLate(Problem):
    """What an earlier attempt read is not kept any longer."""

    def __init__(self, days: int) -> None:
        kept = f"{days} day{'s' if days != 1 else ''}"
        detail = f"What was read of a failed stream is kept for {kept}. Submit the recording again."
        super().__init__(409, "retry_too_late", detail)


class ExpiryNotPossible(Problem):
    """A key that would have expired already, or would outlive everybody who knows of it."""

    def __init__(self) -> None:
        super().__init__(
            422,
            "invalid_expiry",
            "Choose an `expires_at` in the next ten years, or leave it out for a key without an end.",
        )


class ScopeNotYours(Problem):
    """A key can neither give nor take away what it does not have."""

    def __init__(self, extra: str) -> None:
        detail = f"Your key does not have the scopes {extra}, so it can neither give nor revoke them. Use a key that has them."
        super().__init__(403, "scope_not_yours", detail)


class LastKey(Problem):
    """Without it nobody of the organization could make such a key again, or only for a time."""

    def __init__(self) -> None:
        detail = "No other key can make what this one can, for as long. Make one with all its scopes and no earlier end first."
        super().__init__(409, "last_key", detail)


class TooManyKeys(Problem):
    """The number of keys an organization may have is reached."""

    def __init__(self, limit: int) -> None:
        super().__init__(409, "too_many_api_keys", f"There can be {limit} API keys. Revoke one first.")


class StorageUnavailable(Problem):
    """The object store does not answer."""

    def __init__(self) -> None:
        detail = "The file store does not answer now. Nothing is lost; try again in a moment."
        super().__init__(503, "temporarily_unavailable", detail, headers={"retry-after": "5"})
