"""Requests as the gateway publishes them; a profile becomes the document that `read_profile` takes."""

from typing import Any

from google.protobuf import json_format

from tldr.common.v1 import common_pb2
from tldr.streams.v1 import streams_pb2
from tldr_fusion_detector.application.stream_record import Request
from tldr_fusion_detector.domain.signals.baseline import Mode
from tldr_web import Problem


def request_of(message: streams_pb2.StreamRequested) -> Request:
    """What this service needs of a request."""
    live = message.source.kind == streams_pb2.SOURCE_KIND_LIVE
    wanted = not message.modalities or common_pb2.MODALITY_CHAT in message.modalities
    return Request(
        priority=message.priority,
        mode=Mode.LIVE if live else Mode.RECORDED,
        chat=message.HasField("chat") and wanted,
        profile=profile_document(message.profile),
        channel=message.channel,
        external=common_pb2.MODALITY_EXTERNAL in message.modalities,
    )


def profile_of_json(document: dict[str, Any]) -> dict[str, Any]:
    """The same of the published language's JSON form. Problem 422 for what is none."""
    try:
        return profile_document(json_format.ParseDict(document, streams_pb2.DetectionProfile()))
    except json_format.ParseError as error:
        raise Problem(422, "invalid_profile", f"The detection profile cannot be read: {error}.") from error


def profile_document(message: streams_pb2.DetectionProfile) -> dict[str, Any]:
    """The profile as plain data. What is wrong with it shows when it is read: the run then fails with the reason."""
    return {
        "dimension_set": message.dimension_set,
        "version": message.version,
        "dimensions": [_dimension(dimension) for dimension in message.dimensions],
        "types": [_highlight_type(kind) for kind in message.types],
        "processing": _processing(message.processing) if message.HasField("processing") else {},
    }


def _dimension(message: streams_pb2.Dimension) -> dict[str, Any]:
    return {
        "name": message.name,
        "description": message.description,
        "weight": message.weight,
        "mode": _word(streams_pb2.ScoringMode.DESCRIPTOR, "SCORING_MODE_", message.mode),
        "signals": [{"signal": part.signal, "weight": part.weight} for part in message.signals],
        "prompt": message.prompt,
    }


def _highlight_type(message: streams_pb2.HighlightType) -> dict[str, Any]:
    return {
        "name": message.name,
        "title": message.title,
        "criteria": [{"dimension": part.dimension, "at_least": part.at_least} for part in message.criteria],
        "priority": message.priority,
        "exclusive": message.exclusive,
        "any_of": [{"dimension": part.dimension, "at_least": part.at_least} for part in message.any_of],
        "required_dimensions": list(message.required_dimensions),
        "min_total": message.min_total,
        "min_duration_ms": message.min_duration_ms,
        "max_duration_ms": message.max_duration_ms,
        "cooldown_ms": message.cooldown_ms,
    }


def _processing(message: streams_pb2.Processing) -> dict[str, Any]:
    """Lengths of zero and modes left open mean the usual ones."""
    document: dict[str, Any] = {
        "fusion": _word(streams_pb2.FusionMode.DESCRIPTOR, "FUSION_MODE_", message.fusion),
        "min_spacing_ms": message.min_spacing_ms,
        "max_per_hour": message.max_per_hour,
        "min_score": message.min_score,
        "thorough": message.thorough,
        "merge_gap_ms": message.merge_gap_ms,
        "max_highlights": message.max_highlights,
    }
    lengths = {"min_length_ms": message.min_length_ms, "max_length_ms": message.max_length_ms}
    document |= {name: length for name, length in lengths.items() if length}
    if message.HasField("chat_lag_ms"):
        document["chat_lag_ms"] = message.chat_lag_ms
    return document


def _word(enum: Any, prefix: str, value: int) -> str:
    """`FUSION_MODE_MAX_CONFIDENCE` as `max_confidence`; a number of a newer version stays a number."""
    if value == 0:
        return {"SCORING_MODE_": "rule", "FUSION_MODE_": "weighted"}[prefix]
    known = enum.values_by_number.get(value)
    return str(known.name).removeprefix(prefix).lower() if known else str(value)
