"""What ingest and the gateway publish, in the words of the domain."""

from collections.abc import Iterable

from tldr.common.v1 import common_pb2
from tldr.ingestions.v1.ingestions_pb2 import SegmentStored
from tldr.streams.v1 import streams_pb2
from tldr_video_analysis.domain.figures.figures import Modality
from tldr_video_analysis.domain.segments.segment import Segment
from tldr_video_analysis.domain.streams.analysed_stream import Request
from tldr_video_analysis.domain.streams.gap import Gap

_MODALITIES = {common_pb2.MODALITY_VIDEO: Modality.VIDEO, common_pb2.MODALITY_AUDIO: Modality.AUDIO}


def request_of(requested: streams_pb2.StreamRequested) -> Request:
    """What of a request matters here."""
    live = requested.source.kind == streams_pb2.SOURCE_KIND_LIVE
    return Request(requested.priority, requested.profile.processing.thorough, live)


def segment_of(stored: SegmentStored) -> Segment:
    """The segment a message speaks of. Raises ValueError for one that cannot be."""
    if not 0 <= stored.range.start_ms < stored.range.end_ms:
        raise ValueError(f"segment {stored.index} has an impossible range")
    return Segment(
        index=stored.index,
        start_ms=stored.range.start_ms,
        end_ms=stored.range.end_ms,
        bucket=stored.object.bucket,
        key=stored.object.key,
        offset_ms=stored.offset_ms,
        decode_from=stored.decode_from,
        has_video=stored.has_video,
        has_audio=stored.has_audio,
    )


def modalities_of(values: Iterable[common_pb2.Modality]) -> tuple[Modality, ...]:
    """Picture and sound among them."""
    return tuple(_MODALITIES[value] for value in values if value in _MODALITIES)


def gap_of(gap: common_pb2.Gap) -> Gap | None:
    """A gap in picture or sound; one in something else is none of this service's."""
    modality = _MODALITIES.get(gap.modality)
    if modality is None or gap.range.start_ms >= gap.range.end_ms:
        return None
    return Gap(modality, gap.range.start_ms, gap.range.end_ms, gap.code, gap.reason)
