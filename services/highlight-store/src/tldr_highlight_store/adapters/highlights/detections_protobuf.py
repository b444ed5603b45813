"""Detections and highlights, from and to the published language."""

from typing import Any

from google.protobuf.json_format import MessageToDict, ParseDict

from tldr.detections.v1 import detections_pb2
from tldr_contracts.ids import HighlightId, RunId, StreamId
from tldr_highlight_store.domain.highlights.edits import Verdict
from tldr_highlight_store.domain.highlights.highlight import Highlight, HighlightState
from tldr_highlight_store.domain.highlights.run import Gap, Run
from tldr_streams.messages import failure_of, modality_message, modality_of, range_message
from tldr_streams.values import Failure

_STATE = {
    detections_pb2.DETECTION_STATE_PROVISIONAL: HighlightState.PROVISIONAL,
    detections_pb2.DETECTION_STATE_FINAL: HighlightState.FINAL,
}
_MESSAGE_STATE = {state: named for named, state in _STATE.items()}
_VERDICTS = {
    detections_pb2.VERDICT_ACCEPTED: Verdict.ACCEPTED,
    detections_pb2.VERDICT_REJECTED: Verdict.REJECTED,
}
_UNSAID = Failure("detection_failed", "Detection failed and did not say why. Retry the stream.")
_OWN = {"stream_id", "run_id", "highlight_id", "revision", "state", "range", "peak_ms", "missing", "rescore"}
"""What a highlight has fields of its own for, or names in another way; all else is kept and shown as it came."""


def highlight_of(message: detections_pb2.HighlightDetected) -> Highlight:
    """The highlight a message speaks of; KeyError for a state this version does not know."""
    return Highlight(
        id=HighlightId(message.highlight_id),
        stream=StreamId(message.stream_id),
        run=RunId(message.run_id),
        revision=message.revision,
        state=_STATE[message.state],
        start_ms=message.range.start_ms,
        end_ms=message.range.end_ms,
        peak_ms=message.peak_ms,
        details=_details(message),
        rescore=message.rescore,
    )


def detected(highlight: Highlight) -> detections_pb2.HighlightDetected:
    """The message that speaks of a highlight."""
    details = dict(highlight.told)
    missing = [modality_message(name) for name in details.pop("missing", ())]
    message = ParseDict(details, detections_pb2.HighlightDetected(), ignore_unknown_fields=True)
    message.MergeFrom(
        detections_pb2.HighlightDetected(
            stream_id=highlight.stream,
            run_id=highlight.run,
            highlight_id=highlight.id,
            revision=highlight.revision,
            state=_MESSAGE_STATE[highlight.state],
            range=range_message(highlight.start_ms, highlight.end_ms),
            peak_ms=highlight.peak_ms,
            missing=missing,
            rescore=highlight.rescore,
        )
    )
    return message


def _details(message: detections_pb2.HighlightDetected) -> dict[str, Any]:
    said = MessageToDict(message, preserving_proto_field_name=True, always_print_fields_with_no_presence=True)
    details = {name: value for name, value in said.items() if name not in _OWN}
    return {**details, "missing": [modality_of(modality) for modality in message.missing]}


def verdict_of(message: detections_pb2.HighlightJudged) -> Verdict | None:
    """What is said of a highlight; None where it was taken back."""
    return _VERDICTS.get(message.verdict)


def completed_run(message: detections_pb2.DetectionCompleted) -> Run:
    """The run that a completed detection ends."""
    return Run(
        id=RunId(message.run_id),
        stream=StreamId(message.stream_id),
        attempt=message.attempt,
        highlights=tuple(HighlightId(found) for found in message.highlight_ids),
        duration_ms=message.duration_ms,
        gaps=tuple(
            Gap(modality_of(gap.modality), gap.range.start_ms, gap.range.end_ms, gap.code, gap.reason)
            for gap in message.gaps
        ),
        rescore=message.rescore,
    )


def failed_run(message: detections_pb2.DetectionFailed) -> Run:
    """The run that a failed detection ends."""
    return Run(
        id=RunId(message.run_id),
        stream=StreamId(message.stream_id),
        attempt=message.attempt,
        failure=failure_of(message.failure) or _UNSAID,
        rescore=message.rescore,
    )
