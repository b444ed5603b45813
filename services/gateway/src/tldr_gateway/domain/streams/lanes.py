"""Lanes: an organization's streams are spread over a small stable set of them, its shuffle shard."""

import hashlib

from tldr_contracts.ids import OrganizationId, StreamId

LANES = 1024
"""The same number as in the topic registry: a test holds them together."""


def shard(organization: OrganizationId, size: int) -> tuple[int, ...]:
    """The lanes of an organization, by highest random weight: a larger plan keeps the lanes of the smaller one."""
    weighted = sorted(range(LANES), key=lambda lane: _weight(organization, lane), reverse=True)
    return tuple(weighted[:size])


def lane_of(organization: OrganizationId, stream: StreamId, size: int) -> int:
    """The lane a new stream is given: the same for the same stream and size."""
    lanes = shard(organization, size)
    return lanes[_weight(stream, 0) % len(lanes)]


def _weight(name: str, lane: int) -> int:
    return int.from_bytes(hashlib.blake2b(f"{name}/{lane}".encode(), digest_size=8).digest(), "big")
