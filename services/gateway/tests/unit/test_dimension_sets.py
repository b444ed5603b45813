"""Dimension sets say what is wrong with which field, and share a weight of 1."""

import copy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tldr_gateway.adapters.streams.profiles_files import FileProfiles
from tldr_gateway.domain.configuration.configured import Kind
from tldr_gateway.domain.configuration.dimension_set import normalised, set_faults
from tldr_gateway.domain.configuration.presets import preset_of
from tldr_gateway.domain.configuration.processing import processing_faults

PRESETS = FileProfiles.read().all()


def dimension(name: str, **changes: Any) -> dict[str, Any]:
    parts = [{"signal": "audio.loudness", "weight": 1.0}]
    usual = {"name": name, "description": "", "kind": "rule", "weight": 1.0, "signals": parts, "prompt": ""}
    return {**usual, **changes}


def a_type(name: str, **criteria: Any) -> dict[str, Any]:
    usual = {"min_scores": {}, "any_of": {}, "required_dimensions": [], "min_total": 0.0, "min_duration_ms": 0}
    document = {**usual, "max_duration_ms": None, **criteria}
    return {"name": name, "title": name, "criteria": document, "cooldown_ms": 0, "priority": 0, "exclusive": False}


SOUND = {
    "dimensions": [
        dimension("noise"),
        dimension("gold", signals=[{"signal": "external.gold", "weight": -1.0}]),
        dimension("wit", kind="model", signals=[], prompt="How witty is this?"),
        dimension("both", kind="hybrid", prompt="How loud is this?"),
    ],
    "types": [a_type("loud", min_scores={"noise": 0.5}, any_of={"gold": 0.1}, required_dimensions=["wit"])],
}


@pytest.mark.parametrize("preset", PRESETS, ids=lambda preset: preset.name)
def test_a_preset_is_a_sound_set_and_a_sound_config(preset: Any) -> None:
    assert set_faults(preset_of(Kind.DIMENSION_SET, preset).document) == ()
    assert list(processing_faults(preset_of(Kind.PROCESSING_CONFIG, preset).document)) == []


def test_a_sound_set_has_no_faults() -> None:
    assert set_faults(SOUND) == ()


@pytest.mark.parametrize(
    ("place", "value", "field"),
    [
        (("dimensions", 1, "name"), "noise", "dimensions.1.name"),
        (("dimensions", 1, "name"), "telemetry", "dimensions.1.name"),
        (("dimensions", 0, "signals"), [], "dimensions.0.signals"),
        (("dimensions", 0, "signals", 0, "weight"), 0.0, "dimensions.0.signals"),
        (("dimensions", 0, "signals", 0, "signal"), "audio.loudnes", "dimensions.0.signals.0.signal"),
        (("dimensions", 0, "signals", 0, "signal"), "model.wit", "dimensions.0.signals.0.signal"),
        (("dimensions", 0, "signals"), [{"signal": "chat.rate", "weight": 1.0}] * 2, "dimensions.0.signals.1.signal"),
        (("dimensions", 0, "prompt"), "How loud?", "dimensions.0.prompt"),
        (("dimensions", 2, "prompt"), "", "dimensions.2.prompt"),
        (("dimensions", 2, "signals"), [{"signal": "chat.rate", "weight": 1.0}], "dimensions.2.signals"),
        (("dimensions", 3, "prompt"), "", "dimensions.3.prompt"),
        (("types", 0, "criteria", "min_scores"), {"smell": 0.5}, "types.0.criteria.min_scores.smell"),
        (("types", 0, "criteria", "any_of"), {"smell": 0.5}, "types.0.criteria.any_of.smell"),
        (
            ("types", 0, "criteria", "required_dimensions"),
            ["noise", "smell"],
            "types.0.criteria.required_dimensions.1",
        ),
        (("types", 0, "criteria", "max_duration_ms"), -1, "types.0.criteria.max_duration_ms"),
        (("types",), [a_type("loud"), a_type("loud")], "types.1.name"),
    ],
)
def test_what_is_wrong_is_named_by_its_field(place: tuple[Any, ...], value: Any, field: str) -> None:
    document: Any = copy.deepcopy(SOUND)
    target = document
    for step in place[:-1]:
        target = target[step]
    target[place[-1]] = value
    if place == ("dimensions", 1, "name"):
        document["types"] = []
    assert [fault.field for fault in set_faults(document)] in ([field], ["dimensions.0.signals", field])


@pytest.mark.parametrize(
    "dimensions",
    [
        [dimension("noise", weight=0.0), dimension("more", weight=0.0)],
        [dimension("wit", kind="model", signals=[], prompt="How witty?"), dimension("noise", weight=0.0)],
    ],
)
def test_a_set_that_could_find_nothing_is_refused(dimensions: list[dict[str, Any]]) -> None:
    assert [fault.field for fault in set_faults({"dimensions": dimensions, "types": []})] == ["dimensions"]


@given(st.lists(st.floats(1e-6, 1e6), min_size=1, max_size=20))
def test_weights_are_scaled_to_one_and_stay_so(weights: list[float]) -> None:
    document = {"dimensions": [dimension(f"d{number}", weight=weight) for number, weight in enumerate(weights)]}
    scaled = normalised(document)
    assert sum(entry["weight"] for entry in scaled["dimensions"]) == pytest.approx(1, abs=1e-12)
    assert normalised(scaled) == scaled
