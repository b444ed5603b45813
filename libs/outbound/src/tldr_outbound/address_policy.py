"""Which addresses may be opened: public ones, over http and https."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from urllib.parse import urlsplit

from tldr_outbound.errors import AddressRefused

IPAddress = ipaddress.IPv4Address | ipaddress.IPv6Address

# IANA special-purpose registry (RFC 6890 and its successors), without the ranges that are globally reachable.
_REFUSED_V4 = tuple(
    ipaddress.IPv4Network(network)
    for network in (
        "0.0.0.0/8",  # this network
        "10.0.0.0/8",  # private
        "100.64.0.0/10",  # carrier-grade NAT; holds a cloud's metadata host too
        "127.0.0.0/8",  # loopback
        "168.63.129.16/32",  # a cloud's metadata host on a public address
        "169.254.0.0/16",  # link-local and metadata hosts
        "172.16.0.0/12",  # private
        "192.0.0.0/24",  # protocol assignments
        "192.0.2.0/24",  # documentation
        "192.88.99.0/24",  # 6to4 relays
        "192.168.0.0/16",  # private
        "198.18.0.0/15",  # benchmarking
        "198.51.100.0/24",  # documentation
        "203.0.113.0/24",  # documentation
        "224.0.0.0/4",  # multicast
        "240.0.0.0/4",  # reserved and broadcast
    )
)
# Everything outside global unicast is refused: loopback, ULA, link-local, multicast, IPv4-mapped and -compatible, NAT64.
_GLOBAL_V6 = ipaddress.IPv6Network("2000::/3")
_REFUSED_V6 = tuple(
    ipaddress.IPv6Network(network)
    for network in (
        "2001::/23",  # protocol assignments: Teredo, ORCHID, benchmarking
        "2001:db8::/32",  # documentation
        "2002::/16",  # 6to4: carries an IPv4 address that would be reached instead
        "3fff::/20",  # documentation
    )
)
_REFUSED_HOSTS = frozenset({"metadata", "metadata.google.internal", "metadata.goog", "instance-data"})

# These services read lines: a request whose path or body holds line breaks would be obeyed as commands.
_REFUSED_PORTS = frozenset({21, 22, 23, 25, 53, 110, 143, 465, 587, 993, 995, 6379, 11211})
_DEFAULT_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class AddressPolicy:
    """Decides on schemes, ports and resolved addresses; what it refuses raises AddressRefused.

    `allow_loopback` is for development. `allowed_networks` names private networks (CIDR) that an operator opens,
    for example the one of an object store of their own.
    """

    allow_loopback: bool = False
    allowed_networks: tuple[str, ...] = ()
    refused_ports: frozenset[int] = _REFUSED_PORTS

    def check_url(self, url: str) -> None:
        """Refuse what can be refused before resolving: scheme, missing host, port, and an address written as such."""
        try:
            parts = urlsplit(url)
            host, port = parts.hostname or "", parts.port
        except ValueError as error:
            raise AddressRefused(f"The address cannot be read: {error}.") from None
        scheme = parts.scheme.lower()
        if scheme not in _DEFAULT_PORTS:
            raise AddressRefused(f"Only http and https are opened, not {scheme or 'an address without a scheme'}.")
        self.check_host(host, port or _DEFAULT_PORTS[scheme])

    def check_host(self, host: str, port: int) -> None:
        """Refuse a host name or port that is never opened. A name that passes is checked again once resolved."""
        name = host.rstrip(".").lower()
        if not name:
            raise AddressRefused("The address names no host.")
        if name in _REFUSED_HOSTS:
            raise AddressRefused(f"The host {name} is not reachable from here.")
        if port in self.refused_ports:
            raise AddressRefused(f"Port {port} belongs to another protocol and is not opened.")
        if _is_literal(name):
            self.check_address(name)

    def check_address(self, address: str) -> None:
        """Refuse an IP address that is not publicly reachable."""
        if not self.allows(address):
            raise AddressRefused(f"The address {address} is not public; private and local addresses are not opened.")

    def allows(self, address: str) -> bool:
        """Whether an IP address may be connected to."""
        try:
            ip = ipaddress.ip_address(address.strip("[]"))
        except ValueError:
            return False
        if any(ip.version == net.version and ip in net for net in map(ipaddress.ip_network, self.allowed_networks)):
            return True
        if ip.is_loopback and not getattr(ip, "ipv4_mapped", None):
            return self.allow_loopback
        return _is_public(ip)


def _is_public(ip: IPAddress) -> bool:
    if isinstance(ip, ipaddress.IPv4Address):
        return not any(ip in network for network in _REFUSED_V4)
    # A zone index names an interface of this machine, which nobody outside can mean.
    return ip.scope_id is None and ip in _GLOBAL_V6 and not any(ip in network for network in _REFUSED_V6)


def _is_literal(host: str) -> bool:
    try:
        ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        return False
    return True
