"""The snapshot that a stream takes along: a dimension set, types of highlights and a processing config as they are now."""

import math
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from tldr_gateway.domain.configuration.configured import Configured, Kind
from tldr_gateway.domain.configuration.dimension_set import MAX_DIMENSIONS, TELEMETRY
from tldr_gateway.domain.configuration.highlight_type import dimensions_of
from tldr_gateway.domain.configuration.processing import Evidence
from tldr_gateway.domain.streams.submission import Profile

TELEMETRY_WEIGHT = 0.25
_Document = Mapping[str, Any]


class NothingToScore(ValueError):
    """Of the modalities that the config takes, no dimension has a signal."""


class TooManyDimensions(ValueError):
    """There is no room for the dimension of the stream's own signals."""


def compose(
    dimension_set: Configured, types: Sequence[Configured], config: Configured, signals: Sequence[str] = ()
) -> Profile:
    """The profile in the published language's JSON form. NothingToScore, TooManyDimensions.

    Signals of modalities that the config leaves out do not count; a dimension that has none left is left out, and the others
    take its weight. Declared `signals` that no dimension weighs make one of their own, a quarter of the total. A type that
    asks for a dimension that is not there is left out, and so is one of the organization that is named as one of the set.
    """
    taken = frozenset(config.document["modalities"])
    dimensions = _dimensions(dimension_set.document["dimensions"], taken)
    if Evidence.EXTERNAL in taken:
        dimensions = _with_telemetry(dimensions, signals)
    names = {dimension["name"] for dimension in dimensions}
    own = {kind["name"] for kind in dimension_set.document["types"]}
    found = [
        *(_type(kind, names) for kind in dimension_set.document["types"]),
        *(
            _type({**kind.document, "name": kind.name}, names, {"type_id": kind.id, "version": kind.version})
            for kind in types
            if kind.name not in own
        ),
    ]
    document = {
        "dimension_set": dimension_set.id,
        "version": dimension_set.version,
        "dimensions": dimensions,
        "types": [kind for kind in found if kind is not None],
        "processing": _processing(config.document),
        "processing_config": config.id,
        "processing_config_version": config.version,
    }
    return Profile(dimension_set.id, dimension_set.version, document)


def _dimensions(dimensions: Sequence[_Document], taken: Collection[str]) -> list[dict[str, Any]]:
    kept = [published for dimension in dimensions if (published := _dimension(dimension, taken))]
    total = math.fsum(dimension["weight"] for dimension in kept)
    if not any(dimension["weight"] and dimension["signals"] for dimension in kept):
        raise NothingToScore
    if len(kept) == len(dimensions):
        return kept
    return [{**dimension, "weight": dimension["weight"] / total} for dimension in kept]


def _dimension(dimension: _Document, taken: Collection[str]) -> dict[str, Any] | None:
    signals = [part for part in dimension["signals"] if part["signal"].partition(".")[0] in taken]
    kind = dimension["kind"]
    if not any(part["weight"] for part in signals):
        if kind == "rule":
            return None
        signals, kind = [], "model"
    return {
        "name": dimension["name"],
        "description": dimension["description"],
        "weight": dimension["weight"],
        "mode": f"SCORING_MODE_{kind.upper()}",
        "signals": signals,
        "prompt": dimension["prompt"],
    }


def _with_telemetry(dimensions: list[dict[str, Any]], signals: Sequence[str]) -> list[dict[str, Any]]:
    weighed = {part["signal"] for dimension in dimensions for part in dimension["signals"]}
    fresh = [signal for signal in signals if signal not in weighed]
    if not fresh:
        return dimensions
    if len(dimensions) == MAX_DIMENSIONS:
        raise TooManyDimensions
    others = [{**dimension, "weight": (1 - TELEMETRY_WEIGHT) * dimension["weight"]} for dimension in dimensions]
    telemetry = {
        "name": TELEMETRY,
        "description": "How far what you measure yourself lies above its usual figures.",
        "weight": TELEMETRY_WEIGHT,
        "mode": "SCORING_MODE_RULE",
        "signals": [{"signal": signal, "weight": 1.0} for signal in fresh],
    }
    return [*others, telemetry]


def _type(kind: _Document, names: Collection[str], origin: _Document | None = None) -> dict[str, Any] | None:
    criteria = kind["criteria"]
    any_of = {name: least for name, least in criteria["any_of"].items() if name in names}
    needed = dimensions_of({"criteria": {**criteria, "any_of": {}}})
    if not needed <= set(names) or bool(any_of) != bool(criteria["any_of"]):
        return None
    return {
        "name": kind["name"],
        "title": kind["title"],
        "criteria": list(_criteria(criteria["min_scores"])),
        "any_of": list(_criteria(any_of)),
        "required_dimensions": criteria["required_dimensions"],
        "min_total": criteria["min_total"],
        "min_duration_ms": criteria["min_duration_ms"],
        "max_duration_ms": criteria["max_duration_ms"] or 0,
        "cooldown_ms": kind["cooldown_ms"],
        "priority": kind["priority"],
        "exclusive": kind["exclusive"],
        **(origin or {}),
    }


def _criteria(least: Mapping[str, float]) -> Iterator[dict[str, Any]]:
    return ({"dimension": name, "at_least": score} for name, score in least.items())


def _processing(document: _Document) -> dict[str, Any]:
    figures = {name: document[name] for name in document if name not in {"description", "modalities"}}
    figures["fusion"] = f"FUSION_MODE_{document['fusion'].upper()}"
    return {name: figure for name, figure in figures.items() if figure is not None}


def used_by(profile: Profile) -> dict[str, Any]:
    """What a snapshot was made of, each with its version; types of the organization's own only."""
    document = profile.document
    return {
        "dimension_set_id": profile.name,
        "dimension_set_version": profile.version,
        "processing_config_id": document.get("processing_config"),
        "processing_config_version": document.get("processing_config_version"),
        "highlight_types": [
            {"id": kind["type_id"], "name": kind["name"], "version": kind["version"]}
            for kind in document.get("types", ())
            if kind.get("type_id")
        ],
    }


def preset_named(profile: Profile) -> str | None:
    """The preset whose set it has, if it is a preset's."""
    return None if profile.name.startswith(f"{Kind.DIMENSION_SET.prefix}_") else profile.name
