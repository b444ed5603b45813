"""What a request to submit a stream may say, and what it means."""

from datetime import UTC, datetime
from typing import Any

import pytest
from pydantic import ValidationError

from tldr_gateway.entrypoints.http.streams.requests import StreamRequest


def request(**chat: Any) -> StreamRequest:
    places = {"url": "https://example.com/chat.csv"}
    return StreamRequest.model_validate({"source": {"url": "https://example.com/a.mp4"}, "chat": {**places, **chat}})


@pytest.mark.parametrize("written", ["2026-01-31T20:15:00Z", "2026-01-31T21:15:00+01:00", "2026-01-31T20:15:00.000Z"])
def test_the_start_of_a_recording_is_a_date_with_its_zone(written: str) -> None:
    assert request(media_started_at=written).submission().media_started_at == datetime(2026, 1, 31, 20, 15, tzinfo=UTC)


@pytest.mark.parametrize("missing", [{}, {"media_started_at": None}])
def test_the_start_of_a_recording_need_not_be_given(missing: Any) -> None:
    assert request(**missing).submission().media_started_at is None


@pytest.mark.parametrize(
    "written",
    ["", "2026-01-31", "2026-01-31T20:15:00", "2026-02-30T20:15:00Z", "20:15", "1769889600", 1769889600, 0.5, True, []],
)
def test_a_start_that_could_mean_several_times_is_refused(written: Any) -> None:
    with pytest.raises(ValidationError, match="media_started_at"):
        request(media_started_at=written)
