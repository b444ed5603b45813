"""Signals, gaps and failures as other services publish them."""

import logging
from collections.abc import Iterable

import numpy as np

from tldr.chat_signals.v1.chat_signals_pb2 import ChatSignalsMeasured
from tldr.common.v1 import common_pb2
from tldr.inputs.v1.inputs_pb2 import SignalsPushed
from tldr.video_signals.v1.video_signals_pb2 import VideoSignalsMeasured
from tldr_contracts.signals import is_known
from tldr_fusion_detector.adapters.signals.words_protobuf import word_piece
from tldr_fusion_detector.application.signals.measurement import Measurement
from tldr_fusion_detector.application.signals.push_signals import Sample
from tldr_fusion_detector.application.signals.reported_gap import ReportedGap
from tldr_fusion_detector.domain.signals.signals import Modality
from tldr_fusion_detector.domain.signals.timeline import Piece
from tldr_streams import messages

logger = logging.getLogger(__name__)

LONGEST_NAME = 64
LARGEST = 3e38
"""What a single-precision float can hold, which is how signals are kept."""


def video_measurements(message: VideoSignalsMeasured, modalities: tuple[Modality, ...]) -> tuple[Measurement, ...]:
    """What was measured in picture and sound: one measurement of both, or one of each where one is further than the other."""
    both = Measurement(
        modalities=modalities,
        complete_until_ms=message.complete_until_ms,
        pieces=_pieces(message.series),
        cuts_ms=tuple(message.cuts_ms),
        pauses=tuple((pause.start_ms, pause.end_ms) for pause in message.pauses if pause.start_ms < pause.end_ms),
    )
    said = {modality_of(one.modality): one.complete_until_ms for one in message.completeness}
    until_ms = {modality: said.get(modality, message.complete_until_ms) for modality in modalities}
    if len(set(until_ms.values())) == 1:
        return (both,)
    return tuple(both.of(modality, own_ms) for modality, own_ms in until_ms.items())


def chat_measurement(message: ChatSignalsMeasured, modalities: tuple[Modality, ...]) -> Measurement:
    """What was measured in chat."""
    words = word_piece(message.words) if message.HasField("words") else None
    return Measurement(modalities, message.complete_until_ms, _pieces(message.series), words=words)


def pushed_samples(message: SignalsPushed) -> tuple[Sample, ...]:
    """Telemetry, in the order it was pushed. What is no figure or no telemetry's name is left out, with a word in the log."""
    samples = tuple(
        Sample(one.signal, one.wall_ms if one.WhichOneof("at") == "wall_ms" else one.stream_ms, one.value, wall)
        for one in message.samples
        if one.signal.startswith(f"{Modality.EXTERNAL}.")
        and is_known(one.signal)
        and len(one.signal) <= LONGEST_NAME
        and abs(one.value) <= LARGEST
        for wall in (one.WhichOneof("at") == "wall_ms",)
    )
    if len(samples) < len(message.samples):
        logger.warning("%d samples are left out, they are no telemetry", len(message.samples) - len(samples))
    return samples


def reported_gap(message: common_pb2.Gap) -> ReportedGap:
    """The gap a message speaks of. Raises ValueError for a modality that is not known here."""
    return ReportedGap(
        modality_of(message.modality), message.range.start_ms, message.range.end_ms, message.code, message.reason
    )


def gap(found: ReportedGap) -> common_pb2.Gap:
    """A gap as a message."""
    return messages.gap_message(found.modality, found.start_ms, found.end_ms, found.code, found.reason)


def modality_of(value: common_pb2.Modality) -> Modality:
    """One of those that are known here; ValueError for another."""
    return Modality(messages.modality_of(value))


def _pieces(series: Iterable[common_pb2.Series]) -> tuple[Piece, ...]:
    """Series that the registry knows; a newer writer's others are left out, with a word in the log."""
    whole = [one for one in series if one.values]
    unknown = sorted({one.name for one in whole if not is_known(one.name)})
    if unknown:
        logger.warning("%d series are left out, the registry of signals has no %s", len(unknown), ", ".join(unknown))
    return tuple(
        Piece(one.name, one.start_s, np.array(one.values, dtype=np.float64)) for one in whole if is_known(one.name)
    )
