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


class UploadTooLarge(Problem):
    """The uploaded file is larger than the plan allows."""

    def __init__(self, limit: int) -> None:
        super().__init__(413, "upload_too_large", f"The file is larger than the {limit} bytes your plan allows.")


class WrongUpload(Problem):
    """A media upload where a chat upload belongs, or the other way round."""

    def __init__(self, kind: str) -> None:
        super().__init__(422, "wrong_upload", f"That upload was not made for {kind}. Create one of that kind.")


class TooManyStreams(Problem):
    """The plan's number of streams at a time is reached."""

    def __init__(self, limit: int) -> None:
        detail = f"Your plan processes {limit} streams at a time. Wait until one ends, or cancel one."
        super().__init__(429, "too_many_streams", detail, headers={"retry-after": "30"})


class StreamNotFound(Problem):
    """No such stream, or another organization's."""

    def __init__(self) -> None:
        super().__init__(404, "stream_not_found", "There is no stream of this id. List them with GET /v1/streams.")


class NotPossibleNow(Problem):
    """The stream's state does not allow it."""

    def __init__(self, action: str, why: str) -> None:
        super().__init__(409, "not_possible_now", f"The stream cannot be {action}: {why}.")
