"""A preset with the customer's own figures, as one snapshot."""

from collections.abc import Mapping
from typing import Any

from tldr_gateway.application.errors import InvalidProcessing, UnknownPreset
from tldr_gateway.application.ports import Profiles
from tldr_gateway.domain.streams.submission import Profile


def choose_profile(profiles: Profiles, name: str, processing: Mapping[str, Any] | None) -> Profile:
    """The preset of that name; `processing` overrides its figures. UnknownPreset or InvalidProcessing."""
    preset = profiles.named(name)
    if preset is None:
        raise UnknownPreset(name, ", ".join(known.name for known in profiles.all()))
    return adjust_profile(preset, processing)


def adjust_profile(profile: Profile, processing: Mapping[str, Any] | None) -> Profile:
    """The same with other figures; InvalidProcessing where they do not go together."""
    figures = {**profile.document["processing"], **(processing or {})}
    shortest, longest = int(figures["min_length_ms"]), int(figures["max_length_ms"])
    if shortest > longest:
        raise InvalidProcessing(shortest, longest)
    return Profile(profile.name, profile.version, {**profile.document, "processing": figures})
