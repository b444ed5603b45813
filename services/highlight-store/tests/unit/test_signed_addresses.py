"""Players ask every second: an address is signed once, and again before it expires."""

from datetime import timedelta

from tldr_highlight_store.domain.streams.playlist import Playable
from tldr_highlight_store.entrypoints.playlist import SignedAddresses
from tldr_testing import FixedClock


class Signer:
    """Counts what it signs."""

    def __init__(self) -> None:
        self.signed = 0

    def download_url(self, bucket: str, key: str, lifetime: timedelta) -> str:
        assert lifetime == timedelta(hours=2)
        self.signed += 1
        return f"https://store/{bucket}/{key}?{self.signed}"


def segment(key: str) -> Playable:
    return Playable(0, 0, 2000, "b", key, 9, "mp4", 0, 1)


def test_an_address_is_given_again_until_half_of_its_life_is_over() -> None:
    signer, clock = Signer(), FixedClock()
    address = SignedAddresses(signer, clock)  # type: ignore[arg-type]
    first = address(segment("1"))
    clock.time += timedelta(minutes=59)
    assert address(segment("1")) == first
    assert address(segment("2")) != first
    clock.time += timedelta(minutes=2)
    assert address(segment("1")) != first
    assert signer.signed == 3


def test_only_so_many_addresses_are_remembered() -> None:
    signer = Signer()
    address = SignedAddresses(signer, FixedClock())  # type: ignore[arg-type]
    for number in range(20_001):
        address(segment(str(number)))
    address(segment("20000"))
    assert signer.signed == 20_001
    address(segment("0"))
    assert signer.signed == 20_002, "the one that was asked for longest ago is forgotten"
