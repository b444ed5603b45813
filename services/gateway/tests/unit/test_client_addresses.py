"""What is believed of where a request comes from."""

import pytest
from starlette.requests import Request

from tldr_gateway.domain.accounts.networks import address_of
from tldr_gateway.entrypoints.http.client_addresses import ClientAddresses

PROXIES = "10.0.0.0/8, 2001:db8::1"


@pytest.mark.parametrize(
    ("peer", "said", "found"),
    [
        ("198.51.100.1", [], "198.51.100.1"),
        ("198.51.100.1", ["203.0.113.7"], "198.51.100.1"),
        ("10.0.0.1", ["203.0.113.7"], "203.0.113.7"),
        ("2001:db8::1", ["203.0.113.7"], "203.0.113.7"),
        ("10.0.0.1", ["192.0.2.1, 203.0.113.7"], "203.0.113.7"),
        ("10.0.0.1", ["192.0.2.1, 203.0.113.7", "10.0.0.2"], "203.0.113.7"),
        ("10.0.0.1", ["192.0.2.1, unknown"], None),
        ("10.0.0.1", [], "10.0.0.1"),
        ("::ffff:10.0.0.1", ["203.0.113.7"], "203.0.113.7"),
    ],
)
def test_a_proxy_is_believed_where_it_is_trusted_and_nobody_else(peer: str, said: list[str], found: str | None) -> None:
    headers = [(b"x-forwarded-for", line.encode()) for line in said]
    request = Request({"type": "http", "client": (peer, 1), "headers": headers})
    assert ClientAddresses.behind(PROXIES)(request) == (address_of(found) if found else None)


def test_without_proxies_nobody_is_believed() -> None:
    request = Request({"type": "http", "client": ("127.0.0.1", 1), "headers": [(b"x-forwarded-for", b"203.0.113.7")]})
    assert ClientAddresses.behind("")(request) == address_of("127.0.0.1")
