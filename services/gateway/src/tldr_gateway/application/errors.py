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


class LiveNotSupported(Problem):
    """Live streams cannot be read yet."""

    def __init__(self) -> None:
        detail = (
            "Live streams cannot be read yet. Submit the recording once the stream has ended, as a file or its address."
        )
        super().__init__(422, "live_not_supported", detail)


class SiteNotSupported(Problem):
    """A page of a site, which is no file."""

    def __init__(self, site: str) -> None:
        detail = (
            f"An address of {site} leads to a page, not to a file. Download the recording (and its chat) and upload it "
            "with POST /v1/uploads, or give the address of the file itself."
        )
        super().__init__(422, "site_not_supported", detail)


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
