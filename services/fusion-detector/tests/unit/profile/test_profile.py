import copy
import json
from pathlib import Path
from typing import Any

import pytest

from tldr_fusion_detector.domain.profile.profile import FusionMode, InvalidProfile
from tldr_fusion_detector.domain.profile.profile_document import read_profile
from tldr_fusion_detector.domain.signals.signals import Modality, modality_of

PRESETS = sorted((Path(__file__).parents[4] / "gateway/src/tldr_gateway/presets").glob("*.json"))
DOCUMENT: dict[str, Any] = {
    "dimension_set": "own",
    "version": 3,
    "dimensions": [
        {"name": "noise", "weight": 3, "signals": [{"signal": "audio.loudness", "weight": 1}]},
        {"name": "chat", "weight": 1, "mode": "hybrid", "signals": [{"signal": "chat.rate", "weight": 1}]},
    ],
    "types": [{"name": "loud", "criteria": [{"dimension": "noise", "at_least": 0.5}]}],
    "processing": {"fusion": "cascade", "chat_lag_ms": 9000},
}


def test_weights_are_normalised_to_one() -> None:
    assert [d.weight for d in read_profile(DOCUMENT).dimensions] == [0.75, 0.25]


def test_a_document_says_all_a_profile_holds() -> None:
    profile = read_profile(DOCUMENT)
    assert (profile.version, profile.processing.fusion, profile.processing.chat_lag_ms) == (3, FusionMode.CASCADE, 9000)
    assert profile.signals == ("audio.loudness", "chat.rate")


def test_there_are_four_presets() -> None:
    assert [path.stem for path in PRESETS] == ["corporate", "education", "gaming", "sports"]


@pytest.mark.parametrize("path", PRESETS, ids=lambda path: path.stem)
def test_a_preset_is_a_valid_profile_on_known_signals_with_a_type_of_last_resort(path: Path) -> None:
    profile = read_profile(json.loads(path.read_text()))
    assert profile.dimension_set == path.stem
    assert sum(d.weight for d in profile.dimensions) == pytest.approx(1.0, abs=1e-12)
    assert {modality_of(name) for name in profile.signals} == {Modality.VIDEO, Modality.AUDIO, Modality.CHAT}
    assert any(not kind.criteria for kind in profile.types)
    assert all(d.description for d in profile.dimensions)


@pytest.mark.parametrize(
    ("place", "value"),
    [
        (("dimensions",), []),
        (("dimensions", 0, "weight"), -1),
        (("dimensions", 0, "weight"), float("nan")),
        (("dimensions", 1, "name"), "noise"),
        (("dimensions", 0, "signals"), []),
        (("dimensions", 0, "signals", 0, "weight"), "much"),
        (("dimensions", 0, "mode"), "guess"),
        (("types", 0, "criteria", 0, "dimension"), "smell"),
        (("processing", "fusion"), "magic"),
        (("processing", "min_length_ms"), 90_000),
        (("processing", "min_score"), 2),
        (("processing", "max_per_hour"), -1),
        (("dimensions", 0), {}),
    ],
)
def test_what_cannot_be_detected_by_is_refused(place: tuple[str | int, ...], value: object) -> None:
    document = copy.deepcopy(DOCUMENT)
    target: Any = document
    for step in place[:-1]:
        target = target[step]
    target[place[-1]] = value
    with pytest.raises(InvalidProfile):
        read_profile(document)


def test_more_than_twenty_dimensions_are_refused() -> None:
    document = copy.deepcopy(DOCUMENT)
    document["dimensions"] = [{**document["dimensions"][0], "name": f"d{i}"} for i in range(21)]
    with pytest.raises(InvalidProfile, match="20"):
        read_profile(document)


@pytest.mark.parametrize("name", ["chat.hipe", "telemetry.gold", "net_worth", "external."])
def test_a_signal_that_nobody_measures_is_refused(name: str) -> None:
    dimension = {"name": "gold", "weight": 1, "signals": [{"signal": name, "weight": 1}]}
    with pytest.raises(InvalidProfile, match=f"there is no signal '{name}'"):
        read_profile({**DOCUMENT, "dimensions": [dimension], "types": []})


def test_telemetry_that_says_so_is_taken() -> None:
    dimension = {"name": "gold", "weight": 1, "signals": [{"signal": "external.net_worth", "weight": 1}]}
    profile = read_profile({**DOCUMENT, "dimensions": [dimension], "types": []})
    assert profile.signals == ("external.net_worth",)
