"""What can be wrong with logging in, in words for the caller."""

from tldr_web import Problem


class InvalidCredentials(Problem):
    """Nobody has this address, or not this password, or none yet: it is told apart by nobody."""

    def __init__(self) -> None:
        detail = "The address or the password is wrong. Whoever has no password yet, or forgot it, asks for a new one."
        super().__init__(401, "invalid_credentials", detail)


class CsrfTokenMissing(Problem):
    """A cookie alone changes nothing: another site may have made the browser send it."""

    def __init__(self) -> None:
        detail = "Send the session's `csrf_token` as `X-CSRF-Token`. GET /v1/auth/session tells it."
        super().__init__(403, "csrf_token_missing", detail)


class SessionEnded(Problem):
    """A token that is wrong or over, or of a session that has ended."""

    def __init__(self) -> None:
        detail = "The token is wrong or over, or its session has ended. Refresh it, or log in again."
        super().__init__(401, "session_ended", detail, headers={"www-authenticate": "Bearer"})
