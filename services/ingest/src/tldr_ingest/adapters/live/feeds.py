"""Which feed reads which place, in a reading process."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from tldr_ingest.application.stream_record import LiveSettings
from tldr_ingest.domain.live.feed import LiveFeed
from tldr_outbound import AddressPolicy, ReadingLimits


@dataclass(frozen=True, slots=True)
class PlaylistPlace:
    """An address from outside, in clear, with the headers that go with each request."""

    url: str = field(repr=False)
    headers: tuple[tuple[str, str], ...] = field(repr=False)
    policy: AddressPolicy
    limits: ReadingLimits
    settings: LiveSettings


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
    settings = place.settings
    if isinstance(place, SpoolPlace):
        from tldr_ingest.adapters.push.feed import PushFeed, push_settings

        return PushFeed(place.folder, push_settings(settings, place.grace_ms))
    from importlib import import_module

    hls = import_module("tldr_ingest.adapters.hls.feed")
    usual = hls.HlsSettings()
    wanted = hls.HlsSettings(
        from_start=settings.from_start,
        max_height=settings.max_height or usual.max_height,
        ends_after_silence_ms=settings.ends_after_silence_ms or usual.ends_after_silence_ms,
    )
    feed: LiveFeed = hls.HlsFeed(place.url, place.headers, place.policy, place.limits, wanted)
    return feed
