"""The golden messages of `tldr.highlights.v1` are what this service makes of values of its domain."""

import hashlib
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from tldr_contracts.ids import HighlightId
from tldr_highlight_store.adapters.highlights.announcements_outbox import OutboxAnnouncements
from tldr_highlight_store.adapters.highlights.detections_protobuf import completed_run, failed_run, highlight_of
from tldr_highlight_store.domain.highlights.highlight import ClipState, HighlightState
from tldr_highlight_store.domain.highlights.run import Settlement
from tldr_streams.values import Failure, StoredObject
from tldr_testing import KeepingOutbox

BUCKET = "tldr-org-0199c2c8f1007a118b2c3d4e5f607182"
STREAM = "str_0199c2c8f5a97c1e8d2f6b7a3e4d5c6b"
FOUND = HighlightId("hl_0199c2ca11227a4b8c5d6e7f80910213")
OTHER = HighlightId("hl_0199c2ca11227a4b8c5d6e7f80910224")
MISSING = Failure("segments_missing", "The part of the recording that it is to be cut from never arrived.")
STEM = f"streams/{STREAM}/highlights/{FOUND}/r2-1"


def said(sample: Callable[[str, str], Any]) -> dict[str, Any]:
    """The value of the domain behind each fact."""
    detected = highlight_of(sample("tldr.detections.v1", "detected").detected)
    clip = StoredObject(BUCKET, f"{STEM}.mp4", 4_700_000, hashlib.sha256(b"clip").digest(), "video/mp4")
    picture = StoredObject(BUCKET, f"{STEM}.jpg", 48_000, hashlib.sha256(b"thumbnail").digest(), "image/jpeg")
    run = completed_run(sample("tldr.detections.v1", "completed").completed)
    return {
        "detected": replace(detected, revision=1, state=HighlightState.PROVISIONAL),
        "revised": detected,
        "ready": replace(detected, cut=ClipState.READY, clip=clip, thumbnail=picture),
        "failed": replace(detected, cut=ClipState.FAILED, failure=MISSING),
        "withdrawn": replace(detected, id=OTHER, revision=3, state=HighlightState.RETRACTED),
        "settled": Settlement(run, ready=(FOUND,), failed=(OTHER,)),
    }


@pytest.mark.parametrize("fact", ["detected", "revised", "ready", "failed", "withdrawn", "settled"])
async def test_the_golden_message_is_produced(sample: Callable[[str, str], Any], fact: str) -> None:
    shelf = KeepingOutbox()
    tell = OutboxAnnouncements(shelf, None, "org_1", 37)  # type: ignore[arg-type]
    await getattr(tell, fact)(said(sample)[fact])
    (publication,) = shelf.publications
    assert publication.message == sample("tldr.highlights.v1", fact)
    assert (publication.organization, publication.subject, publication.lane) == ("org_1", STREAM, 37)
    assert shelf.closed == []


async def test_a_failed_run_is_settled_with_its_reason(sample: Callable[[str, str], Any]) -> None:
    shelf = KeepingOutbox()
    run = failed_run(sample("tldr.detections.v1", "failed").failed)
    tell = OutboxAnnouncements(shelf, None, "org_1", 37)  # type: ignore[arg-type]
    await tell.settled(Settlement(run, (), ()))
    settled = shelf.publications[0].message.settled  # type: ignore[attr-defined]
    assert (settled.outcome, settled.failure.code) == (2, "source_not_found")


async def test_the_golden_end_of_a_rescore_is_produced(sample: Callable[[str, str], Any]) -> None:
    shelf = KeepingOutbox()
    run = completed_run(sample("tldr.detections.v1", "rescore_completed").completed)
    tell = OutboxAnnouncements(shelf, None, "org_1", 37)  # type: ignore[arg-type]
    await tell.settled(Settlement(run, ready=(FOUND,), failed=(OTHER,)))
    assert shelf.publications[0].message == sample("tldr.highlights.v1", "rescore_settled")


async def test_a_highlight_of_a_rescore_says_so(sample: Callable[[str, str], Any]) -> None:
    shelf = KeepingOutbox()
    tell = OutboxAnnouncements(shelf, None, "org_1", 37)  # type: ignore[arg-type]
    await tell.ready(replace(said(sample)["ready"], rescore=True))
    assert shelf.publications[0].message.ready.highlight.rescore  # type: ignore[attr-defined]
