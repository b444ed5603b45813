"""Which rendition of a source is read."""

from __future__ import annotations

from dataclasses import dataclass

from tldr_ingest.domain.errors import NoTracks
from tldr_ingest.domain.hls.playlist import AudioRendition, MultivariantPlaylist, Variant

_WRITABLE = ("avc1", "avc3", "hvc1", "hev1", "av01", "mp4a", "ac-3", "ec-3", "opus", "vp09")
_SOUND = ("mp4a", "ac-3", "ec-3", "opus", "flac")


@dataclass(frozen=True, slots=True)
class Rendition:
    """What is read: a variant, and its sound where that lies in a playlist of its own."""

    variant: Variant
    audio: AudioRendition | None = None


def choose(playlist: MultivariantPlaylist, max_height: int) -> Rendition:
    """The highest picture that is not taller than `max_height`, else the lowest one; of equals H.264 with AAC, sound in the
    variant itself, the higher frame rate and bandwidth. Without a picture the best sound. Raises NoTracks.
    """
    if not playlist.variants:
        raise NoTracks("The playlist names no rendition.")
    pictures = [variant for variant in playlist.variants if _has_picture(variant)]
    chosen = max(pictures or playlist.variants, key=lambda variant: _worth(variant, playlist, max_height))
    return Rendition(chosen, _apart(chosen, playlist))


def same_rendition(playlist: MultivariantPlaylist, known: Variant) -> Rendition | None:
    """The variant of another session that was chosen before: by what it is, as addresses differ."""
    for variant in playlist.variants:
        if (variant.height, variant.frame_rate, variant.codecs) == (known.height, known.frame_rate, known.codecs):
            return Rendition(variant, _apart(variant, playlist))
    return None


def _has_picture(variant: Variant) -> bool:
    return variant.height > 0 or not variant.codecs or any(not codec.startswith(_SOUND) for codec in variant.codecs)


def _worth(variant: Variant, playlist: MultivariantPlaylist, max_height: int) -> tuple[float, ...]:
    fits = variant.height <= max_height
    plain = bool(variant.codecs) and all(codec.startswith(("avc1", "avc3", "mp4a")) for codec in variant.codecs)
    writable = all(codec.startswith(_WRITABLE) for codec in variant.codecs)
    height = variant.height if fits else -variant.height
    together = _apart(variant, playlist) is None
    return fits, writable, height, plain, together, variant.frame_rate, variant.bandwidth


def _apart(variant: Variant, playlist: MultivariantPlaylist) -> AudioRendition | None:
    """The group's default sound, or its first, where that lies apart. One without an address is in the variant."""
    group = [audio for audio in playlist.audio if audio.group == variant.audio_group and variant.audio_group]
    best = max(group, key=lambda audio: audio.default, default=None)
    return best if best is not None and best.uri else None
