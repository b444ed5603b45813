"""What can be wrong with an upload, in words for the caller."""

from tldr_web import LimitReached, Problem


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
        reached = LimitReached(name="promised_bytes", allowed=limit)
        super().__init__(429, "too_much_promised", detail, headers={"retry-after": "60"}, limit=reached)


class WrongUpload(Problem):
    """A media upload where a chat upload belongs, or the other way round."""

    def __init__(self, kind: str) -> None:
        super().__init__(422, "wrong_upload", f"That upload was not made for {kind}. Create one of that kind.")


class StorageUnavailable(Problem):
    """The object store does not answer."""

    def __init__(self) -> None:
        detail = "The file store does not answer now. Nothing is lost; try again in a moment."
        super().__init__(503, "temporarily_unavailable", detail, headers={"retry-after": "5"})
