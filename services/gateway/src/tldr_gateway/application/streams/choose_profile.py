"""A preset with the customer's own figures, as one snapshot."""

from collections.abc import Mapping, Sequence
from typing import Any

from tldr_gateway.application.ports import Profiles
from tldr_gateway.application.streams.errors import InvalidProcessing, UnknownPreset
from tldr_gateway.domain.streams.submission import Profile

TELEMETRY = "telemetry"
_TELEMETRY_WEIGHT = 0.25


def choose_profile(
    profiles: Profiles, name: str, processing: Mapping[str, Any] | None, signals: Sequence[str] = ()
) -> Profile:
    """The preset of that name; `processing` overrides its figures. UnknownPreset or InvalidProcessing.

    External `signals` make a dimension of their own, each with the same weight: a quarter of the total.
    """
    preset = profiles.named(name)
    if preset is None:
        raise UnknownPreset(name, ", ".join(known.name for known in profiles.all()))
    return _with_signals(adjust_profile(preset, processing), signals)


def adjust_profile(profile: Profile, processing: Mapping[str, Any] | None) -> Profile:
    """The same with other figures; InvalidProcessing where they do not go together."""
    figures = {**profile.document["processing"], **(processing or {})}
    shortest, longest = int(figures["min_length_ms"]), int(figures["max_length_ms"])
    if shortest > longest:
        raise InvalidProcessing(shortest, longest)
    return Profile(profile.name, profile.version, {**profile.document, "processing": figures})


def _with_signals(profile: Profile, signals: Sequence[str]) -> Profile:
    if not signals:
        return profile
    others = [
        {**dimension, "weight": (1 - _TELEMETRY_WEIGHT) * dimension["weight"]}
        for dimension in profile.document["dimensions"]
    ]
    telemetry = {
        "name": TELEMETRY,
        "description": "How far what you measure yourself lies above its usual figures.",
        "weight": _TELEMETRY_WEIGHT,
        "mode": "SCORING_MODE_RULE",
        "signals": [{"signal": signal, "weight": 1.0} for signal in signals],
    }
    return Profile(profile.name, profile.version, {**profile.document, "dimensions": [*others, telemetry]})
