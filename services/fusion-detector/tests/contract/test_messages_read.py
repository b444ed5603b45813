"""The golden messages of the services this one reads are understood."""

from collections.abc import Callable
from typing import Any

import pytest

from tldr.chat_signals.v1.chat_signals_pb2 import ChatSignalsMeasured
from tldr.common.v1.common_pb2 import Series
from tldr_fusion_detector.adapters.requests_protobuf import request_of
from tldr_fusion_detector.adapters.signals.signals_protobuf import chat_measurement
from tldr_fusion_detector.domain.profile.profile_document import read_profile
from tldr_fusion_detector.domain.signals.signals import Modality


def of_stream(message: Any, stream: str) -> Any:
    """The same about a stream and a run of this test's own: rows of several tests share a database."""
    fact = getattr(message, message.WhichOneof("event"))
    fact.stream_id = stream
    if "run_id" in fact.DESCRIPTOR.fields_by_name:
        fact.run_id = f"run_of_{stream}"
    return message


def test_the_profile_of_a_golden_request_can_be_detected_by(sample: Callable[[str, str], Any]) -> None:
    requested = sample("tldr.streams.v1", "requested").requested
    request = request_of(requested)
    profile = read_profile(request.profile)
    assert (request.priority, request.channel) == (requested.priority, requested.channel)
    assert request.chat
    assert [dimension.name for dimension in profile.dimensions] == [d.name for d in requested.profile.dimensions]
    assert profile.processing.max_length_ms == requested.profile.processing.max_length_ms


async def test_golden_signals_are_found_again_as_they_were_measured(
    service: Any, stream: str, sample: Callable[[str, str], Any]
) -> None:
    messages = [sample("tldr.video-signals.v1", "measured"), sample("tldr.chat-signals.v1", "measured")]
    await service.tell(*(of_stream(message, stream) for message in messages))
    async with service.open() as work:
        timeline = await work.signals.timeline(stream, 300, ())
    for message in messages:
        for series in message.measured.series:
            values = timeline.series[series.name][series.start_s :][: len(series.values)]
            assert values.tolist() == pytest.approx(list(series.values), nan_ok=True)
    assert set(messages[0].measured.cuts_ms) <= set(timeline.cuts_ms)


def test_the_words_of_a_golden_measurement_are_understood(sample: Callable[[str, str], Any]) -> None:
    measured = sample("tldr.chat-signals.v1", "measured").measured
    piece = chat_measurement(measured, (Modality.CHAT,)).words
    assert piece is not None
    assert (piece.start_s, piece.said.words) == (measured.words.start_s, tuple(measured.words.words))
    assert (piece.said.seconds - piece.start_s).tolist() == list(measured.words.seconds)
    assert piece.said.indexes.tolist() == list(measured.words.word_indexes)
    assert piece.said.counts.tolist() == list(measured.words.counts)


def test_a_series_the_registry_has_not_is_left_out_and_logged(caplog: pytest.LogCaptureFixture) -> None:
    names = ["chat.rate", "chat.of_tomorrow", "external.viewers", "viewers"]
    message = ChatSignalsMeasured(series=[Series(name=name, start_s=3, values=[1.0]) for name in names])
    measured = chat_measurement(message, (Modality.CHAT,))
    assert [piece.signal for piece in measured.pieces] == ["chat.rate", "external.viewers"]
    (record,) = caplog.records
    assert "2 series are left out" in record.message
    assert "chat.of_tomorrow, viewers" in record.message
