"""What a feed told, said line by line."""

from typing import Any

from tldrctl.live.followed import Followed

FIGURES: dict[str, Any] = {
    "id": "hl_1",
    "revision": 1,
    "state": "provisional",
    "start_ms": 61_000,
    "end_ms": 73_000,
    "peak_ms": 66_500,
    "score": 0.41,
    "title": "Crowd roars",
    "clip_path": None,
}


def live(**more: Any) -> dict[str, Any]:
    return {"state": "live", "at_ms": None, "wall_zero_ms": 1_000_000, "failure": None, **more}


def test_a_highlight_is_told_with_its_delay_behind_the_moment() -> None:
    followed = Followed()
    assert followed.take("state", live(), 1000.0) == "the stream is live"
    line = followed.take("highlight.detected", FIGURES, 1000 + 66.5 + 7.25)
    assert line == "  1:01.0-1:13.0    detected   Crowd roars (0.41, 7.2 s behind)"
    assert followed.delay_s("hl_1") == 7.25


def test_a_revision_replaces_the_figures_and_keeps_the_first_delay() -> None:
    followed = Followed(wall_zero_ms=1_000_000)
    followed.take("highlight.detected", FIGURES, 1070.0)
    later = {**FIGURES, "end_ms": 75_000, "clip_path": "/v1/highlights/hl_1/clip"}
    line = followed.take("highlight.ready", later, 1100.0)
    assert line == "  1:01.0-1:15.0    ready      Crowd roars (0.41)  /v1/highlights/hl_1/clip"
    assert followed.standing == [later]
    assert followed.delay_s("hl_1") == 3.5


def test_a_withdrawn_highlight_stands_no_longer_until_it_is_detected_again() -> None:
    followed = Followed()
    gone = {"id": "hl_1", "revision": 2}
    assert followed.take("highlight.withdrawn", gone, 1.0) is None
    followed.take("highlight.detected", FIGURES, 1.0)
    assert followed.take("highlight.withdrawn", gone, 2.0) == "  1:01.0-1:13.0    withdrawn  Crowd roars"
    assert followed.standing == []
    followed.take("highlight.detected", {**FIGURES, "revision": 3}, 3.0)
    assert len(followed.standing) == 1


def test_states_are_said_once_with_their_reason_and_end_the_feed() -> None:
    followed = Followed()
    why = {"code": "source_stalled", "reason": "The source gives nothing new."}
    told = live(state="interrupted", at_ms=90_000, failure=why)
    assert followed.take("state", told, 1.0) == "the stream is interrupted at 1:30.0: The source gives nothing new."
    assert followed.take("state", told, 2.0) is None
    assert not followed.over
    followed.take("state", live(state="completed"), 3.0)
    assert followed.over


def test_a_gap_is_said_with_its_range() -> None:
    followed = Followed()
    gap = {"modality": "video", "start_ms": 0, "end_ms": 4_000, "code": "advertisement", "reason": "Advertisements."}
    assert followed.take("gap", gap, 1.0) == "  0:00.0-0:04.0    gap        video: Advertisements."
    assert followed.gaps == [gap]
