"""Reads a profile from plain data: what presets, stored profiles and tests have in common."""

from collections.abc import Mapping
from typing import Any

from tldr_contracts.signals import is_known
from tldr_fusion_detector.domain.profile.profile import (
    Criterion,
    Dimension,
    FusionMode,
    HighlightType,
    InvalidProfile,
    Processing,
    Profile,
    ScoringMode,
    SignalWeight,
)


def read_profile(document: Mapping[str, Any]) -> Profile:
    """The profile a JSON document describes; weights are normalised to sum to 1. Raises InvalidProfile."""
    try:
        dimensions = tuple(_dimension(entry) for entry in document["dimensions"])
        total = sum(dimension.weight for dimension in dimensions) or 1.0
        return Profile(
            dimension_set=str(document["dimension_set"]),
            version=int(document.get("version", 1)),
            dimensions=tuple(_scaled(dimension, 1.0 / total) for dimension in dimensions),
            types=tuple(_highlight_type(entry) for entry in document.get("types", ())),
            processing=_processing(document.get("processing", {})),
        )
    except InvalidProfile:
        raise
    except (KeyError, TypeError, ValueError) as error:
        raise InvalidProfile(f"the profile cannot be read: {error!r}") from error


def _dimension(entry: Mapping[str, Any]) -> Dimension:
    return Dimension(
        name=str(entry["name"]),
        description=str(entry.get("description", "")),
        weight=float(entry["weight"]),
        mode=ScoringMode(entry.get("mode", "rule")),
        signals=tuple(_signal_weight(part) for part in entry.get("signals", ())),
        prompt=str(entry.get("prompt", "")),
    )


def _signal_weight(entry: Mapping[str, Any]) -> SignalWeight:
    name = str(entry["signal"])
    if not is_known(name):
        raise InvalidProfile(f"there is no signal {name!r}; telemetry of your own begins with 'external.'")
    return SignalWeight(name, float(entry["weight"]))


def _scaled(dimension: Dimension, factor: float) -> Dimension:
    return Dimension(
        dimension.name,
        dimension.description,
        dimension.weight * factor,
        dimension.mode,
        dimension.signals,
        dimension.prompt,
    )


def _highlight_type(entry: Mapping[str, Any]) -> HighlightType:
    return HighlightType(
        name=str(entry["name"]),
        title=str(entry.get("title", entry["name"])),
        criteria=_criteria(entry, "criteria"),
        priority=int(entry.get("priority", 0)),
        exclusive=bool(entry.get("exclusive", False)),
        any_of=_criteria(entry, "any_of"),
        required=tuple(str(name) for name in entry.get("required_dimensions", ())),
        min_total=float(entry.get("min_total", 0.0)),
        min_duration_ms=int(entry.get("min_duration_ms", 0)),
        max_duration_ms=int(entry.get("max_duration_ms", 0)),
        cooldown_ms=int(entry.get("cooldown_ms", 0)),
    )


def _criteria(entry: Mapping[str, Any], field: str) -> tuple[Criterion, ...]:
    return tuple(Criterion(str(part["dimension"]), float(part["at_least"])) for part in entry.get(field, ()))


def _processing(entry: Mapping[str, Any]) -> Processing:
    plain = Processing()
    lag = entry.get("chat_lag_ms")
    return Processing(
        fusion=FusionMode(entry.get("fusion", plain.fusion)),
        min_length_ms=int(entry.get("min_length_ms", plain.min_length_ms)),
        max_length_ms=int(entry.get("max_length_ms", plain.max_length_ms)),
        min_spacing_ms=int(entry.get("min_spacing_ms", plain.min_spacing_ms)),
        max_per_hour=float(entry.get("max_per_hour", plain.max_per_hour)),
        min_score=float(entry.get("min_score", plain.min_score)),
        chat_lag_ms=None if lag is None else int(lag),
        thorough=bool(entry.get("thorough", False)),
        merge_gap_ms=int(entry.get("merge_gap_ms", 0)),
        max_highlights=int(entry.get("max_highlights", 0)),
    )
