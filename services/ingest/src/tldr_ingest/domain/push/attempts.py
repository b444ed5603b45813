"""How often an address may try keys that open nothing."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field
from ipaddress import IPv6Address, ip_address


@dataclass(slots=True)
class WrongKeys:
    """`at_once` wrong keys, then one more each `every_s`; times are seconds of a clock that never goes back.

    An encoder that tries its one key again and again does not guess: a key that is not known yet locks nobody out.
    At most `addresses` are remembered, those that tried last. Addresses of IPv6 count by their network of 64 bits.
    """

    at_once: int = 10
    every_s: float = 6.0
    addresses: int = 4096
    _spent: OrderedDict[str, tuple[float, float, bytes]] = field(default_factory=OrderedDict)

    def exhausted(self, address: str, now_s: float) -> bool:
        """Whether the address may not try at present."""
        return self._now(_network(address), now_s) > self.at_once - 1

    def count(self, address: str, key: bytes, now_s: float) -> None:
        """It tried a key that opens nothing, named by its digest."""
        network = _network(address)
        again = network in self._spent and self._spent[network][2] == key
        self._spent[network] = self._now(network, now_s) + (0 if again else 1), now_s, key
        self._spent.move_to_end(network)
        while len(self._spent) > self.addresses:
            self._spent.popitem(last=False)

    def _now(self, network: str, now_s: float) -> float:
        spent, at_s, _ = self._spent.get(network, (0.0, now_s, b""))
        return max(0.0, spent - (now_s - at_s) / self.every_s)


def _network(address: str) -> str:
    try:
        known = ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if not isinstance(known, IPv6Address):
        return str(known)
    return str(known.ipv4_mapped or int(known) >> 64)
