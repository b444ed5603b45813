"""Signals, gaps and failures as other services publish them."""

import logging
from collections.abc import Iterable

import numpy as np

from tldr.chat_signals.v1.chat_signals_pb2 import ChatSignalsMeasured
from tldr.common.v1 import common_pb2
from tldr.video_signals.v1.video_signals_pb2 import VideoSignalsMeasured
from tldr_contracts.signals import is_known
from tldr_fusion_detector.adapters.signals.words_protobuf import word_piece
from tldr_fusion_detector.application.signals.measurement import Measurement
from tldr_fusion_detector.application.signals.reported_gap import ReportedGap
from tldr_fusion_detector.domain.signals.signals import Modality
from tldr_fusion_detector.domain.signals.timeline import Piece
from tldr_streams.messages import range_message

logger = logging.getLogger(__name__)

_PREFIX = "MODALITY_"


def video_measurement(message: VideoSignalsMeasured, modalities: tuple[Modality, ...]) -> Measurement:
    """What was measured in picture and sound."""
    return Measurement(
        modalities=modalities,
        complete_until_ms=message.complete_until_ms,
        pieces=_pieces(message.series),
        cuts_ms=tuple(message.cuts_ms),
        pauses=tuple((pause.start_ms, pause.end_ms) for pause in message.pauses if pause.start_ms < pause.end_ms),
    )


def chat_measurement(message: ChatSignalsMeasured, modalities: tuple[Modality, ...]) -> Measurement:
    """What was measured in chat."""
    words = word_piece(message.words) if message.HasField("words") else None
    return Measurement(modalities, message.complete_until_ms, _pieces(message.series), words=words)


def reported_gap(message: common_pb2.Gap) -> ReportedGap:
    """The gap a message speaks of. Raises ValueError for a modality that is not known here."""
    return ReportedGap(
        modality_of(message.modality), message.range.start_ms, message.range.end_ms, message.code, message.reason
    )


def gap(found: ReportedGap) -> common_pb2.Gap:
    """A gap as a message."""
    return common_pb2.Gap(
        modality=modality(found.modality),
        range=range_message(found.start_ms, found.end_ms),
        code=found.code,
        reason=found.reason,
    )


def modality_of(value: common_pb2.Modality) -> Modality:
    """`MODALITY_AUDIO` as `audio`; ValueError for one that is not known here."""
    return Modality(common_pb2.Modality.Name(value).removeprefix(_PREFIX).lower())


def modality(found: Modality) -> common_pb2.Modality:
    """`audio` as `MODALITY_AUDIO`."""
    value: common_pb2.Modality = getattr(common_pb2, _PREFIX + found.upper())
    return value


def _pieces(series: Iterable[common_pb2.Series]) -> tuple[Piece, ...]:
    """Series that the registry knows; a newer writer's others are left out, with a word in the log."""
    whole = [one for one in series if one.values]
    unknown = sorted({one.name for one in whole if not is_known(one.name)})
    if unknown:
        logger.warning("%d series are left out, the registry of signals has no %s", len(unknown), ", ".join(unknown))
    return tuple(
        Piece(one.name, one.start_s, np.array(one.values, dtype=np.float64)) for one in whole if is_known(one.name)
    )
