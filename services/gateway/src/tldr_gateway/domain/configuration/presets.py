"""The presets as configurations that belong to nobody."""

from typing import Any

from tldr_gateway.domain.configuration.configured import Configured, Kind
from tldr_gateway.domain.configuration.processing import Evidence
from tldr_gateway.domain.streams.submission import Profile

_TITLES = {Kind.DIMENSION_SET: "dimensions and types", Kind.PROCESSING_CONFIG: "figures"}


def preset_of(kind: Kind, profile: Profile) -> Configured:
    """The preset's part of this kind; its id is the preset's name."""
    documents = {Kind.DIMENSION_SET: _set, Kind.PROCESSING_CONFIG: _processing}
    document = {"description": f"The {_TITLES[kind]} of the preset.", **documents[kind](profile)}
    return Configured(profile.name, kind, profile.version, profile.name, document, None, None, None, preset=True)


def _set(profile: Profile) -> dict[str, Any]:
    return {
        "dimensions": [_dimension(dimension) for dimension in profile.document["dimensions"]],
        "types": [_type(kind) for kind in profile.document["types"]],
        "based_on": profile.name,
    }


def _dimension(published: dict[str, Any]) -> dict[str, Any]:
    return {
        "name": published["name"],
        "description": published.get("description", ""),
        "kind": published["mode"].removeprefix("SCORING_MODE_").lower(),
        "weight": published.get("weight", 0.0),
        "signals": published.get("signals", []),
        "prompt": published.get("prompt", ""),
    }


def _type(published: dict[str, Any]) -> dict[str, Any]:
    return {
        "name": published["name"],
        "title": published.get("title", published["name"]),
        "criteria": {
            "min_scores": {part["dimension"]: part.get("at_least", 0.0) for part in published.get("criteria", [])},
            "any_of": {part["dimension"]: part.get("at_least", 0.0) for part in published.get("any_of", [])},
            "required_dimensions": published.get("required_dimensions", []),
            "min_total": published.get("min_total", 0.0),
            "min_duration_ms": int(published.get("min_duration_ms", 0)),
            "max_duration_ms": int(published.get("max_duration_ms", 0)) or None,
        },
        "cooldown_ms": int(published.get("cooldown_ms", 0)),
        "priority": published.get("priority", 0),
        "exclusive": published.get("exclusive", False),
    }


def _processing(profile: Profile) -> dict[str, Any]:
    published = profile.document["processing"]
    lag = published.get("chat_lag_ms")
    return {
        "fusion": published["fusion"].removeprefix("FUSION_MODE_").lower(),
        "modalities": [str(evidence) for evidence in Evidence],
        "min_score": published.get("min_score", 0.0),
        "min_length_ms": int(published["min_length_ms"]),
        "max_length_ms": int(published["max_length_ms"]),
        "min_spacing_ms": int(published.get("min_spacing_ms", 0)),
        "merge_gap_ms": int(published.get("merge_gap_ms", 0)),
        "max_per_hour": published.get("max_per_hour", 0.0) or None,
        "max_highlights": published.get("max_highlights", 0) or None,
        "chat_lag_ms": None if lag is None else int(lag),
        "thorough": published.get("thorough", False),
    }
