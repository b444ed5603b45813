"""Errors, whoever prints them."""

import pickle

import httpx
import pytest

from tldr_outbound import DeadlineExceeded, OutboundError, SourceNotFound, SourceUnavailable
from tldr_outbound.exchange import as_outbound_error

URL = "http://user:pass_4711@media.example/list.m3u8?signature=sig_4711"
SHOWN = "http://media.example/list.m3u8?…"


@pytest.mark.parametrize(
    "error",
    [
        SourceNotFound(404, URL),
        SourceUnavailable(f"{URL} answered 503."),
        DeadlineExceeded(f"{URL} did not answer within 3 s."),
        as_outbound_error(httpx.ReadError("pass_4711 was not taken"), URL),
        as_outbound_error(httpx.TooManyRedirects("x"), URL),
    ],
)
def test_an_error_says_nothing_secret_of_the_address_it_is_about(error: OutboundError) -> None:
    for text in (str(error), repr(error), error.sentence, str(pickle.loads(pickle.dumps(error)))):
        assert SHOWN in text
        assert "4711" not in text
