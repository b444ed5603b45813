"""A live stream of which nothing was read."""

from typing import Any

import pytest
from tests.doubles.live_source import STREAM

from tldr_ingest.application.stream_record import Address, LiveSettings, Request, StreamRecord


@pytest.fixture
def live(work_on: Any) -> Any:
    """A live stream that was requested."""
    address = Address("https://example.com/a.m3u8")
    return work_on(StreamRecord(STREAM, request=Request(0, address, live=LiveSettings())))
