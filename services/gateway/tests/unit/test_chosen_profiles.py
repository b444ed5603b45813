"""The snapshot that a stream takes along, from what is configured."""

from typing import Any

import pytest
from google.protobuf import json_format

from tldr.streams.v1.streams_pb2 import DetectionProfile
from tldr_gateway.adapters.streams.profiles_files import FileProfiles
from tldr_gateway.application.configuration.choose_profile import Choice
from tldr_gateway.application.configuration.errors import (
    ConfigurationNotFound,
    InvalidFields,
    NoRoomForSignals,
    NoSignalTaken,
    SetNotKept,
)
from tldr_gateway.domain.configuration.configured import Configured, Kind
from tldr_testing import NOW

PRESETS = FileProfiles.read().all()
CONFIG = {**FileProfiles.read().profiles["gaming"].document["processing"], "fusion": "weighted", "description": ""}


def dimension(name: str, *signals: str, weight: float = 0.5, kind: str = "rule") -> dict[str, Any]:
    parts = [{"signal": signal, "weight": 1.0} for signal in signals]
    prompt = "" if kind == "rule" else "How much?"
    return {"name": name, "description": "", "kind": kind, "weight": weight, "signals": parts, "prompt": prompt}


def a_type(name: str, **criteria: Any) -> dict[str, Any]:
    usual = {"min_scores": {}, "any_of": {}, "required_dimensions": [], "min_total": 0.0, "min_duration_ms": 0}
    whole = {**usual, "max_duration_ms": None, **criteria}
    return {"name": name, "title": name, "criteria": whole, "cooldown_ms": 0, "priority": 0, "exclusive": False}


async def configured(memory: Any, kind: Kind, name: str, document: dict[str, Any]) -> str:
    await memory.configurations.add(Configured(f"{kind.prefix}_{name}", kind, 1, name, document, NOW, NOW, "key_1"))
    return f"{kind.prefix}_{name}"


async def a_set(memory: Any, *dimensions: dict[str, Any], types: Any = ()) -> Choice:
    document = {"description": "", "dimensions": list(dimensions), "types": list(types), "based_on": None}
    return Choice(dimension_set=await configured(memory, Kind.DIMENSION_SET, "own", document))


async def a_config(memory: Any, *modalities: str) -> str:
    lengths = {"min_length_ms": 8000, "max_length_ms": 60_000}
    document = {**CONFIG, **lengths, "modalities": list(modalities)}
    return await configured(memory, Kind.PROCESSING_CONFIG, "own", document)


@pytest.mark.parametrize("preset", PRESETS, ids=lambda preset: preset.name)
async def test_a_preset_is_what_its_file_says(memory: Any, preset: Any) -> None:
    chosen = await memory.choose_profile(Choice(preset.name))
    message = json_format.ParseDict(chosen.document, DetectionProfile())
    assert (message.processing_config, message.processing_config_version) == (preset.name, preset.version)
    message.ClearField("processing_config")
    message.ClearField("processing_config_version")
    assert message == json_format.ParseDict(preset.document, DetectionProfile())


async def test_a_modality_that_is_left_out_takes_its_dimensions_and_types_with_it(memory: Any) -> None:
    types = [a_type("loud", min_scores={"noise": 0.5}), a_type("said", any_of={"chatter": 0.5})]
    chosen = await a_set(memory, dimension("noise", "audio.loudness"), dimension("chatter", "chat.rate"), types=types)
    choice = Choice(dimension_set=chosen.dimension_set, processing_config=await a_config(memory, "audio"))
    document = (await memory.choose_profile(choice)).document
    assert [(one["name"], one["weight"]) for one in document["dimensions"]] == [("noise", 1.0)]
    assert [one["name"] for one in document["types"]] == ["loud"]
    own = await memory.choose_profile(chosen)
    assert [one["weight"] for one in own.document["dimensions"]] == [0.5, 0.5]


async def test_where_nothing_is_left_it_is_refused(memory: Any) -> None:
    chosen = await a_set(memory, dimension("noise", "audio.loudness"))
    choice = Choice(dimension_set=chosen.dimension_set, processing_config=await a_config(memory, "chat"))
    with pytest.raises(NoSignalTaken):
        await memory.choose_profile(choice)


async def test_the_organizations_types_are_in_every_set_that_has_their_dimensions(memory: Any) -> None:
    for name, asked in (("loud", "noise"), ("fast", "speed"), ("taken", "noise")):
        document = {**a_type(name, min_scores={asked: 0.5}), "description": ""}
        await configured(memory, Kind.HIGHLIGHT_TYPE, name, document)
    chosen = await a_set(memory, dimension("noise", "audio.loudness"), types=[a_type("taken")])
    found = (await memory.choose_profile(chosen)).document["types"]
    assert [(one["name"], one.get("type_id")) for one in found] == [("taken", None), ("loud", "typ_loud")]


async def test_declared_signals_that_no_dimension_weighs_are_one_of_their_own(memory: Any) -> None:
    chosen = await a_set(memory, dimension("gold", "external.gold", weight=1.0))
    weighed = await memory.choose_profile(chosen, None, ("external.gold",))
    assert [one["name"] for one in weighed.document["dimensions"]] == ["gold"]
    more = await memory.choose_profile(chosen, None, ("external.gold", "external.kills"))
    assert [(one["name"], one["weight"]) for one in more.document["dimensions"]] == [
        ("gold", 0.75),
        ("telemetry", 0.25),
    ]


async def test_a_full_set_has_no_room_for_them(memory: Any) -> None:
    chosen = await a_set(memory, *(dimension(f"d{at}", "audio.loudness", weight=0.05) for at in range(20)))
    with pytest.raises(NoRoomForSignals):
        await memory.choose_profile(chosen, None, ("external.kills",))


async def test_only_another_config_keeps_the_set_in_the_version_it_had(memory: Any) -> None:
    chosen = await a_set(memory, dimension("noise", "audio.loudness", weight=1.0))
    before = await memory.choose_profile(chosen)
    present = await memory.configurations.get(Kind.DIMENSION_SET, "set_own")
    await memory.configurations.save(
        present.changed(
            "own", {**present.document, "dimensions": [dimension("other", "chat.rate")]}, at=NOW, by="key_1"
        )
    )
    only = Choice(processing_config="sports")
    again = await memory.choose_profile.again(before, only)
    assert (again.version, again.document["dimensions"][0]["name"]) == (1, "noise")
    assert again.document["processing_config"] == "sports"
    assert await memory.choose_profile.again(before, Choice()) == before
    await memory.configurations.delete(Kind.DIMENSION_SET, "set_own")
    with pytest.raises(SetNotKept):
        await memory.choose_profile.again(before, only)
    with pytest.raises(ConfigurationNotFound):
        await memory.choose_profile(chosen)


async def test_a_set_that_is_not_kept_is_checked_and_its_weights_scaled(memory: Any) -> None:
    halves = {
        "dimensions": [dimension("noise", "audio.loudness", weight=3.0), dimension("chatter", "chat.rate", weight=1.0)]
    }
    profile = await memory.choose_profile.unsaved({**halves, "types": []}, Choice())
    assert [one["weight"] for one in profile.document["dimensions"]] == [0.75, 0.25]
    with pytest.raises(InvalidFields) as wrong:
        await memory.choose_profile.unsaved({"dimensions": [dimension("noise")], "types": []}, Choice())
    assert [error["field"] for error in wrong.value.errors] == ["dimension_set.dimensions.0.signals"]
