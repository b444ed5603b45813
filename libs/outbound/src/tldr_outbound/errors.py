"""What can go wrong when a URL from outside is opened; each error has a stable code and a sentence for people."""

from __future__ import annotations

from tldr_secrets import struck


class OutboundError(Exception):
    """A URL from outside could not be used. `code` is for programs, `sentence` for people: addresses in it are redacted, since
    nobody knows who prints it.
    """

    code = "source_unavailable"

    def __init__(self, sentence: str) -> None:
        self.sentence = struck(sentence)
        super().__init__(self.sentence)

    def __str__(self) -> str:
        return self.sentence


class AddressRefused(OutboundError):
    """The URL, a redirect or a nested request leads to a scheme, port or address that is never opened."""

    code = "address_refused"


class EncryptedSource(AddressRefused):
    """A playlist's parts are encrypted."""

    code = "source_encrypted"


class RequestNotUnderstood(AddressRefused):
    """A demuxer asks for something of a request that is not known here: what it would read then is not what it asked for."""

    code = "request_not_understood"


class SourceNotFound(OutboundError):
    """The server answered that there is nothing to be had (a 4xx status that does not pass by waiting)."""

    code = "source_not_found"

    def __init__(self, status: int, url: str) -> None:
        super().__init__(f"The server answered {status} for {url}; check that the address exists and may be read.")
        self.status = status

    def __reduce__(self) -> tuple[object, ...]:
        # Errors cross process borders; the default would call __init__ with the sentence alone.
        return _restored, (type(self), self.sentence, self.status)


class SourceUnavailable(OutboundError):
    """The server could not be reached, broke off, or answered with something that cannot be used."""

    code = "source_unavailable"


class TooManyRedirects(OutboundError):
    """The server kept sending the request elsewhere."""

    code = "too_many_redirects"


class DeadlineExceeded(OutboundError):
    """The server did not answer, or not all of it, within the time allowed."""

    code = "deadline_exceeded"


class ResponseTooLarge(OutboundError):
    """The answer is larger than it may be."""

    code = "response_too_large"


def _restored(kind: type[SourceNotFound], sentence: str, status: int) -> SourceNotFound:
    error = kind.__new__(kind)
    OutboundError.__init__(error, sentence)
    error.status = status
    return error
