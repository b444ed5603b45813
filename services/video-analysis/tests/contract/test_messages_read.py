"""The golden messages of the services this one reads: translated to what they say, and taken by its handlers."""

from typing import Any

import pytest

from tldr.common.v1 import common_pb2
from tldr.streams.v1 import streams_pb2
from tldr_streams.messages import failure_of
from tldr_streams.values import Failure
from tldr_testing import golden
from tldr_video_analysis.adapters.streams.ingestions_protobuf import (
    gap_of,
    modalities_of,
    request_of,
    segment_of,
)
from tldr_video_analysis.domain.figures.figures import Modality
from tldr_video_analysis.domain.segments.segment import Segment
from tldr_video_analysis.domain.streams.analysed_stream import Request
from tldr_video_analysis.domain.streams.gap import MEDIA, Gap


def sample(topic: str, fact: str) -> Any:
    return getattr(golden(topic, fact), fact)


def test_a_segment_is_known_by_its_place_and_its_file() -> None:
    assert segment_of(sample("tldr.ingestions.v1", "segment_stored")) == Segment(
        index=3,
        start_ms=12_000,
        end_ms=16_000,
        bucket="org-0199c2c8f1007a118b2c3d4e5f607182",
        key="streams/str_0199c2c8f5a97c1e8d2f6b7a3e4d5c6b/segments/000003.mp4",
        offset_ms=12_000,
        decode_from=3,
        has_video=True,
        has_audio=True,
    )


def test_a_segment_without_a_length_is_refused() -> None:
    stored = sample("tldr.ingestions.v1", "segment_stored")
    stored.range.end_ms = stored.range.start_ms
    with pytest.raises(ValueError, match="impossible range"):
        segment_of(stored)


def test_a_source_says_what_it_has_and_what_it_lacks() -> None:
    assert modalities_of(sample("tldr.ingestions.v1", "started").modalities) == MEDIA
    assert gap_of(sample("tldr.ingestions.v1", "gap_found").gap) == Gap(
        Modality.VIDEO,
        170_000,
        180_000,
        "source_truncated",
        "The file ends before its header says it does.",
    )
    assert failure_of(sample("tldr.ingestions.v1", "ended").failure) is None


def test_gaps_in_chat_and_gaps_of_nothing_are_none_of_ours() -> None:
    gap = sample("tldr.ingestions.v1", "gap_found").gap
    gap.range.end_ms = gap.range.start_ms
    assert gap_of(gap) is None
    assert gap_of(common_pb2.Gap(modality=common_pb2.MODALITY_CHAT, range=common_pb2.TimeRange(end_ms=1))) is None


def test_a_request_says_how_and_how_soon() -> None:
    requested = sample("tldr.streams.v1", "requested")
    assert request_of(requested) == Request(priority=10, thorough=False, live=False)
    requested.profile.processing.thorough = True
    requested.source.kind = streams_pb2.SOURCE_KIND_LIVE
    assert request_of(requested) == Request(priority=10, thorough=True, live=True)


def test_a_failure_without_a_code_is_still_one() -> None:
    assert failure_of(common_pb2.Failure(reason="A sentence.")) == Failure("unknown", "A sentence.")
    assert failure_of(sample("tldr.streams.v1", "failed").failure) == Failure(
        "source_not_found", "The address answers 404. Check it and submit the stream again."
    )
