"""The signal registry is whole."""

import json
from pathlib import Path

import pytest

from tldr_contracts.signals import SIGNALS, Signal, is_known, published_by, signal_named
from tldr_contracts.topics import CHAT_SIGNALS, SERVICES, VIDEO_SIGNALS, Topic

SAMPLES = Path(__file__).parents[4] / "proto/samples"
MODALITIES = ("video", "audio", "chat")


@pytest.mark.parametrize("signal", SIGNALS, ids=lambda signal: signal.name)
def test_a_signal_is_measured_by_a_service_in_a_modality_and_found_by_its_name(signal: Signal) -> None:
    assert signal.writer in SERVICES
    assert signal.modality in MODALITIES
    assert signal.unit
    assert signal_named(signal.name) is signal


def test_no_name_stands_for_two_signals() -> None:
    assert len({signal.name for signal in SIGNALS}) == len(SIGNALS)


def test_telemetry_has_to_say_that_it_is_external() -> None:
    assert is_known("external.net_worth")
    assert is_known("model.humour")
    assert not any(map(is_known, ["net_worth", "telemetry.gold", "external.", "external", "chat.hipe", ""]))


@pytest.mark.parametrize("topic", [VIDEO_SIGNALS, CHAT_SIGNALS], ids=lambda topic: topic.name)
def test_golden_messages_hold_series_that_their_writer_publishes(topic: Topic) -> None:
    sample = json.loads((SAMPLES / topic.name / "measured.json").read_text())
    names = {series["name"] for series in sample["measured"]["series"]}
    assert names
    assert names <= {signal.name for signal in published_by(topic.writer)}
