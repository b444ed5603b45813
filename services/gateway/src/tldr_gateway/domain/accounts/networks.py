"""Networks that a key may be used from."""

from collections.abc import Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network
MAX_NETWORKS = 50


def address_of(written: str) -> Address | None:
    """The address; None for what is none. IPv4 that comes through an IPv6 socket is IPv4."""
    try:
        found = ip_address(written)
    except ValueError:
        return None
    return found.ipv4_mapped or found if isinstance(found, IPv6Address) else found


def network_of(written: str) -> Network:
    """The network of a CIDR or of a single address; ValueError for anything else, and where bits behind the mask are set."""
    return ip_network(written)


def contains(networks: Sequence[Network], address: Address | None) -> bool:
    """Whether the address lies in one of them; no address lies in none."""
    return address is not None and any(address in network for network in networks)


def within(inner: Sequence[Network], outer: Sequence[Network]) -> bool:
    """Whether whoever may come from the inner ones may come from the outer ones. None at all means from everywhere."""
    if not outer:
        return True
    return bool(inner) and all(any(_part_of(one, other) for other in outer) for one in inner)


def _part_of(inner: Network, outer: Network) -> bool:
    if isinstance(inner, IPv4Network) and isinstance(outer, IPv4Network):
        return inner.subnet_of(outer)
    return isinstance(inner, IPv6Network) and isinstance(outer, IPv6Network) and inner.subnet_of(outer)
