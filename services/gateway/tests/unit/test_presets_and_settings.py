"""Presets are sound profiles; a setting that makes no sense stops the start."""

import pytest
from pydantic import ValidationError

from tldr_gateway.adapters.streams.profiles_files import FileProfiles, published
from tldr_gateway.settings import GatewaySettings
from tldr_testing.hosting import SEALING_KEY

PRESETS = FileProfiles.read().profiles


def test_there_is_a_preset_for_each_trade() -> None:
    assert sorted(PRESETS) == ["corporate", "education", "gaming", "sports"]


def test_a_preset_that_asks_for_a_signal_nobody_measures_is_refused() -> None:
    dimension = {"name": "hype", "weight": 1, "mode": "rule", "signals": [{"signal": "chat.hipe", "weight": 1}]}
    document = {"dimension_set": "new", "dimensions": [dimension], "processing": {"fusion": "weighted"}}
    with pytest.raises(ValueError, match=r"hype asks for chat\.hipe, which nobody measures"):
        published(document)


@pytest.mark.parametrize("name", PRESETS)
def test_a_presets_weights_sum_to_one_and_its_types_ask_for_its_dimensions(name: str) -> None:
    document = PRESETS[name].document
    dimensions = {dimension["name"] for dimension in document["dimensions"]}
    assert sum(dimension["weight"] for dimension in document["dimensions"]) == pytest.approx(1)
    asked = {part["dimension"] for kind in document["types"] for part in kind.get("criteria", [])}
    assert asked <= dimensions
    processing = document["processing"]
    assert int(processing["min_length_ms"]) < int(processing["max_length_ms"])


def test_the_default_plan_is_one_that_there_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TLDR_SOURCE_KEYS", SEALING_KEY)
    monkeypatch.setenv("TLDR_GATEWAY_DEFAULT_PLAN", "platinum")
    with pytest.raises(ValidationError, match="there is no plan 'platinum', only starter, professional, enterprise"):
        GatewaySettings()  # type: ignore[call-arg]
