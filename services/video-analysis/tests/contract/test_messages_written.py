"""The golden messages of `tldr.video-signals.v1` are what this service makes of values of its domain."""

import numpy as np
import pytest
from google.protobuf import json_format

from tldr_bus import Publication
from tldr_contracts.ids import StreamId
from tldr_streams.values import Failure
from tldr_testing import KeepingOutbox, golden
from tldr_video_analysis.adapters.streams.announcements_outbox import OutboxAnnouncements
from tldr_video_analysis.domain.figures.figures import Modality, Span
from tldr_video_analysis.domain.streams.gap import MEDIA, Gap
from tldr_video_analysis.domain.streams.releasing import Ended, GapFound, Measured, Outcome

STREAM = StreamId("str_0199c2c8f5a97c1e8d2f6b7a3e4d5c6b")
OUTCOMES: dict[str, Outcome] = {
    "measured": Measured(
        first_second=12,
        series={
            "video.motion": np.array([3.5, 4.25, np.nan, 16.5], dtype=np.float32),
            "audio.loudness": np.array([-28.5, -27.25, -70.0, -19.5], dtype=np.float32),
        },
        cuts_ms=(13_280,),
        pauses=(Span(12_400, 12_900),),
        complete_until_ms=16_000,
        completeness=dict.fromkeys(MEDIA, 16_000),
    ),
    "gap_found": GapFound(
        Gap(Modality.VIDEO, 16_000, 20_000, "decode_failed", "The picture could not be decoded."), 20_000
    ),
    "ended": Ended(attempt=1, modalities=MEDIA, duration_ms=180_000, failure=None),
}


async def published(*outcomes: Outcome) -> list[Publication]:
    shelf = KeepingOutbox()
    await OutboxAnnouncements(shelf, None, "org_1", 37).publish(STREAM, outcomes)  # type: ignore[arg-type]
    return shelf.publications


@pytest.mark.parametrize("fact", OUTCOMES)
async def test_the_golden_message_is_produced(fact: str) -> None:
    (publication,) = await published(OUTCOMES[fact])
    wanted = json_format.MessageToDict(golden("tldr.video-signals.v1", fact))
    # NaN equals nothing, itself included; as JSON it is a word.
    assert json_format.MessageToDict(publication.message) == wanted
    assert (publication.organization, publication.subject, publication.lane) == ("org_1", STREAM, 37)


async def test_outcomes_are_published_in_their_order_and_a_bad_end_says_why() -> None:
    bad = Ended(2, (Modality.AUDIO,), 0, Failure("source_not_found", "The address answers 404."))
    publications = await published(OUTCOMES["gap_found"], OUTCOMES["measured"], bad)
    assert [one.message.WhichOneof("event") for one in publications] == ["gap_found", "measured", "ended"]
    said = json_format.MessageToDict(publications[-1].message)["ended"]
    assert said["failure"] == {"code": "source_not_found", "reason": "The address answers 404."}
    assert said["modalities"] == ["MODALITY_AUDIO"]


async def test_ten_minutes_in_one_message_stay_far_below_what_the_bus_takes() -> None:
    noise = np.random.default_rng(1).normal(size=(8, 600)).astype(np.float32)
    cuts = tuple(range(0, 600_000, 40))
    pauses = tuple(Span(at, at + 300) for at in range(0, 600_000, 600))
    long = Measured(
        40_000, {f"video.figure_{n}": values for n, values in enumerate(noise)}, cuts, pauses, 40_600_000, {}
    )
    (publication,) = await published(long)
    assert publication.message.ByteSize() < 500_000
