"""Which feed reads which place, in a reading process."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from tldr_ingest.adapters.hls.feed import HlsFeed, HlsSettings
from tldr_ingest.adapters.push.feed import PushFeed, push_settings
from tldr_ingest.application.stream_record import LiveSettings
from tldr_ingest.domain.live.feed import LiveFeed
from tldr_outbound import AddressPolicy, ReadingLimits


@dataclass(frozen=True, slots=True)
class PlaylistPlace:
    """An address from outside, in clear, with the headers that go with each request; `max_height` where none was asked for."""

    url: str = field(repr=False)
    headers: tuple[tuple[str, str], ...] = field(repr=False)
    policy: AddressPolicy
    limits: ReadingLimits
    settings: LiveSettings
    max_height: int


@dataclass(frozen=True, slots=True)
class SpoolPlace:
    """The folder of a pushed stream."""

    folder: Path
    settings: LiveSettings
    grace_ms: int


LivePlace = PlaylistPlace | SpoolPlace
OpenFeed = Callable[[LivePlace], LiveFeed]
"""A module's function: reading processes are told of it by name."""


def feed_of(place: LivePlace) -> LiveFeed:
    """HLS for an address, the spool for a stream that is pushed."""
    if isinstance(place, SpoolPlace):
        return PushFeed(place.folder, push_settings(place.settings, place.grace_ms))
    settings, usual = place.settings, HlsSettings()
    wanted = HlsSettings(
        from_start=settings.from_start,
        max_height=settings.max_height or place.max_height,
        ends_after_silence_ms=settings.ends_after_silence_ms or usual.ends_after_silence_ms,
    )
    return HlsFeed(place.url, place.headers, place.policy, place.limits, wanted)
