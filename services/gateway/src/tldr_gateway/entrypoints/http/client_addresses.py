"""From which address a request comes: the other end of the connection, or what proxies that are trusted say of it."""

from dataclasses import dataclass
from typing import Self

from starlette.requests import HTTPConnection

from tldr_gateway.domain.accounts.networks import Address, Network, address_of, contains, network_of


@dataclass(frozen=True, slots=True)
class ClientAddresses:
    """Each proxy adds the address it was called from at the end of `X-Forwarded-For`; what stands before that, anybody wrote."""

    trusted: tuple[Network, ...] = ()

    @classmethod
    def behind(cls, proxies: str) -> Self:
        """Behind proxies in these networks, separated by commas."""
        return cls(tuple(network_of(proxy.strip()) for proxy in proxies.split(",") if proxy.strip()))

    def __call__(self, request: HTTPConnection) -> Address | None:
        """The nearest address that no trusted proxy has; None where a trusted one says nothing that could be read."""
        address = address_of(request.client.host) if request.client else None
        said = [part for line in request.headers.getlist("x-forwarded-for") for part in line.split(",")]
        while said and contains(self.trusted, address):
            address = address_of(said.pop().strip())
        return address
