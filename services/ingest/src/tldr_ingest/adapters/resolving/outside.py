"""The only way from a library to the outside: the guard, with every request bounded and remembered."""

from __future__ import annotations

import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache

import httpx

from tldr_ingest.adapters.resolving.sealed import through_the_door
from tldr_outbound import (
    AddressPolicy,
    Deadline,
    GuardedTransport,
    OutboundError,
    Resolver,
    ResponseTooLarge,
    SourceUnavailable,
    as_outbound_error,
    resolve_by_system,
)

_CONNECT_S, _READ_S = 5.0, 10.0
_REDIRECTS = 5
# A page of YouTube has some 2 MB, and no site needs more than ten requests for one answer.
_MAX_BYTES = 16 << 20
_MAX_REQUESTS = 60
# What a library says of bodies and connections is ours to say.
_OURS = frozenset({"accept-encoding", "connection", "content-length", "host", "transfer-encoding"})


@cache
def certificates() -> ssl.SSLContext:
    """Those of the system, which take 20 ms to load."""
    return ssl.create_default_context()


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer, whatever its status. `url`: where it came from in the end."""

    status: int
    url: str
    headers: tuple[tuple[str, str], ...]
    body: bytes = field(repr=False)

    def header(self, name: str) -> str:
        """A header's value, empty where there is none."""
        return next((value for key, value in self.headers if key.lower() == name), "")


@dataclass(frozen=True, slots=True)
class Asked:
    """A request that was made, without its query, and the status of its answer; 0 where none came."""

    method: str
    host: str
    path: str
    status: int = 0
    body: bytes = field(default=b"", repr=False)


class Outside:
    """Asks under an AddressPolicy. `sites` sends the requests to some hosts to another base address, for tests.

    `failure` keeps the first request that came to nothing, as libraries swallow what a request raises; `asked` all of them.
    """

    def __init__(
        self, policy: AddressPolicy, sites: Mapping[str, str] | None = None, *, resolver: Resolver = resolve_by_system
    ) -> None:
        self.failure: OutboundError | None = None
        self.asked: list[Asked] = []
        guard = GuardedTransport(policy, resolver, Deadline(), certificates())
        self._client = httpx.Client(
            transport=_Door(guard, self, sites or {}),
            timeout=httpx.Timeout(_READ_S, connect=_CONNECT_S),
            max_redirects=_REDIRECTS,
            trust_env=False,
        )
        # httpx would say who it is; a library says whom it plays.
        self._client.headers.clear()

    def exchange(
        self, method: str, url: str, headers: Mapping[str, str], content: bytes | None = None, *, follow: bool
    ) -> Reply:
        """Ask, and read the answer to its end. Raises an OutboundError where there is none; cookies are not kept."""
        sent = {name: value for name, value in headers.items() if name.lower() not in _OURS}
        try:
            request = self._client.build_request(
                method, url, headers={**sent, "accept-encoding": "identity"}, content=content
            )
            response = self._client.send(request, stream=True, follow_redirects=follow)
            try:
                body = self._body(response)
            finally:
                response.close()
                self._client.cookies.clear()
        except OutboundError as error:
            raise self._kept(error) from None
        except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError) as error:
            raise self._kept(as_outbound_error(error, url)) from error
        return Reply(response.status_code, str(response.url), tuple(response.headers.multi_items()), body)

    def note(self, request: httpx.Request, status: int = 0) -> None:
        """Remember a request; its last one is replaced when its answer came."""
        if len(self.asked) >= _MAX_REQUESTS:
            raise SourceUnavailable("The site wanted more requests than an answer takes.")
        self.asked.append(Asked(request.method, request.url.host, request.url.path, status))

    def statuses(self, host: str) -> list[int]:
        """How a host answered, in order."""
        return [asked.status for asked in self.asked if asked.host == host]

    def said(self, host: str) -> list[bytes]:
        """What a host answered, in order."""
        return [asked.body for asked in self.asked if asked.host == host]

    def _body(self, response: httpx.Response) -> bytes:
        body = bytearray()
        with through_the_door():
            for piece in response.iter_bytes():
                body += piece
                if len(body) > _MAX_BYTES:
                    raise ResponseTooLarge(f"{response.url.host} answered with more than {_MAX_BYTES} bytes.")
        last = self.asked[-1]
        self.asked[-1] = Asked(last.method, last.host, last.path, last.status, bytes(body))
        return bytes(body)

    def _kept(self, error: OutboundError) -> OutboundError:
        self.failure = self.failure or error
        return error


class _Door(httpx.BaseTransport):
    """Every request passes here, those of redirects too."""

    def __init__(self, guard: httpx.BaseTransport, outside: Outside, sites: Mapping[str, str]) -> None:
        self._guard = guard
        self._outside = outside
        self._sites = sites

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        self._outside.note(request)
        with through_the_door():
            response = self._guard.handle_request(self._sent(request))
        self._outside.asked.pop()
        self._outside.note(request, response.status_code)
        return response

    def _sent(self, request: httpx.Request) -> httpx.Request:
        url = _placed(request.url, self._sites)
        if url == request.url:
            return request
        # The header still names the site: that is how a double knows which one it plays.
        return httpx.Request(
            request.method, url, headers=request.headers, stream=request.stream, extensions=request.extensions
        )


def placed(url: str, sites: Mapping[str, str]) -> str:
    """Where an address of a site lies."""
    return str(_placed(httpx.URL(url), sites)) if sites else url


def _placed(url: httpx.URL, sites: Mapping[str, str]) -> httpx.URL:
    base = sites.get(url.host)
    if base is None:
        return url
    at = httpx.URL(base)
    return url.copy_with(scheme=at.scheme, host=at.host, port=at.port)
