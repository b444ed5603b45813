"""What a request to submit a stream may say, and what it means."""

from datetime import UTC, datetime
from typing import Any

import pytest
from pydantic import BaseModel, ValidationError

from tldr_gateway.domain.streams.source import site_at
from tldr_gateway.entrypoints.http.runs.runs import RescoreRequest
from tldr_gateway.entrypoints.http.streams.requests import ProcessingRequest, StreamRequest
from tldr_gateway.entrypoints.http.uploads.uploads import UploadRequest


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


@pytest.mark.parametrize(
    ("request_body", "field", "written"),
    [
        (ProcessingRequest, "min_length_ms", "2000"),
        (ProcessingRequest, "min_length_ms", True),
        (ProcessingRequest, "min_score", "0.5"),
        (ProcessingRequest, "thorough", "yes"),
        (ProcessingRequest, "thorough", 1),
        (UploadRequest, "size_bytes", "10"),
        (UploadRequest, "size_bytes", True),
        (RescoreRequest, "make_default", "true"),
    ],
)
def test_a_number_is_a_number_and_a_flag_a_flag(request_body: type[BaseModel], field: str, written: Any) -> None:
    with pytest.raises(ValidationError) as refused:
        request_body.model_validate({"file_name": "a.mp4", "content_type": "video/mp4", field: written})
    assert field in {place for error in refused.value.errors() for place in error["loc"]}


@pytest.mark.parametrize(
    ("url", "site"),
    [
        ("https://www.youtube-nocookie.com/embed/abc", "YouTube"),
        ("https://kick.com/somebody", "Kick"),
        ("https://m.twitch.tv./videos/1", "Twitch"),
        ("https://notkick.com/a.mp4", ""),
    ],
)
def test_pages_of_sites_are_told_from_files(url: str, site: str) -> None:
    assert site_at(url) == site
